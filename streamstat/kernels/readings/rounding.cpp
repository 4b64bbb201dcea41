#include "readings/exact_decimal.hpp"
#include "readings/readings.hpp"

#include <string>

namespace streamstat {

Reading rounded(std::int64_t integer, int places) {
  if (places >= 0) return {kind::integer, integer};
  if (places < -19) return {kind::integer, 0};
  Natural unit = 1;
  for (int i = places; i < 0; ++i) unit *= 10;
  const bool negative = integer < 0;
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(integer) : static_cast<std::uint64_t>(integer);
  const Natural units = (Natural{magnitude} + unit / 2) / unit;
  return value_of(units * unit, 0, negative);
}

Reading rounded(double value, int places) {
  char form[40];
  const char *const end = std::to_chars(form, form + sizeof form, std::fabs(value), std::chars_format::scientific).ptr;
  const char *const mark = static_cast<const char *>(std::memchr(form, 'e', static_cast<std::size_t>(end - form)));
  int exponent = 0;
  std::from_chars(mark + (mark[1] == '+' ? 2 : 1), end, exponent);
  Natural digits = 0;  // value = digits * 10^-behind
  int behind = -exponent;
  for (const char *p = form; p < mark; ++p) {
    if (*p == '.') continue;
    digits = digits * 10 + static_cast<unsigned>(*p - '0');
    behind += p > form;
  }
  if (behind <= places) return Reading::of(value == 0 ? 0.0 : value);
  const int cut = behind - places;
  if (cut > 20) return Reading::of(0.0);
  Natural unit = 1;
  for (int i = 0; i < cut; ++i) unit *= 10;
  return double_value_of((digits + unit / 2) / unit, -places, value < 0);
}

}  // namespace streamstat
