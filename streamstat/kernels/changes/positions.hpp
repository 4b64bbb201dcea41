// Positions in logs, as their texts spell them. `valid`: whether a row has one.
#pragma once

#include "base/byte_strings.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace streamstat {

struct Places {
  std::vector<std::uint64_t> high, low;
  std::vector<std::uint8_t> valid;

  explicit Places(std::size_t n) : high(n), low(n), valid(n) {}
};

// PostgreSQL's 0/153A670, in `low`.
Places lsns(const TextColumn &texts);

// ["24023119","24023128"], as one text: a commit, which may be null and then is before all others, and a row.
Places sequences(const TextColumn &texts);

// SQL Server's 00000027:00000758:0005.
Places hex_lsns(const TextColumn &texts);

// master.000006:800911, or a file alone, whose place is 0: the number at the end of the name of the file, and the place in
// it. `bases`: the names without their numbers.
struct LogPlaces {
  Places places;
  ByteStrings bases;
};
LogPlaces log_places(const TextColumn &texts, bool have_places);

// Rows of several numbers, the most weighty first, as bytes that compare as they do: eight of each, the highest first. Empty
// where a row is not known. Throws std::invalid_argument for columns of other lengths.
ByteStrings packed_numbers(std::span<const std::span<const std::uint64_t>> columns, std::span<const std::uint8_t> known);

}  // namespace streamstat
