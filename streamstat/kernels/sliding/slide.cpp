#include "sliding/slide.hpp"

#include <bit>
#include <stdexcept>
#include <string>

namespace streamstat::slide {

void Ranges::require_within(std::size_t n) const {
  require_size(lo.size(), hi.size(), "hi");
  bool ascending = lo.empty() || lo[0] >= 0;
  for (std::size_t row = 0; row < lo.size(); ++row) ascending &= lo[row] <= hi[row];
  for (std::size_t row = 1; row < lo.size(); ++row) ascending &= (lo[row - 1] <= lo[row]) & (hi[row - 1] <= hi[row]);
  if (!ascending) throw std::invalid_argument("lo, hi: not ranges that never go back");
  if (!hi.empty() && static_cast<std::uint64_t>(hi.back()) > n)
    throw std::invalid_argument("hi: " + std::to_string(hi.back()) + " is beyond the " + std::to_string(n) +
                                " events");
}

namespace {

std::size_t longest(const Ranges &ranges) {
  std::int64_t length = 0;
  for (std::size_t row = 0; row < ranges.size(); ++row) length = std::max(length, ranges.hi[row] - ranges.lo[row]);
  return static_cast<std::size_t>(length);
}

// Differences of running counts, of which a ring keeps as many as the longest range needs. Taking events back one by
// one would cost a branch that nobody can predict.
template <typename Holds>
std::vector<std::int64_t> count(const Ranges &ranges, Holds holds) {
  std::vector<std::int64_t> before(std::bit_ceil(longest(ranges) + 1));
  const std::size_t mask = before.size() - 1;
  std::vector<std::int64_t> result(ranges.size());
  std::int64_t held = 0;
  std::size_t end = 0;
  for (std::size_t row = 0; row < ranges.size(); ++row) {
    while (end < static_cast<std::size_t>(ranges.hi[row])) {
      held += holds(end);
      before[++end & mask] = held;
    }
    result[row] = held - before[static_cast<std::size_t>(ranges.lo[row]) & mask];
  }
  return result;
}

template <typename Holds>
std::vector<std::int64_t> count_taken(Taken taken, const Ranges &ranges, Holds holds) {
  if (!taken.flags) return count(ranges, holds);
  return count(ranges, [=](std::size_t i) { return (taken.flags[i] != 0) & holds(i); });
}

}  // namespace

std::vector<std::int64_t> counts(Taken taken, const Ranges &ranges) {
  if (taken.flags) return count(ranges, [=](std::size_t i) { return taken.flags[i] != 0; });
  std::vector<std::int64_t> result(ranges.size());
  for (std::size_t row = 0; row < ranges.size(); ++row) result[row] = ranges.hi[row] - ranges.lo[row];
  return result;
}

std::vector<std::int64_t> counts_nonnull(ByteSpan kinds, Taken taken, const Ranges &ranges) {
  return count_taken(taken, ranges, [=](std::size_t i) { return kinds[i] != kind::null; });
}

std::vector<std::int64_t> counts_true(ByteSpan flags, Taken taken, const Ranges &ranges) {
  return count_taken(taken, ranges, [=](std::size_t i) { return flags[i] != 0; });
}

std::vector<std::int64_t> first(ByteSpan kinds, Taken taken, const Ranges &ranges) {
  std::vector<std::int64_t> result(ranges.size());
  std::int64_t found = 0;  // no event of a range before it is one
  for (std::size_t row = 0; row < ranges.size(); ++row) {
    found = std::max(found, ranges.lo[row]);
    const auto is_none = [&](auto i) { return !taken[i] || kinds[i] == kind::null; };
    while (found < ranges.hi[row] && is_none(static_cast<std::size_t>(found))) ++found;
    result[row] = found < ranges.hi[row] ? found : -1;
  }
  return result;
}

std::vector<std::int64_t> last(ByteSpan kinds, Taken taken, const Ranges &ranges) {
  std::vector<std::int64_t> result(ranges.size());
  std::int64_t found = -1;
  const auto add = [&](std::size_t i) {
    if (taken[i] && kinds[i] != kind::null) found = static_cast<std::int64_t>(i);
  };
  sweep(ranges, add, [](std::size_t) {}, [&](std::size_t row) { result[row] = found < ranges.lo[row] ? -1 : found; });
  return result;
}

}  // namespace streamstat::slide
