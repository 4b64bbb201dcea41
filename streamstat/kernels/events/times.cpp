#include "events/times.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

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

// Reads exactly `width` digits; false if there are fewer.
static bool digits(const Byte *&p, const Byte *end, int width, unsigned &value) {
  if (end - p < width) return false;
  value = 0;
  for (int i = 0; i < width; ++i, ++p) {
    if (!is_digit(*p)) return false;
    value = value * 10 + (*p - '0');
  }
  return true;
}

// Up to six digits of a fraction count, the rest is cut.
static bool fraction(const Byte *&p, const Byte *end, std::int64_t &us) {
  if (p == end || !is_digit(*p)) return false;
  std::int64_t scale = 100'000;
  for (us = 0; p < end && is_digit(*p); ++p, scale /= 10) us += scale * (*p - '0');
  return true;
}

// Z, or +hh, +hhmm, +hh:mm. False if malformed; `zoned` tells if there was one.
static bool zone(const Byte *&p, const Byte *end, std::int64_t &offset_us, bool &zoned) {
  zoned = false;
  offset_us = 0;
  if (p == end) return true;
  if ((*p | 0x20) == 'z') {
    ++p;
    zoned = true;
    return true;
  }
  if (*p != '+' && *p != '-') return true;
  const bool negative = *p++ == '-';
  unsigned hours = 0, minutes = 0;
  if (!digits(p, end, 2, hours)) return false;
  if (p < end && (*p == ':' || is_digit(*p))) {
    p += *p == ':';
    if (!digits(p, end, 2, minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  offset_us = (hours * 60 + minutes) * std::int64_t{60'000'000};
  if (negative) offset_us = -offset_us;
  zoned = true;
  return true;
}

static bool iso_text(const Byte *p, const Byte *end, Time &time) {
  unsigned year, month, day, hour = 0, minute = 0, second = 0;
  std::int64_t us = 0, offset_us = 0;
  bool zoned;
  if (!digits(p, end, 4, year) || p == end || *p++ != '-' || !digits(p, end, 2, month) || p == end || *p++ != '-' ||
      !digits(p, end, 2, day))
    return false;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return false;
  if (p < end && ((*p | 0x20) == 't' || *p == ' ')) {
    ++p;
    if (!digits(p, end, 2, hour) || p == end || *p++ != ':' || !digits(p, end, 2, minute)) return false;
    if (p < end && *p == ':') {
      ++p;
      if (!digits(p, end, 2, second)) return false;
      if (p < end && (*p == '.' || *p == ',')) {
        ++p;
        if (!fraction(p, end, us)) return false;
      }
    }
    if (hour > 23 || minute > 59 || second > 60) return false;
  }
  if (!zone(p, end, offset_us, zoned) || p != end) return false;
  us += days_from_civil(year, month, day) * kDayUs + (hour * 3600 + minute * 60 + second) * std::int64_t{1'000'000};
  time = in_range(zoned ? TimeKind::zoned : TimeKind::local, us - offset_us);
  return true;
}

Time time_from_text(const Byte *begin, const Byte *end, TimeUnit unit) {
  Time time{TimeKind::unreadable, 0};
  if (iso_text(begin, end, time)) return time;
  if (begin == end || (*begin != '-' && !is_digit(*begin))) return time;
  // The text's end need not look like the end of a number: copy it to where it does.
  if (end - begin > 400) return time;
  Byte copy[400 + kNumberReach] = {};
  std::copy(begin, end, copy);
  Decimal number;
  Failure failure;
  if (read_decimal(copy, number, failure) != copy + (end - begin)) return time;
  return time_from_decimal(number, unit);
}

// The directives that are shorthand for others.
static std::string expand(const std::string &pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      out += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
      case 'T': out += "%H:%M:%S"; break;
      case 'R': out += "%H:%M"; break;
      case 'F': out += "%Y-%m-%d"; break;
      case 'D': out += "%m/%d/%y"; break;
      default: out += {'%', pattern[i]};
    }
  }
  return out;
}

TimePattern::TimePattern(std::string pattern) : pattern_(expand(pattern)) {
  constexpr std::string_view known = "YymdeHIMSfpzbBhaAjsnt%";
  for (std::size_t i = 0; i < pattern_.size(); ++i) {
    if (pattern_[i] != '%') continue;
    if (++i == pattern_.size()) throw std::invalid_argument("ends in a lone %");
    if (known.find(pattern_[i]) == std::string_view::npos)
      throw std::invalid_argument(std::string("%") + pattern_[i] + " is not known");
  }
}

// Index of the English name that [p, end) starts with, in full or by its first three letters; -1 if none.
static int name(const Byte *&p, const Byte *end, const std::string_view *names, int count) {
  const auto matches = [&](std::string_view word) {
    if (static_cast<std::size_t>(end - p) < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
      if ((p[i] | 0x20) != (word[i] | 0x20)) return false;
    return true;
  };
  for (int i = 0; i < count; ++i) {
    if (!matches(names[i].substr(0, 3))) continue;
    p += matches(names[i]) ? names[i].size() : 3;
    return i;
  }
  return -1;
}

namespace {

constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
constexpr std::string_view kDays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

struct Parts {
  std::int64_t year = 1970, us = 0, offset_us = 0, epoch = 0;
  unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0, day_of_year = 0;
  int half = -1;  // 0 a.m., 1 p.m.
  bool zoned = false, has_epoch = false;
};

// One or more digits, at most `width`.
bool some_digits(const Byte *&p, const Byte *end, int width, unsigned &value) {
  if (p == end || !is_digit(*p)) return false;
  value = 0;
  for (int i = 0; i < width && p < end && is_digit(*p); ++i, ++p) value = value * 10 + (*p - '0');
  return true;
}

bool epoch_seconds(const Byte *&p, const Byte *end, Parts &parts) {
  const bool negative = p < end && *p == '-';
  p += negative;
  if (p == end || !is_digit(*p)) return false;
  std::int64_t seconds = 0;
  for (; p < end && is_digit(*p); ++p) {
    if (seconds > 1'000'000'000'000) return false;
    seconds = seconds * 10 + (*p - '0');
  }
  parts.epoch = negative ? -seconds : seconds;
  parts.has_epoch = true;
  return true;
}

bool directive(char code, const Byte *&p, const Byte *end, Parts &parts) {
  unsigned value;
  int index;
  switch (code) {
    case 'Y': return digits(p, end, 4, value) && (parts.year = value, true);
    case 'y': return digits(p, end, 2, value) && (parts.year = value + (value < 69 ? 2000 : 1900), true);
    case 'm': return some_digits(p, end, 2, parts.month);
    case 'd': case 'e':
      if (code == 'e' && p < end && *p == ' ') ++p;
      return some_digits(p, end, 2, parts.day);
    case 'H': case 'I': return some_digits(p, end, 2, parts.hour);
    case 'M': return some_digits(p, end, 2, parts.minute);
    case 'S': return some_digits(p, end, 2, parts.second);
    case 'j': return some_digits(p, end, 3, parts.day_of_year) && parts.day_of_year > 0;
    case 'f': return fraction(p, end, parts.us);
    case 's': return epoch_seconds(p, end, parts);
    case 'z': return zone(p, end, parts.offset_us, parts.zoned) && parts.zoned;
    case 'b': case 'B': case 'h':
      index = name(p, end, kMonths, 12);
      parts.month = static_cast<unsigned>(index + 1);
      return index >= 0;
    case 'a': case 'A': return name(p, end, kDays, 7) >= 0;
    case 'p':
      if (end - p < 2 || (p[1] | 0x20) != 'm' || ((*p | 0x20) != 'a' && (*p | 0x20) != 'p')) return false;
      parts.half = (*p | 0x20) == 'p';
      p += 2;
      return true;
    case '%': return p < end && *p++ == '%';
    default:  // n, t: any white space
      while (p < end && (*p == ' ' || *p == '\t' || *p == '\n')) ++p;
      return true;
  }
}

}  // namespace

Time TimePattern::parse(const Byte *p, const Byte *end) const {
  constexpr Time unreadable{TimeKind::unreadable, 0};
  Parts parts;
  for (std::size_t i = 0; i < pattern_.size(); ++i) {
    if (pattern_[i] == '%') {
      if (!directive(pattern_[++i], p, end, parts)) return unreadable;
    } else if (p == end || *p++ != static_cast<Byte>(pattern_[i])) {
      return unreadable;
    }
  }
  if (p != end) return unreadable;
  if (parts.half >= 0) {
    if (parts.hour < 1 || parts.hour > 12) return unreadable;
    parts.hour = parts.hour % 12 + 12 * static_cast<unsigned>(parts.half);
  }
  if (parts.has_epoch) return in_range(TimeKind::zoned, parts.epoch * 1'000'000 + parts.us);
  if (parts.year < 1 || parts.month < 1 || parts.month > 12 || parts.day < 1 ||
      parts.day > days_in_month(parts.year, parts.month) || parts.hour > 23 || parts.minute > 59 ||
      parts.second > 60 || parts.day_of_year > 365U + is_leap(parts.year))
    return unreadable;
  const std::int64_t days = parts.day_of_year ? days_from_civil(parts.year, 1, 1) + parts.day_of_year - 1
                                              : days_from_civil(parts.year, parts.month, parts.day);
  const std::int64_t seconds = parts.hour * 3600 + parts.minute * 60 + parts.second;
  return in_range(parts.zoned ? TimeKind::zoned : TimeKind::local,
                  days * kDayUs + seconds * 1'000'000 + parts.us - parts.offset_us);
}

}  // namespace streamstat
