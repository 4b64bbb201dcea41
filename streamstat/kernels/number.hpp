// JSON numbers as written: to int64 and double, right to the last bit.
#pragma once

#include "json_scan.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace streamstat::json {

// (-1)^negative * mantissa * 10^exponent, where digits beyond the 19th are left out of the mantissa; `dropped` tells if
// one of those was not zero.
struct Decimal {
  std::uint64_t mantissa = 0;
  std::int64_t exponent = 0;
  int digits = 0;  // significant digits in the mantissa
  bool negative = false;
  bool dropped = false;
  bool integral = true;  // written without fraction and exponent
};

// p at a minus or digit of a candidate number; validates like skip_number. Returns the first byte behind it.
inline const Byte *read_decimal(const Byte *p, Decimal &number, Failure &failure) {
  const Byte *const begin = p;
  const auto digit = [&](Byte c) {
    const unsigned d = c - '0';
    if (number.digits == 0 && d == 0) return false;
    if (number.digits < 19) {
      number.mantissa = number.mantissa * 10 + d;
      ++number.digits;
      return false;
    }
    number.dropped |= d != 0;
    return true;
  };
  number.negative = *p == '-';
  p += number.negative;
  if (!is_digit(*p)) return failure.set(Fault::bad_number, begin);
  if (*p == '0') ++p;
  else
    for (; is_digit(*p); ++p) number.exponent += digit(*p);
  if (is_digit(*p)) return failure.set(Fault::bad_number, begin);
  if (*p == '.') {
    number.integral = false;
    if (!is_digit(*++p)) return failure.set(Fault::bad_number, begin);
    for (; is_digit(*p); ++p) number.exponent -= !digit(*p);
  }
  if ((*p | 0x20) == 'e') {
    number.integral = false;
    ++p;
    const bool down = *p == '-';
    p += *p == '+' || *p == '-';
    if (!is_digit(*p)) return failure.set(Fault::bad_number, begin);
    std::int64_t exponent = 0;
    for (; is_digit(*p); ++p)
      if (exponent < 100'000'000) exponent = exponent * 10 + (*p - '0');
    number.exponent += down ? -exponent : exponent;
  }
  return p;
}

inline bool to_int64(const Decimal &number, std::int64_t &value) {
  constexpr std::uint64_t limit = std::uint64_t{1} << 63;
  if (!number.integral || number.exponent != 0 || number.mantissa > limit - !number.negative) return false;
  value = static_cast<std::int64_t>(number.negative ? 0 - number.mantissa : number.mantissa);
  return true;
}

// False if the value is beyond the range of double. [begin, end) is the spelling.
inline bool to_double(const Decimal &number, const Byte *begin, const Byte *end, double &value) {
  static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  // Clinger's exact case (How to Read Floating Point Numbers Accurately, 1990): both operands are exact.
  if (!number.dropped && number.mantissa <= (std::uint64_t{1} << 53) && number.exponent >= -22 &&
      number.exponent <= 22) {
    value = static_cast<double>(number.mantissa);
    value = number.exponent < 0 ? value / powers[-number.exponent] : value * powers[number.exponent];
    if (number.negative) value = -value;
    return true;
  }
  value = 0;
  if (number.mantissa != 0) {
    const auto [stop, error] =
        std::from_chars(reinterpret_cast<const char *>(begin), reinterpret_cast<const char *>(end), value);
    if (error == std::errc::result_out_of_range) {
      if (number.digits + number.exponent > 0) return false;
      value = 0;
    }
    if (std::isinf(value)) return false;
    if (value != 0) return true;
  }
  if (number.negative) value = -0.0;
  return true;
}

}  // namespace streamstat::json
