#include "event_time/years.hpp"

#include "events/times.hpp"

#include <cstdlib>

namespace streamstat {

static std::int64_t floor_quotient(std::int64_t n, std::int64_t by) { return n / by - (n % by < 0); }

static std::int64_t year_of(std::int64_t us) {
  const std::int64_t day = floor_quotient(us, kDayUs);
  std::int64_t year = 1970 + floor_quotient(day * 400, 146'097);
  while (days_from_civil(year + 1, 1, 1) <= day) ++year;
  while (days_from_civil(year, 1, 1) > day) --year;
  return year;
}

// The time in this year; none if the year has no such day, or none at all.
static std::optional<Time> in_year(std::int64_t yearless, std::int64_t year) {
  constexpr std::int64_t leap_day = 59;
  const std::int64_t code = yearless % kOffsetCodes, since = yearless / kOffsetCodes;
  std::int64_t day = since / kDayUs;
  if (year < 1 || year > 9999 || (day == leap_day && !is_leap(year))) return std::nullopt;
  day -= day > leap_day && !is_leap(year);
  const std::int64_t wall = (days_from_civil(year, 1, 1) + day) * kDayUs + since % kDayUs;
  const Time time = code == 0 ? in_range(TimeKind::local, wall)
                              : in_range(TimeKind::zoned, wall - (code - kUtcCode) * 60'000'000);
  return time.kind == TimeKind::unreadable ? std::nullopt : std::optional(time);
}

static Time nearest(std::int64_t yearless, std::int64_t last) {
  constexpr std::int64_t half = 182 * kDayUs, farthest = 8;  // years between two leap days
  const std::int64_t year = year_of(last);
  if (const auto time = in_year(yearless, year); time && std::abs(time->us - last) <= half) return *time;
  Time best{TimeKind::unreadable, 0};
  for (std::int64_t other = year - farthest; other <= year + farthest; ++other) {
    const auto time = in_year(yearless, other);
    if (time && (best.kind == TimeKind::unreadable || std::abs(time->us - last) < std::abs(best.us - last)))
      best = *time;
  }
  return best;
}

void give_years(std::span<std::int64_t> times, std::span<std::uint8_t> kinds, std::int64_t year,
                std::optional<std::int64_t> &last) {
  constexpr auto yearless = static_cast<std::uint8_t>(TimeKind::yearless);
  constexpr auto zoned = static_cast<std::uint8_t>(TimeKind::zoned), local = static_cast<std::uint8_t>(TimeKind::local);
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (kinds[i] == yearless) {
      const Time time = last ? nearest(times[i], *last)
                             : in_year(times[i], year).value_or(Time{TimeKind::unreadable, 0});
      times[i] = time.us;
      kinds[i] = static_cast<std::uint8_t>(time.kind);
    }
    if (kinds[i] == zoned || kinds[i] == local) last = times[i];
  }
}

}  // namespace streamstat
