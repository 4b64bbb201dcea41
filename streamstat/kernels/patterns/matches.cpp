#include "patterns/matches.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace streamstat {

Matches Matches::ordered() const {
  std::vector<std::size_t> order(groups.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(starts[a], last_times[a], last_numbers[a]) < std::tuple(starts[b], last_times[b], last_numbers[b]);
  });
  Matches sorted;
  for (const std::size_t i : order) {
    sorted.groups.push_back(groups[i]);
    sorted.starts.push_back(starts[i]);
    sorted.ends.push_back(ends[i]);
    for (std::int64_t k = offsets[i]; k < offsets[i + 1]; ++k) {
      sorted.numbers.push_back(numbers[static_cast<std::size_t>(k)]);
      sorted.bits.push_back(bits[static_cast<std::size_t>(k)]);
    }
    sorted.offsets.push_back(static_cast<std::int64_t>(sorted.numbers.size()));
  }
  return sorted;
}

}  // namespace streamstat
