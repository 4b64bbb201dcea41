// Fixed-point numbers wide enough that adding doubles to them never rounds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "states/exact_natural.hpp"

namespace streamstat::exact {

// Two's complement, least bit 2^-FractionBits.
template <std::size_t Limbs, int FractionBits>
struct FixedPoint {
  static_assert(FractionBits % 64 == 0, "so that a narrow one can be added to a wide one limb by limb");
  static constexpr int kFractionBits = FractionBits;
  std::array<std::uint64_t, Limbs> limbs{};

  // Adds value·2^(64·limb - FractionBits); limb + 1 must be a limb. In halves, since the compiler moves a
  // 128-bit sum through memory.
  void add(i128 value, std::size_t limb) {
    const auto low = static_cast<std::uint64_t>(value), high = static_cast<std::uint64_t>(value >> 64);
    const auto sign = static_cast<std::uint64_t>(static_cast<std::int64_t>(high) >> 63);
    const std::uint64_t low_sum = limbs[limb] + low;
    const std::uint64_t low_carry = low_sum < low;
    const std::uint64_t partial = limbs[limb + 1] + high;
    const std::uint64_t high_sum = partial + low_carry;
    std::uint64_t carry = (partial < high) | (high_sum < low_carry);
    limbs[limb] = low_sum;
    limbs[limb + 1] = high_sum;
    // What is left is +1, -1 or, mostly, 0, where a sign of all ones and a carry cancel out.
    const std::uint64_t rest = sign + carry;
    for (std::size_t i = limb + 2; rest && i < Limbs; ++i) {
      const bool goes_on = limbs[i] == (sign ? 0 : ~std::uint64_t{0});
      limbs[i] += rest;
      if (!goes_on) return;
    }
  }

  template <std::size_t OtherLimbs, int OtherFraction>
  void add(const FixedPoint<OtherLimbs, OtherFraction> &other) {
    constexpr std::size_t offset = (FractionBits - OtherFraction) / 64;
    static_assert(FractionBits >= OtherFraction && OtherLimbs + offset <= Limbs);
    const std::uint64_t sign = other.is_negative() ? ~std::uint64_t{0} : 0;
    std::uint64_t carry = 0;
    for (std::size_t i = offset; i < Limbs; ++i) {
      const std::uint64_t limb = i - offset < OtherLimbs ? other.limbs[i - offset] : sign;
      const u128 sum = static_cast<u128>(limbs[i]) + limb + carry;
      limbs[i] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
  }

  bool is_negative() const { return limbs[Limbs - 1] >> 63; }

  Natural magnitude() const {
    if (!is_negative()) return Natural(limbs);
    std::array<std::uint64_t, Limbs> negated;
    std::uint64_t carry = 1;
    for (std::size_t i = 0; i < Limbs; ++i) {
      negated[i] = ~limbs[i] + carry;
      carry = carry && negated[i] == 0;
    }
    return Natural(negated);
  }
};

// An exact number: its magnitude and its sign.
struct Signed {
  Ratio magnitude;
  bool negative;
};

// What ordinary values add up to, and aside, if ever needed, what the extraordinary ones do.
template <typename Near, typename Wide>
struct Total {
  Near near;
  std::unique_ptr<Wide> wide;

  Wide &widened() {
    if (!wide) wide = std::make_unique<Wide>();
    return *wide;
  }

  // Once all extraordinary numbers are taken back, results need not look at them any more.
  void forget_zero() {
    if (wide && wide->limbs == Wide().limbs) wide.reset();
  }

  void absorb(const Total &other) {
    near.add(other.near);
    if (other.wide) widened().add(*other.wide);
  }

  Signed exact() const {
    if (!wide) return {{near.magnitude(), -Near::kFractionBits}, near.is_negative()};
    Wide whole = *wide;
    whole.add(near);
    return {{whole.magnitude(), -Wide::kFractionBits}, whole.is_negative()};
  }
};

// Sums: |x| in [2^-76, 2^64) is near; wide holds 2^63 of the largest doubles.
using Sum = Total<FixedPoint<4, 128>, FixedPoint<34, 1088>>;
// Sums of squares: |x| in [2^-44, 2^64) is near.
using SquareSum = Total<FixedPoint<6, 192>, FixedPoint<67, 2176>>;

}  // namespace streamstat::exact
