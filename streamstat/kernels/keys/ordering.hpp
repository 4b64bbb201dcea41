// Stable orders of many integers, and the order and ranges of the events that trailing windows are read from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace streamstat::ordering {

using Numbers = std::span<const std::int64_t>;
using Keys = std::span<const std::int32_t>;
using Places = std::vector<std::int64_t>;

// The places of these numbers in ascending order; equal ones stay as they are.
Places stable_order(Numbers numbers);

// Events in the order of key, time and place. A row is a key and a time: the last event of row r is ends[r], and its
// window begins with event lo[r], the first one of the key within `size` before it.
struct Trail {
  Places order, ends, lo;
};

// The first `sorted` events are in order already; keys are not negative. Throws std::invalid_argument if sizes differ,
// a key or the size is negative, or there are fewer than `sorted` events.
Trail arrange(Keys keys, Numbers times, std::size_t sorted, std::int64_t size);

}  // namespace streamstat::ordering
