// Decimals that one 128-bit integer holds, to int64 or double in one rounding.
#pragma once

#include "readings/readings.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace streamstat {

__extension__ using Natural = unsigned __int128;

inline Reading finite(double value) { return std::isfinite(value) ? Reading::of(value) : Reading{}; }

// Writes the digits and returns the end; 40 bytes at most.
inline char *spell_natural(char *out, Natural value) {
  char digits[40];
  char *begin = digits + sizeof digits;
  do {
    *--begin = static_cast<char>('0' + static_cast<unsigned>(value % 10));
    value /= 10;
  } while (value != 0);
  const auto size = static_cast<std::size_t>(digits + sizeof digits - begin);
  std::memcpy(out, begin, size);
  return out + size;
}

// (-1)^negative * natural * 10^exponent, rounded once; null beyond double.
inline Reading double_value_of(Natural natural, std::int64_t exponent, bool negative) {
  char spelling[80];
  char *end = spell_natural(spelling, natural);
  *end++ = 'e';
  end = std::to_chars(end, spelling + sizeof spelling, exponent).ptr;
  double value = 0;
  const auto [stop, error] = std::from_chars(spelling, end, value);
  if (error != std::errc()) value = exponent > 0 && natural != 0 ? HUGE_VAL : 0;
  return finite(negative && value != 0 ? -value : value);
}

// The same, as an integer where it is one that fits int64.
inline Reading value_of(Natural natural, std::int64_t exponent, bool negative) {
  constexpr Natural limit = Natural{1} << 63;
  Natural whole = natural;
  std::int64_t left = natural == 0 ? 0 : exponent;
  for (; left < 0 && whole % 10 == 0; ++left) whole /= 10;
  for (; left > 0 && whole < limit; --left) whole *= 10;
  if (left != 0 || whole > limit - !negative) return double_value_of(natural, exponent, negative);
  const auto magnitude = static_cast<std::uint64_t>(whole);
  return {kind::integer, static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude)};
}

}  // namespace streamstat
