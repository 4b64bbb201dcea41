#include "events/time_pattern.hpp"

#include "events/time_scan.hpp"

#include <stdexcept>

namespace streamstat {

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
  constexpr std::string_view known = "YymdeHIMSfpzZbBhaAjsnt%", tells_year = "Yys";
  bool counts_days = false;
  for (std::size_t i = 0; i < pattern_.size(); ++i) {
    if (pattern_[i] != '%') continue;
    if (++i == pattern_.size()) throw std::invalid_argument("ends in a lone %");
    if (known.find(pattern_[i]) == std::string_view::npos)
      throw std::invalid_argument(std::string("%") + pattern_[i] + " is not known");
    has_year_ |= tells_year.find(pattern_[i]) != std::string_view::npos;
    counts_days |= pattern_[i] == 'j';
  }
  if (counts_days && !has_year_) throw std::invalid_argument("%j means nothing without %Y");
}

std::int64_t ZoneName::offset_at(std::int64_t wall_us) const {
  std::size_t i = offsets.size() - 1;
  while (i > 0 && wall_us - offsets[i].second < offsets[i].first) --i;
  return offsets[i].second;
}

namespace {

struct PatternParts : TimeParts {
  std::int64_t epoch = 0;
  unsigned day_of_year = 0;
  int half = -1;  // 0 a.m., 1 p.m.
  bool has_epoch = false;
  const ZoneName *zone_name = nullptr;
};

bool epoch_seconds(const Byte *&p, const Byte *end, PatternParts &parts) {
  const bool negative = p < end && *p == '-';
  p += negative;
  if (p == end || !is_digit(*p)) return false;
  std::int64_t seconds = 0;
  for (; p < end && is_digit(*p); ++p) {
    if (seconds > 100'000'000'000) return false;  // far beyond the calendar, and its microseconds fit
    seconds = seconds * 10 + (*p - '0');
  }
  parts.epoch = negative ? -seconds : seconds;
  parts.has_epoch = true;
  return true;
}

bool offset(const Byte *&p, const Byte *end, PatternParts &parts) {
  if (p < end && (*p | 0x20) == 'z') {
    ++p;
    parts.zoned = true;
    return true;
  }
  return numeric_zone(p, end, parts) && parts.zoned;
}

// UTC, GMT or a name of the zone of texts.
bool zone_name(const Byte *&p, const Byte *end, const std::vector<ZoneName> &zones, PatternParts &parts) {
  for (const ZoneName &zone : zones) {
    if (!word(p, end, zone.name)) continue;
    parts.zone_name = &zone;
    parts.zoned = true;
    return true;
  }
  return parts.zoned = word(p, end, "UTC") || word(p, end, "GMT");
}

bool half_day(const Byte *&p, const Byte *end, PatternParts &parts) {
  if (end - p < 2 || (p[1] | 0x20) != 'm' || ((*p | 0x20) != 'a' && (*p | 0x20) != 'p')) return false;
  parts.half = (*p | 0x20) == 'p';
  p += 2;
  return true;
}

bool directive(char code, const Byte *&p, const Byte *end, const std::vector<ZoneName> &zones, PatternParts &parts) {
  int index;
  switch (code) {
    case 'Y': return digits(p, end, 4, parts.year);
    case 'y':
      if (!digits(p, end, 2, parts.year)) return false;
      parts.year += parts.year < 69 ? 2000 : 1900;
      return true;
    case 'm': return some_digits(p, end, 2, parts.month);
    case 'd': case 'e': return skip(p, end, ' '), some_digits(p, end, 2, parts.day);
    case 'H': case 'I': return some_digits(p, end, 2, parts.hour);
    case 'M': return some_digits(p, end, 2, parts.minute);
    case 'S': return some_digits(p, end, 2, parts.second);
    case 'j': return some_digits(p, end, 3, parts.day_of_year) && parts.day_of_year > 0;
    case 'f': return fraction(p, end, parts.us);
    case 's': return epoch_seconds(p, end, parts);
    case 'z': return offset(p, end, parts);
    case 'Z': return zone_name(p, end, zones, parts);
    case 'b': case 'B': case 'h':
      index = name(p, end, kMonths);
      parts.month = static_cast<unsigned>(index + 1);
      return index >= 0;
    case 'a': case 'A': return name(p, end, kDays) >= 0;
    case 'p': return half_day(p, end, parts);
    case '%': return skip(p, end, '%');
    default:  // n, t: any white space
      while (p < end && (*p == ' ' || *p == '\t' || *p == '\n')) ++p;
      return true;
  }
}

Time time_of(PatternParts &parts) {
  if (parts.half >= 0) {
    if (parts.hour < 1 || parts.hour > 12) return kUnreadable;
    parts.hour = parts.hour % 12 + 12 * static_cast<unsigned>(parts.half);
  }
  if (parts.has_epoch) return in_range(TimeKind::zoned, parts.epoch * 1'000'000 + parts.us);
  if (parts.day_of_year) {
    if (parts.day_of_year > 365U + is_leap(parts.year)) return kUnreadable;
    parts.month = 1;
    for (parts.day = parts.day_of_year; parts.day > days_in_month(parts.year, parts.month); ++parts.month)
      parts.day -= days_in_month(parts.year, parts.month);
  }
  if (parts.zone_name) {
    TimeParts wall = parts;
    wall.zoned = false, wall.offset_us = 0;
    parts.offset_us = parts.zone_name->offset_at(wall.time().us);
  }
  return parts.time();
}

}  // namespace

Time TimePattern::parse(const Byte *p, const Byte *end, const std::vector<ZoneName> &zones) const {
  PatternParts parts;
  parts.has_year = has_year_;
  for (std::size_t i = 0; i < pattern_.size(); ++i) {
    if (pattern_[i] == '%') {
      if (!directive(pattern_[++i], p, end, zones, parts)) return kUnreadable;
    } else if (!skip(p, end, static_cast<Byte>(pattern_[i]))) {
      return kUnreadable;
    }
  }
  return p == end ? time_of(parts) : kUnreadable;
}

}  // namespace streamstat
