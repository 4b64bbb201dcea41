// Event times of a block in one pass where nothing about them is unusual, and the places of times on a grid.
#pragma once

#include <cstdint>
#include <span>

namespace streamstat {

// A time field of a block: microseconds, and of each whether it is an instant (1, as the decoder tells).
struct TimeColumn {
  std::span<const std::int64_t> us;
  std::span<const std::uint8_t> kinds;
};

// out = occurred + (received - sent). False, with `out` as good as unset, unless all are instants, nothing was sent before
// it occurred, and all that comes out lies in [lowest, highest].
bool correct_plain(const TimeColumn &occurred, const TimeColumn &sent, const TimeColumn &received, std::int64_t lowest,
                   std::int64_t highest, std::span<std::int64_t> out);

// out[i] = floor((times[i] - origin) / step), step > 0; cheap where neighbours have the same. cell_starts: origin + step
// times that.
void cell_starts(std::span<const std::int64_t> times, std::int64_t origin, std::int64_t step,
                 std::span<std::int64_t> out);
void quotients(std::span<const std::int64_t> times, std::int64_t origin, std::int64_t step,
               std::span<std::int64_t> out);

}  // namespace streamstat
