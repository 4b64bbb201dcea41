// JSON numbers as written: to int64 and double, right to the last bit.
#pragma once

#include "events/scan.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <system_error>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat {

inline constexpr std::uint64_t kPowersOfTen[] = {
    1ULL, 10ULL, 100ULL, 1000ULL, 10000ULL, 100000ULL, 1000000ULL, 10000000ULL, 100000000ULL, 1000000000ULL,
    10000000000ULL, 100000000000ULL, 1000000000000ULL, 10000000000000ULL, 100000000000000ULL, 1000000000000000ULL,
    10000000000000000ULL, 100000000000000000ULL, 1000000000000000000ULL, 10000000000000000000ULL};

// Bytes that must be readable from the first one of a number on, whatever they are.
inline constexpr std::size_t kNumberReach = 40;

// (-1)^negative * mantissa * 10^exponent, where digits beyond the 19th are left out of the mantissa; `dropped` tells if
// one of those was not zero.
struct Decimal {
  std::uint64_t mantissa = 0;
  std::int64_t exponent = 0;
  bool negative = false;
  bool dropped = false;
  bool integral = true;  // written without fraction and exponent

  // |number| < 10^magnitude, and not < 10^(magnitude-1); of a mantissa that is not zero.
  std::int64_t magnitude() const {
    int digits = 19;
    while (mantissa < kPowersOfTen[digits - 1]) --digits;
    return digits + exponent;
  }
};

// Which of 16 bytes are digits, the first one the lowest bit.
inline unsigned digits_at(const Byte *p) {
#if defined(__SSE2__)
  const __m128i x = _mm_sub_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p)), _mm_set1_epi8('0'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(9)), x)));
#else
  unsigned found = 0;
  for (unsigned i = 0; i < 16; ++i) found |= unsigned{is_digit(p[i])} << i;
  return found;
#endif
}

// How many digits stand at p, up to 16.
inline unsigned digit_run(const Byte *p) { return static_cast<unsigned>(std::countr_one(digits_at(p))); }

// The number that 1 to 8 digits at p spell; three multiplications join pairs, fours and eights of digits.
inline std::uint64_t up_to_eight_digits(const Byte *p, unsigned count) {
  std::uint64_t x;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&x, p, sizeof x);
  } else {
    x = 0;
    for (unsigned i = 0; i < 8; ++i) x |= std::uint64_t{p[i]} << 8 * i;
  }
  x = (x - 0x3030'3030'3030'3030U) << (64 - 8 * count);  // zeros in front; a borrow only comes from behind
  x = x * 10 + (x >> 8);
  const std::uint64_t odd = 0x0000'00FF'0000'00FFU;
  return ((x & odd) * 0x000F'4240'0000'0064U + (x >> 16 & odd) * 0x0000'2710'0000'0001U) >> 32;
}

inline std::uint64_t up_to_sixteen_digits(const Byte *p, unsigned count) {
  if (count <= 8) return up_to_eight_digits(p, count);
  return up_to_eight_digits(p, 8) * kPowersOfTen[count - 8] + up_to_eight_digits(p + 8, count - 8);
}

// A number of up to 15 digits before and after the point and 18 in all, without exponent, as nearly all are; null if it
// may be another, or none.
inline const Byte *read_short_decimal(const Byte *p, Decimal &number) {
  number.negative = *p == '-';
  p += number.negative;
  const unsigned whole = digit_run(p);
  if (whole == 0 || whole > 15 || (*p == '0' && whole > 1)) return nullptr;
  number.mantissa = up_to_sixteen_digits(p, whole);
  p += whole;
  if (*p == '.') {
    const unsigned fraction = digit_run(p + 1);
    if (fraction == 0 || fraction > 15 || whole + fraction > 18) return nullptr;
    number.mantissa = number.mantissa * kPowersOfTen[fraction] + up_to_sixteen_digits(p + 1, fraction);
    number.exponent = -static_cast<std::int64_t>(fraction);
    number.integral = false;
    p += 1 + fraction;
  }
  return (*p | 0x20) == 'e' ? nullptr : p;
}

// The rest of `read_decimal`, apart so that the compiler keeps what nearly all numbers need in registers.
[[gnu::noinline]] inline const Byte *read_any_decimal(const Byte *p, Decimal &number, Failure &failure) {
  number = {};
  const Byte *const begin = p;
  int digits = 0;  // significant ones in the mantissa
  const auto digit = [&](Byte c) {
    const unsigned d = c - '0';
    if (digits == 0 && d == 0) return false;
    if (digits < 19) {
      number.mantissa = number.mantissa * 10 + d;
      ++digits;
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

// p at a minus or digit of a candidate number, kNumberReach bytes readable; validates like skip_number. Returns the first
// byte behind it.
inline const Byte *read_decimal(const Byte *p, Decimal &number, Failure &failure) {
  const Byte *const end = read_short_decimal(p, number);
  return end ? end : read_any_decimal(p, number, failure);
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
      if (number.magnitude() > 0) return false;
      value = 0;
    }
    if (std::isinf(value)) return false;
    if (value != 0) return true;
  }
  if (number.negative) value = -0.0;
  return true;
}

}  // namespace streamstat
