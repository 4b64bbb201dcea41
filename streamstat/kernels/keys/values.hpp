// Columns of JSON values, each known by its kind and its text: hashes, numbers, and the order of result rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/byte_strings.hpp"

namespace streamstat {

struct ValueColumn {
  std::span<const std::uint8_t> kinds;
  TextColumn texts;

  std::size_t size() const { return kinds.size(); }
};

// XXH64, seed 0: of a string's bytes; of 0xFF and the spelling for everything else but null, which has 0.
std::vector<std::uint64_t> hash_values(const ValueColumn &values);

// INTEGER and DOUBLE from their spelling: int64, or the bits of the double; 0 for the rest.
std::vector<std::int64_t> parse_numbers(const ValueColumn &values);

// Dense ranks in row order: numbers by value then spelling, text by its bytes, false, true, other JSON by its text,
// null. Equal values have equal ranks.
std::vector<std::int64_t> rank_values(const ValueColumn &values);

}  // namespace streamstat
