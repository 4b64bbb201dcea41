// The least, or greatest, number of sliding windows.
#include "sliding/slide.hpp"
#include "sliding/slide_queue.hpp"
#include "states/extreme_keys.hpp"

namespace streamstat::slide {

NumberColumn extremes(const Values &values, const Ranges &ranges, bool minimum) {
  const ByteSpan kinds = values.kinds;
  const Numbers numbers = values.numbers;
  const Taken taken = values.taken;
  const std::int64_t flip = extreme_flip(minimum);
  MonotoneQueue integers, reals;
  NumberColumn column;
  column.kinds.reserve(ranges.size());
  column.numbers.reserve(ranges.size());
  const auto add = [&](std::size_t i) {
    if (!taken[i]) return;
    with_key(
        kinds[i], numbers[i], flip, [&](std::int64_t key) { integers.push(key, i); },
        [&](std::int64_t key) { reals.push(key, i); });
  };
  const auto emit = [&](std::size_t row) {
    LeastKeys least;
    integers.expire(static_cast<std::size_t>(ranges.lo[row]));
    reals.expire(static_cast<std::size_t>(ranges.lo[row]));
    if (!integers.is_empty()) {
      least.integer = integers.least();
      least.has |= 1;
    }
    if (!reals.is_empty()) {
      least.real = reals.least();
      least.has |= 2;
    }
    push_extreme(column, least, flip);
  };
  sweep(ranges, add, [](std::size_t) {}, emit);
  return column;
}

}  // namespace streamstat::slide
