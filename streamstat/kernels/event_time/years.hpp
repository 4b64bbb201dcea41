// Years for times that have none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace streamstat {

// Gives each yearless time a year, in place, and a kind: zoned, local or unreadable. The first time of all is of `year`;
// of every other it is the year that brings it nearest to the one before it, of two as near the earlier. `last` is the
// time before the first of these, none if there was none; all times that can be read count.
void give_years(std::span<std::int64_t> times, std::span<std::uint8_t> kinds, std::int64_t year,
                std::optional<std::int64_t> &last);

}  // namespace streamstat
