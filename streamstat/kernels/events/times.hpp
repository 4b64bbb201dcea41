// Times as people write them: ISO 8601 texts, what logs have besides, numbers of seconds to nanoseconds; to int64
// microseconds since the epoch, UTC. Digits beyond the microsecond are cut towards minus infinity.
#pragma once

#include "events/number.hpp"

namespace streamstat {

enum class TimeUnit : std::uint8_t { automatic, seconds, milliseconds, microseconds, nanoseconds };

// What became of a time; the values of the `kinds` column of a time field.
enum class TimeKind : std::uint8_t {
  missing = 0,
  zoned = 1,       // an instant
  local = 2,       // a text without a zone: wall-clock microseconds, read as UTC
  unreadable = 3,  // counts as missing
  yearless = 4,    // see time_of_any_year
};

struct Time {
  TimeKind kind;
  std::int64_t us;
};

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::int64_t kMinTimeUs = -62'135'596'800'000'000;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kMaxTimeUs = 253'402'300'799'999'999;  // 9999-12-31T23:59:59.999999Z

// Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
inline std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

inline bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

inline unsigned days_in_month(std::int64_t year, unsigned month) {
  static constexpr std::uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year));
}

inline Time in_range(TimeKind kind, std::int64_t us) {
  if (us < kMinTimeUs || us > kMaxTimeUs) return {TimeKind::unreadable, 0};
  return {kind, us};
}

// A time without a year travels as its wall-clock microseconds since the beginning of a leap year, times so many codes,
// plus a code: 0 where it has no zone, else the minutes that it is east of UTC, counted from kUtcCode.
constexpr unsigned kLeapYear = 2000;
constexpr std::int64_t kOffsetCodes = 4096, kUtcCode = 2048;

// wall: of kLeapYear, read as UTC.
inline Time time_of_any_year(std::int64_t wall_us, bool zoned, std::int64_t offset_us) {
  const std::int64_t in_year = wall_us - days_from_civil(kLeapYear, 1, 1) * kDayUs;
  return {TimeKind::yearless, in_year * kOffsetCodes + (zoned ? kUtcCode + offset_us / 60'000'000 : 0)};
}

Time time_from_integer(std::int64_t number, TimeUnit unit);
Time time_from_decimal(const Decimal &number, TimeUnit unit);

// [begin, end) is a text; 64 bytes behind it must be readable.
Time time_from_text(const Byte *begin, const Byte *end, TimeUnit unit);

}  // namespace streamstat
