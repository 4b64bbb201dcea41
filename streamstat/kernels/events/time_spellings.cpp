#include "events/time_spellings.hpp"

#include "events/time_scan.hpp"

namespace streamstat {

static void skip_spaces(const Byte *&p, const Byte *end) {
  while (p < end && *p == ' ') ++p;
}

static bool month_name(const Byte *&p, const Byte *end, TimeParts &parts) {
  const int index = name(p, end, kMonths);
  parts.month = static_cast<unsigned>(index + 1);
  return index >= 0;
}

// 10/Oct/2000:13:55:36 -0700
static Time access_log(const Byte *p, const Byte *end) {
  TimeParts parts;
  const bool sound = digits(p, end, 2, parts.day) && skip(p, end, '/') && month_name(p, end, parts) &&
                     skip(p, end, '/') && digits(p, end, 4, parts.year) && skip(p, end, ':') &&
                     clock_time(p, end, parts) && zone(p, end, parts) && p == end;
  return sound ? parts.time() : kUnreadable;
}

// 20001010T135536Z, with a fraction or not.
static Time basic(const Byte *p, const Byte *end) {
  TimeParts parts;
  if (!digits(p, end, 4, parts.year) || !digits(p, end, 2, parts.month) || !digits(p, end, 2, parts.day) ||
      p == end || (*p | 0x20) != 't')
    return kUnreadable;
  ++p;
  if (!digits(p, end, 2, parts.hour) || !digits(p, end, 2, parts.minute)) return kUnreadable;
  if (p < end && is_digit(*p)) {
    if (!digits(p, end, 2, parts.second)) return kUnreadable;
    if (p < end && (*p == '.' || *p == ',') && !fraction(++p, end, parts.us)) return kUnreadable;
  }
  return zone(p, end, parts) && p == end ? parts.time() : kUnreadable;
}

// The zones of RFC 2822 that are names; behind an offset there may be a comment, as in +0200 (CEST).
static bool mail_zone(const Byte *&p, const Byte *end, TimeParts &parts) {
  struct Named {
    std::string_view name;
    int hours;
  };
  static constexpr Named zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
                                    {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
  skip_spaces(p, end);
  if (!zone(p, end, parts)) return false;
  if (!parts.zoned && word(p, end, "UT")) parts.zoned = true;
  for (std::size_t i = 0; i < std::size(zones) && !parts.zoned; ++i) {
    if (!word(p, end, zones[i].name)) continue;
    parts.zoned = true;
    parts.offset_us = zones[i].hours * std::int64_t{3'600'000'000};
  }
  const Byte *comment = p;
  skip_spaces(comment, end);
  if (comment < end && *comment == '(' && end[-1] == ')') p = end;
  return p == end;
}

// [Mon, ]1 Jun 2026 08:00:03 GMT
static Time mail(const Byte *p, const Byte *end) {
  TimeParts parts;
  if (!is_digit(*p)) {
    if (name(p, end, kDays) < 0 || !skip(p, end, ',')) return kUnreadable;
    skip_spaces(p, end);
  }
  if (!some_digits(p, end, 2, parts.day) || !skip(p, end, ' ')) return kUnreadable;
  skip_spaces(p, end);
  if (!month_name(p, end, parts) || !skip(p, end, ' ') || !digits(p, end, 4, parts.year) || !skip(p, end, ' '))
    return kUnreadable;
  skip_spaces(p, end);
  return clock_time(p, end, parts) && mail_zone(p, end, parts) ? parts.time() : kUnreadable;
}

Time time_without_year(const Byte *p, const Byte *end) {
  TimeParts parts;
  parts.has_year = false;
  if (!month_name(p, end, parts) || !skip(p, end, ' ')) return kUnreadable;
  skip_spaces(p, end);
  const bool sound = some_digits(p, end, 2, parts.day) && skip(p, end, ' ') && clock_time(p, end, parts) && p == end;
  return sound ? parts.time() : kUnreadable;
}

Time time_from_log_spelling(const Byte *begin, const Byte *end) {
  if (end - begin < 11) return kUnreadable;  // none is shorter
  if (is_digit(*begin)) {
    if (begin[2] == '/') return access_log(begin, end);
    return is_digit(begin[2]) ? basic(begin, end) : mail(begin, end);
  }
  const Time time = time_without_year(begin, end);
  return time.kind == TimeKind::unreadable ? mail(begin, end) : time;
}

}  // namespace streamstat
