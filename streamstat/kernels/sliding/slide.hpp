// sliding/ computes windows that end at every event, by adding and removing events. It keeps nothing between two calls
// and knows no keys: the events of all lie in one order. Begin here, then slide.cpp.
//
// Sliding windows: one result for each range of events, found from the one before by adding and removing events. Events
// lie in one order, ranges never go back, and no result depends on how they came about.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "states/slot_states.hpp"

namespace streamstat::slide {

using Numbers = std::span<const std::int64_t>;
using Hashes = std::span<const std::uint64_t>;

// Row r is about the events [lo[r], hi[r]).
struct Ranges {
  Numbers lo, hi;

  std::size_t size() const { return lo.size(); }
  // Throws std::invalid_argument unless these are ranges of n events that never go back.
  void require_within(std::size_t n) const;
};

// The events for which the condition holds; no flags: all.
struct Taken {
  const std::uint8_t *flags = nullptr;

  bool operator[](std::size_t event) const { return !flags || flags[event] != 0; }
};

// Values as in batch.Values, of the events that are taken.
struct Values {
  ByteSpan kinds;
  Numbers numbers;
  Taken taken;
};

// Calls add and remove with events such that emit(row) finds exactly those of its range added. Events between two
// ranges are never touched.
template <typename Add, typename Remove, typename Emit>
void sweep(const Ranges &ranges, Add add, Remove remove, Emit emit) {
  std::size_t lo = 0, hi = 0;
  for (std::size_t row = 0; row < ranges.size(); ++row) {
    const auto from = static_cast<std::size_t>(ranges.lo[row]), to = static_cast<std::size_t>(ranges.hi[row]);
    for (const std::size_t stop = std::min(from, hi); lo < stop; ++lo) remove(lo);
    lo = from;
    for (hi = std::max(from, hi); hi < to; ++hi) add(hi);
    emit(row);
  }
}

// How many events there are, are not null, or have their flag set.
std::vector<std::int64_t> counts(Taken taken, const Ranges &ranges);
std::vector<std::int64_t> counts_nonnull(ByteSpan kinds, Taken taken, const Ranges &ranges);
std::vector<std::int64_t> counts_true(ByteSpan flags, Taken taken, const Ranges &ranges);

// The first and the last event that is not null; -1 if there is none.
std::vector<std::int64_t> first(ByteSpan kinds, Taken taken, const Ranges &ranges);
std::vector<std::int64_t> last(ByteSpan kinds, Taken taken, const Ranges &ranges);

// As ExactSums.
NumberColumn sums(const Values &values, const Ranges &ranges);
NumberColumn means(const Values &values, const Ranges &ranges);
NumberColumn ratios(const Values &values, const Ranges &ranges, Numbers divisors, std::int64_t scale);
NumberColumn variances(const Values &values, const Ranges &ranges);
NumberColumn deviations(const Values &values, const Ranges &ranges);

// As Extremes.
NumberColumn extremes(const Values &values, const Ranges &ranges, bool minimum);

// How many different hashes the events that are not null have.
std::vector<std::int64_t> distinct(Hashes hashes, ByteSpan kinds, Taken taken, const Ranges &ranges);

// Column k holds the value of quantile k for each row, one column behind the other.
struct QuantileColumns {
  std::vector<std::uint8_t> kinds;
  std::vector<double> values;
};

// As HdrStates, for the quantiles numerators[k] / denominators[k].
QuantileColumns quantiles(const Values &values, const Ranges &ranges, Hashes numerators, Hashes denominators);

}  // namespace streamstat::slide
