// Adding one number, or taking it back (adds = false), exactly: to the near total if it fits, else to the wide one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "states/exact_fixed.hpp"

namespace streamstat::exact {

constexpr std::uint64_t kImplicitBit = std::uint64_t{1} << 52;

// A finite double is mantissa·2^exponent with an integer mantissa below 2^53.
struct Parts {
  std::uint64_t mantissa;
  int exponent;
  bool negative;
};

inline Parts parts(std::int64_t bits) {
  const int biased = static_cast<int>(bits >> 52) & 0x7ff;
  const std::uint64_t fraction = static_cast<std::uint64_t>(bits) & (kImplicitBit - 1);
  if (biased == 0) return {fraction, -1074, bits < 0};
  return {fraction | kImplicitBit, biased - 1075, bits < 0};
}

// value·2^bits for bits below 64, by halves: a double-width shift takes twice the time.
template <typename Word>
inline i128 shifted(Word value, unsigned bits) {
  const auto high = static_cast<std::uint64_t>(value >> (63 - bits) >> 1);
  return static_cast<i128>(static_cast<u128>(high) << 64 | static_cast<std::uint64_t>(value) << bits);
}

template <bool adds>
[[gnu::noinline]] void add_wide(Sum &sum, std::int64_t bits) {
  const Parts x = parts(bits);
  if (!x.mantissa) return;
  const auto shift = static_cast<unsigned>(x.exponent + 1088);
  const i128 value = shifted(x.mantissa, shift % 64);
  sum.widened().add(x.negative == adds ? -value : value, shift / 64);
}

template <bool adds, typename Fixed>
inline void add_square(Fixed &sum, u128 square, unsigned shift) {
  const i128 low = shifted(static_cast<std::uint64_t>(square), shift % 64);
  const i128 high = shifted(static_cast<std::uint64_t>(square >> 64), shift % 64);
  sum.add(adds ? low : -low, shift / 64);
  sum.add(adds ? high : -high, shift / 64 + 1);
}

template <bool adds>
[[gnu::noinline]] void add_wide(SquareSum &sum, std::int64_t bits) {
  const Parts x = parts(bits);
  if (!x.mantissa) return;
  const u128 square = static_cast<u128>(x.mantissa) * x.mantissa;
  add_square<adds>(sum.widened(), square, static_cast<unsigned>(2 * x.exponent + 2176));
}

template <bool adds>
inline void add_double(Sum &sum, std::int64_t bits) {
  const int biased = static_cast<int>(bits >> 52) & 0x7ff;
  const auto shift = static_cast<unsigned>(biased - 1075 + 128);
  if (shift > 139) return add_wide<adds>(sum, bits);
  // Branch-free negation: signs of measurements cannot be predicted.
  const std::int64_t sign = adds ? bits >> 63 : ~(bits >> 63);
  const auto mantissa =
      static_cast<std::int64_t>((static_cast<std::uint64_t>(bits) & (kImplicitBit - 1)) | kImplicitBit);
  sum.near.add(shifted((mantissa ^ sign) - sign, shift % 64), shift / 64);
}

template <bool adds>
inline void add_double(SquareSum &sum, std::int64_t bits) {
  const int biased = static_cast<int>(bits >> 52) & 0x7ff;
  const auto shift = static_cast<unsigned>(2 * (biased - 1075) + 192);
  if (shift > 214) return add_wide<adds>(sum, bits);
  const std::uint64_t mantissa = (static_cast<std::uint64_t>(bits) & (kImplicitBit - 1)) | kImplicitBit;
  const u128 square = static_cast<u128>(mantissa) * mantissa;
  add_square<adds>(sum.near, square, shift);
}

template <bool adds>
inline void add_integer(Sum &sum, std::int64_t x) {
  sum.near.add(adds ? static_cast<i128>(x) : -static_cast<i128>(x), 2);
}

template <bool adds>
inline void add_integer(SquareSum &sum, std::int64_t x) {
  const i128 square = static_cast<i128>(x) * x;
  sum.near.add(adds ? square : -square, 3);
}

}  // namespace streamstat::exact
