// Some of many texts, in any order.
#pragma once

#include "base/byte_strings.hpp"

namespace streamstat {

// The texts at these rows. Throws std::out_of_range for a row that there is not.
ByteStrings texts_at(const TextColumn &texts, std::span<const std::int64_t> rows);

}  // namespace streamstat
