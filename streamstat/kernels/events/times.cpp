#include "events/times.hpp"

#include "events/time_scan.hpp"
#include "events/time_spellings.hpp"

#include <algorithm>

namespace streamstat {

static int unit_exponent(const Decimal &number, TimeUnit unit) {
  if (unit == TimeUnit::automatic) {
    const std::int64_t magnitude = number.mantissa == 0 ? 0 : number.magnitude();
    return magnitude <= 11 ? 6 : magnitude <= 14 ? 3 : magnitude <= 17 ? 0 : -3;
  }
  return unit == TimeUnit::seconds ? 6 : unit == TimeUnit::milliseconds ? 3 : unit == TimeUnit::microseconds ? 0 : -3;
}

static std::int64_t floor_thousandth(std::int64_t n) { return n / 1000 - (n % 1000 < 0); }

Time time_from_integer(std::int64_t number, TimeUnit unit) {
  constexpr std::int64_t e11 = 100'000'000'000, e14 = e11 * 1000, e17 = e14 * 1000;
  if (unit == TimeUnit::automatic) {
    const auto below = [number](std::int64_t bound) { return -bound < number && number < bound; };
    unit = below(e11)   ? TimeUnit::seconds
           : below(e14) ? TimeUnit::milliseconds
           : below(e17) ? TimeUnit::microseconds
                        : TimeUnit::nanoseconds;
  }
  if (unit == TimeUnit::nanoseconds) return in_range(TimeKind::zoned, floor_thousandth(number));
  const std::int64_t scale = unit == TimeUnit::seconds ? 1'000'000 : unit == TimeUnit::milliseconds ? 1000 : 1;
  std::int64_t us;
  if (__builtin_mul_overflow(number, scale, &us)) return {TimeKind::unreadable, 0};
  return in_range(TimeKind::zoned, us);
}

Time time_from_decimal(const Decimal &number, TimeUnit unit) {
  const std::int64_t exponent = number.exponent + unit_exponent(number, unit);
  std::uint64_t whole = number.mantissa;
  bool remainder = number.dropped;
  if (exponent >= 0) {
    if (whole != 0 && (exponent > 18 || whole > static_cast<std::uint64_t>(kMaxTimeUs) / kPowersOfTen[exponent]))
      return {TimeKind::unreadable, 0};
    if (whole != 0) whole *= kPowersOfTen[exponent];
  } else if (exponent < -19) {
    remainder |= whole != 0;
    whole = 0;
  } else {
    remainder |= whole % kPowersOfTen[-exponent] != 0;
    whole /= kPowersOfTen[-exponent];
  }
  if (whole > static_cast<std::uint64_t>(kMaxTimeUs)) return {TimeKind::unreadable, 0};
  const auto us = static_cast<std::int64_t>(whole);
  return in_range(TimeKind::zoned, number.negative ? -us - remainder : us);
}

// YYYY-MM-DD, or with slashes, and what may follow; false if it is another spelling.
static bool iso_text(const Byte *p, const Byte *end, Time &time) {
  TimeParts parts;
  if (end - p >= 19 && has_date_and_clock(p) && (p[10] == 'T' || p[10] == ' ')) [[likely]] {
    date_and_clock(p, parts);
    p += 19;
    if (p < end && (*p == '.' || *p == ',') && !fraction(++p, end, parts.us)) [[unlikely]] return false;
    if (!zone(p, end, parts) || p != end) [[unlikely]] return false;
    time = parts.time();
    return true;
  }
  if (!digits(p, end, 4, parts.year) || p == end) return false;
  const Byte separator = *p++;
  if ((separator != '-' && separator != '/') || !digits(p, end, 2, parts.month) || !skip(p, end, separator) ||
      !digits(p, end, 2, parts.day))
    return false;
  if (p < end && ((*p | 0x20) == 't' || *p == ' ') && !clock_time(++p, end, parts)) return false;
  if (!zone(p, end, parts) || p != end) return false;
  time = parts.time();
  return true;
}

Time time_from_text(const Byte *begin, const Byte *end, TimeUnit unit) {
  Time time{TimeKind::unreadable, 0};
  if (iso_text(begin, end, time)) return time;
  time = time_from_log_spelling(begin, end);
  if (time.kind != TimeKind::unreadable || begin == end || (*begin != '-' && !is_digit(*begin))) return time;
  // The text's end need not look like the end of a number: copy it to where it does.
  if (end - begin > 400) return time;
  Byte copy[400 + kNumberReach] = {};
  std::copy(begin, end, copy);
  Decimal number;
  Failure failure;
  if (read_decimal(copy, number, failure) != copy + (end - begin)) return time;
  return time_from_decimal(number, unit);
}

}  // namespace streamstat
