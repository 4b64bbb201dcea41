#include "text/spell.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace streamstat {

namespace {

char *put(char *out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char *put_two_digits(char *out, std::int64_t value) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}

std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0);
}

// d.ddde±xx as to_chars gives it, moved to the plain form that repr() uses from 1e-4 up to 1e16.
char *lay_out_plain(char *out, std::string_view digits, int exponent) {
  const auto count = static_cast<int>(digits.size());
  if (exponent < 0) {
    out = put(out, "0.");
    for (int i = exponent + 1; i < 0; ++i) *out++ = '0';
    return put(out, digits);
  }
  if (count > exponent + 1) {
    out = put(out, digits.substr(0, static_cast<std::size_t>(exponent) + 1));
    *out++ = '.';
    return put(out, digits.substr(static_cast<std::size_t>(exponent) + 1));
  }
  out = put(out, digits);
  for (int i = count; i <= exponent; ++i) *out++ = '0';
  return put(out, ".0");
}

struct Date {
  std::int64_t year;
  std::int64_t month;
  std::int64_t day;
};

// Proleptic Gregorian date of a day number. Years are counted from March, so that a leap day is the last
// day of its year and month lengths follow one line; 146,097 days are 400 years.
Date date_of(std::int64_t days_since_1970) {
  const std::int64_t days = days_since_1970 + 719'468;  // since 0000-03-01
  const std::int64_t era = floor_divide(days, 146'097);
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year_of_era = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * of_year + 2) / 153;
  const std::int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  return {year_of_era + era * 400 + (month <= 2), month, of_year - (153 * march_month + 2) / 5 + 1};
}

// Four digits; beyond them ISO 8601 asks for a sign.
char *put_year(char *out, std::int64_t year) {
  if (year < 0 || year > 9'999) *out++ = year < 0 ? '-' : '+';
  const std::int64_t size = year < 0 ? -year : year;
  for (std::int64_t limit = 1'000; limit > size && limit > 1; limit /= 10) *out++ = '0';
  return spell_integer(out, size);
}

}  // namespace

char *spell_integer(char *out, std::int64_t value) {
  return std::to_chars(out, out + kSpelledSize, value).ptr;
}

char *spell_double(char *out, double value) {
  if (!std::isfinite(value)) return put(out, std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
  if (std::signbit(value)) {
    *out++ = '-';
    value = -value;
  }
  if (value < 1e15 && value == std::trunc(value))
    return put(spell_integer(out, static_cast<std::int64_t>(value)), ".0");
  char form[32];
  const char *const end = std::to_chars(form, form + sizeof form, value, std::chars_format::scientific).ptr;
  const char *const mark = static_cast<const char *>(std::memchr(form, 'e', static_cast<std::size_t>(end - form)));
  int exponent = 0;
  std::from_chars(mark + (mark[1] == '+' ? 2 : 1), end, exponent);
  if (exponent < -4 || exponent >= 16) return put(out, {form, static_cast<std::size_t>(end - form)});
  auto count = static_cast<std::size_t>(mark - form);
  if (count > 1) std::memmove(form + 1, form + 2, --count - 1);  // close the gap the point leaves
  return lay_out_plain(out, {form, count}, exponent);
}

bool is_exactly(std::string_view digits, double value) {
  char exact[320];  // the largest double has 309 digits
  const auto written = std::to_chars(exact, exact + sizeof exact, value, std::chars_format::fixed, 0);
  return written.ec == std::errc() && digits == std::string_view(exact, written.ptr - exact);
}

void TimeSpeller::read_second(std::int64_t seconds) {
  const std::int64_t day = floor_divide(seconds, 86'400);
  if (day != day_) {
    const Date date = date_of(day);
    char *end = put_year(text_, date.year);
    *end++ = '-';
    end = put_two_digits(end, date.month);
    *end++ = '-';
    end = put_two_digits(end, date.day);
    *end++ = 'T';
    date_size_ = static_cast<std::size_t>(end - text_);
    day_ = day;
  }
  const std::int64_t of_day = seconds - day * 86'400;
  char *out = put_two_digits(text_ + date_size_, of_day / 3'600);
  *out++ = ':';
  out = put_two_digits(out, of_day / 60 % 60);
  *out++ = ':';
  put_two_digits(out, of_day % 60);
  second_ = seconds;
}

char *TimeSpeller::local(char *out, std::int64_t seconds, std::int64_t fraction) {
  if (seconds != second_) read_second(seconds);
  out = put(out, {text_, date_size_ + 8});
  if (fraction == 0) return out;
  *out++ = '.';
  out = put_two_digits(out, fraction / 10'000);
  out = put_two_digits(out, fraction / 100 % 100);
  out = put_two_digits(out, fraction % 100);
  while (out[-1] == '0') --out;
  return out;
}

// What is left of the second; not by way of its begin, which int64 need not hold.
static std::int64_t fraction_of(std::int64_t microseconds) {
  const std::int64_t left = microseconds % 1'000'000;
  return left < 0 ? left + 1'000'000 : left;
}

char *TimeSpeller::utc(char *out, std::int64_t microseconds) {
  const std::int64_t seconds = floor_divide(microseconds, 1'000'000);
  out = local(out, seconds, fraction_of(microseconds));
  *out++ = 'Z';
  return out;
}

char *TimeSpeller::with_offset(char *out, std::int64_t microseconds, std::int64_t offset_seconds) {
  if (offset_seconds < -kWidestUtcOffset || offset_seconds > kWidestUtcOffset)
    throw std::invalid_argument("utc_offset_seconds: further than two days from UTC");
  const std::int64_t seconds = floor_divide(microseconds, 1'000'000);
  out = local(out, seconds + offset_seconds, fraction_of(microseconds));
  *out++ = offset_seconds < 0 ? '-' : '+';
  const std::int64_t distance = offset_seconds < 0 ? -offset_seconds : offset_seconds;
  out = put_two_digits(out, distance / 3'600);
  *out++ = ':';
  out = put_two_digits(out, distance / 60 % 60);
  if (distance % 60 == 0) return out;
  *out++ = ':';  // local mean times of the nineteenth century
  return put_two_digits(out, distance % 60);
}

}  // namespace streamstat
