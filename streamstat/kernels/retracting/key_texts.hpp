// Values as byte strings that compare as rows of a report do: numbers by value, then by spelling; texts; false; true;
// other JSON; null. Those of several columns stand behind one another.
#pragma once

#include <cstdint>
#include <span>

#include "base/byte_strings.hpp"

namespace streamstat::retracting {

// What stands in `before` (none where it has no offsets), and behind it that of each value.
ByteStrings key_texts(std::span<const std::uint8_t> kinds, const TextColumn &texts, const TextColumn *before);

}  // namespace streamstat::retracting
