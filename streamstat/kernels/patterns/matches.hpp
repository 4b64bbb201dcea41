// What a table of patterns gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace streamstat {

// Matches, one a row, ordered by start and by last event; events [offsets[i], offsets[i + 1]) are those of match i.
struct Matches {
  std::vector<std::int32_t> groups;
  std::vector<std::int64_t> starts, ends, last_times, last_numbers;
  std::vector<std::int64_t> offsets{0}, numbers;
  std::vector<std::uint8_t> bits;

  Matches ordered() const;
};

}  // namespace streamstat
