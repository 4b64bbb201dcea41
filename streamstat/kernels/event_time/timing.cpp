#include "event_time/timing.hpp"

#include <cstddef>

namespace streamstat {

bool correct_plain(const TimeColumn &occurred, const TimeColumn &sent, const TimeColumn &received, std::int64_t lowest,
                   std::int64_t highest, std::span<std::int64_t> out) {
  constexpr std::uint8_t instant = 1;
  bool plain = true;
  for (std::size_t i = 0; i < out.size(); ++i)
    plain &= (occurred.kinds[i] == instant) & (sent.kinds[i] == instant) & (received.kinds[i] == instant);
  if (!plain) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    // Times are in years 1 to 9999, so that nothing overflows.
    const std::int64_t time = occurred.us[i] + (received.us[i] - sent.us[i]);
    plain &= (sent.us[i] >= occurred.us[i]) & (time >= lowest) & (time <= highest);
    out[i] = time;
  }
  return plain;
}

// give(i, quotient, origin + quotient * step) for each time.
template <typename Give>
static void each_cell(std::span<const std::int64_t> times, std::int64_t origin, std::int64_t step, Give &&give) {
  std::int64_t quotient = 0, start = origin;  // of the time before
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::uint64_t behind = static_cast<std::uint64_t>(times[i]) - static_cast<std::uint64_t>(start);
    if (behind >= static_cast<std::uint64_t>(step)) {
      const std::int64_t distance = times[i] - origin;
      quotient = distance / step - (distance % step < 0);
      start = origin + quotient * step;
    }
    give(i, quotient, start);
  }
}

void cell_starts(std::span<const std::int64_t> times, std::int64_t origin, std::int64_t step,
                 std::span<std::int64_t> out) {
  each_cell(times, origin, step, [&](std::size_t i, std::int64_t, std::int64_t start) { out[i] = start; });
}

void quotients(std::span<const std::int64_t> times, std::int64_t origin, std::int64_t step,
               std::span<std::int64_t> out) {
  each_cell(times, origin, step, [&](std::size_t i, std::int64_t quotient, std::int64_t) { out[i] = quotient; });
}

}  // namespace streamstat
