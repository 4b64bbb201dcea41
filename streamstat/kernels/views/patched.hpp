// A row with some of its columns changed.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace streamstat {

// Writes the members of a row with those of a patch laid over them: in the order of the row, new ones at the end, all spelt as
// they were. What is no object has no members.
void patched(std::string_view row, std::string_view patch, std::vector<std::uint8_t> &out);

}  // namespace streamstat
