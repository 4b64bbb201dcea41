// What the spellings of times have in common: digits, names, zones, and the parts that make a time.
#pragma once

#include "events/times.hpp"

#include <algorithm>
#include <string_view>

namespace streamstat {

constexpr Time kUnreadable{TimeKind::unreadable, 0};

// Reads exactly `width` digits; false if there are fewer.
inline bool digits(const Byte *&p, const Byte *end, int width, unsigned &value) {
  if (end - p < width) return false;
  value = 0;
  for (int i = 0; i < width; ++i, ++p) {
    if (!is_digit(*p)) return false;
    value = value * 10 + (*p - '0');
  }
  return true;
}

// One or more digits, at most `width`.
inline bool some_digits(const Byte *&p, const Byte *end, int width, unsigned &value) {
  if (p == end || !is_digit(*p)) return false;
  value = 0;
  for (int i = 0; i < width && p < end && is_digit(*p); ++i, ++p) value = value * 10 + (*p - '0');
  return true;
}

// Up to six digits of a fraction count, the rest is cut.
inline bool fraction(const Byte *&p, const Byte *end, std::int64_t &us) {
  const auto run = std::min<std::ptrdiff_t>(digit_run(p), end - p);
  if (run <= 0) return false;
  const auto counting = static_cast<unsigned>(std::min<std::ptrdiff_t>(run, 6));
  us = static_cast<std::int64_t>(up_to_eight_digits(p, counting) * kPowersOfTen[6 - counting]);
  for (p += run; p < end && is_digit(*p); ++p) {}
  return true;
}

inline bool skip(const Byte *&p, const Byte *end, Byte expected) {
  if (p == end || *p != expected) return false;
  ++p;
  return true;
}

// Whether these letters stand at p, in either case.
inline bool word(const Byte *&p, const Byte *end, std::string_view letters) {
  if (static_cast<std::size_t>(end - p) < letters.size()) return false;
  for (std::size_t i = 0; i < letters.size(); ++i)
    if ((p[i] | 0x20) != (letters[i] | 0x20)) return false;
  p += letters.size();
  return true;
}

inline constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                               "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::string_view kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                             "Thursday", "Friday", "Saturday"};

// Index of the English name that [p, end) starts with, in full or by its first three letters; -1 if none.
template <std::size_t Count>
int name(const Byte *&p, const Byte *end, const std::string_view (&names)[Count]) {
  for (std::size_t i = 0; i < Count; ++i) {
    if (word(p, end, names[i])) return static_cast<int>(i);
    if (word(p, end, names[i].substr(0, 3))) return static_cast<int>(i);
  }
  return -1;
}

// What a spelling tells of a time.
struct TimeParts {
  std::int64_t us = 0, offset_us = 0;
  unsigned year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  bool zoned = false, has_year = true;

  // Unreadable if there is no such day or moment.
  Time time() const {
    const unsigned among = has_year ? year : kLeapYear;
    if (among < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(among, month) || hour > 23 ||
        minute > 59 || second > 60) [[unlikely]]
      return kUnreadable;
    const std::int64_t in_day = us + (hour * 3600 + minute * 60 + second) * std::int64_t{1'000'000};
    const std::int64_t wall = days_from_civil(among, month, day) * kDayUs + in_day;
    if (!has_year) return time_of_any_year(wall, zoned, offset_us);
    return in_range(zoned ? TimeKind::zoned : TimeKind::local, wall - offset_us);
  }
};

// +hh, +hhmm or +hh:mm. False if malformed; nothing is read where there is no sign.
inline bool numeric_zone(const Byte *&p, const Byte *end, TimeParts &parts) {
  if (p == end || (*p != '+' && *p != '-')) return true;
  const bool negative = *p++ == '-';
  unsigned hours = 0, minutes = 0;
  if (!digits(p, end, 2, hours)) return false;
  if (p < end && (*p == ':' || is_digit(*p))) {
    p += *p == ':';
    if (!digits(p, end, 2, minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  parts.offset_us = (hours * 60 + minutes) * std::int64_t{60'000'000};
  if (negative) parts.offset_us = -parts.offset_us;
  parts.zoned = true;
  return true;
}

// Whether 0000-00-00?00:00:00 stands at p, 0 for any digit and ? for anything, or so with slashes; 32 bytes from there on
// are readable.
inline bool has_date_and_clock(const Byte *p) {
  constexpr unsigned date = 0b1101101101101111, seconds = 0b110;
  return (digits_at(p) & date) == date && (digits_at(p + 16) & seconds) == seconds && (p[4] == '-' || p[4] == '/') &&
         p[7] == p[4] && p[13] == ':' && p[16] == ':';
}

// The parts of a text that has them.
inline void date_and_clock(const Byte *p, TimeParts &parts) {
  const auto two = [p](int at) { return (p[at] - 48U) * 10 + (p[at + 1] - 48U); };
  parts.year = two(0) * 100 + two(2), parts.month = two(5), parts.day = two(8);
  parts.hour = two(11), parts.minute = two(14), parts.second = two(17);
}

// hh:mm[:ss[(.|,)f...]]
inline bool clock_time(const Byte *&p, const Byte *end, TimeParts &parts) {
  if (!digits(p, end, 2, parts.hour) || !skip(p, end, ':') || !digits(p, end, 2, parts.minute)) return false;
  if (!skip(p, end, ':')) return true;
  if (!digits(p, end, 2, parts.second)) return false;
  if (p == end || (*p != '.' && *p != ',')) return true;
  return fraction(++p, end, parts.us);
}

// Z, UTC or GMT, or an offset; a space may stand before it, and behind an offset of zero Z or UTC once more. False if
// malformed; nothing is read where there is none.
inline bool zone(const Byte *&p, const Byte *end, TimeParts &parts) {
  if (p == end) return true;
  const auto utc = [&] {
    const Byte *at = p;
    at += *at == ' ';
    if (at == end || !(word(at, end, "Z") || word(at, end, "UTC") || word(at, end, "GMT"))) return false;
    p = at;
    return true;
  };
  if ((*p | 0x20) == 'z') {
    ++p;
    parts.zoned = true;
    return true;
  }
  if (*p == ' ' && end - p > 1 && (p[1] == '+' || p[1] == '-')) ++p;
  if (*p != '+' && *p != '-') {
    parts.zoned = utc();
    return true;
  }
  if (!numeric_zone(p, end, parts)) return false;
  if (p < end && parts.offset_us == 0) utc();
  return true;
}

}  // namespace streamstat
