// Sums and differences of times, which are int64 with both ends for the infinities.
#pragma once

#include <algorithm>
#include <cstdint>

#include "event_time/watermark.hpp"

namespace streamstat {

// A distance with which no sum is finite, and no difference either.
constexpr std::uint64_t kEndless = ~std::uint64_t{0} - 1;

// Differences of times do not fit int64; those from the earliest of all do fit uint64.
inline std::uint64_t from_earliest(std::int64_t time) {
  return static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(kMinusInfinity);
}
inline std::int64_t after_earliest(std::uint64_t microseconds) {
  return static_cast<std::int64_t>(microseconds + static_cast<std::uint64_t>(kMinusInfinity));
}

// Plus infinity lies after every time, so a sum beyond int64 is the last finite time.
inline std::int64_t later(std::int64_t time, std::uint64_t microseconds) {
  const std::uint64_t most = from_earliest(kPlusInfinity - 1);
  const std::uint64_t from = from_earliest(time);
  return after_earliest(from > most || microseconds > most - from ? most : from + microseconds);
}

// A difference below int64 is the earliest time.
inline std::int64_t earlier(std::int64_t time, std::uint64_t microseconds) {
  return after_earliest(from_earliest(time) - std::min(from_earliest(time), microseconds));
}

}  // namespace streamstat
