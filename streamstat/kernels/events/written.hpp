// Events as they were written: of each row one JSON object, on one line.
#pragma once

#include "base/byte_strings.hpp"
#include "events/columns.hpp"

#include <span>
#include <string_view>

namespace streamstat {

// A text without the white space around it.
std::string_view without_space_around(std::string_view text);

// What stands between the braces of an object, without white space around it.
std::string_view within_braces(std::string_view object);

// The events of these rows; `block` is what was decoded. std::invalid_argument if it was another, if there is no such row,
// and if what events were written as was not asked for.
ByteStrings written(const Decoded &decoded, std::span<const Byte> block, std::span<const std::int64_t> rows);

}  // namespace streamstat
