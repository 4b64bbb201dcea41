// A row changed by steps, each of which may lie deep in it: [["=",["a","city"],"Bergen"],["-",["b"]],["<",["tags"],2]] sets a value,
// takes a member away, cuts an array to so many elements. A name that is a number leads into an array where there is one.
#pragma once

#include "base/byte_strings.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace streamstat {

// Writes the row behind what is in `out`: members in their order, new ones at the end, spelt as they were. An empty row is
// one without members. False, and nothing written, if this is no row or these are no steps.
bool edited(std::string_view row, std::string_view steps, std::vector<std::uint8_t> &out);

ByteStrings rows_edited(const TextColumn &rows, const TextColumn &steps);

}  // namespace streamstat
