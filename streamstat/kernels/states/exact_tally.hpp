// Numbers added up exactly, and what they come to: each result is rounded once.
#pragma once

#include <cmath>
#include <cstdint>

#include "states/exact_add.hpp"
#include "states/exact_fixed.hpp"
#include "states/slot_states.hpp"

namespace streamstat::exact {

// Counts are modulo 2^64, as the sums are modulo a power of two: taking back is exact.
struct alignas(64) Tally {  // one cache line
  Sum sum;
  std::uint64_t integers = 0;
  std::uint64_t doubles = 0;

  std::uint64_t numbers() const { return integers + doubles; }
  void absorb(const Tally &other) {
    sum.absorb(other.sum);
    integers += other.integers;
    doubles += other.doubles;
  }
};

// Adds one JSON value, and its square if asked for, or takes it back (adds = false). What is no number is left out.
template <bool adds, typename... Squares>
inline void add_value(std::uint8_t kind, std::int64_t number, Tally &tally, Squares &...squares) {
  constexpr std::uint64_t one = adds ? 1 : ~std::uint64_t{0};
  if (kind == kind::real) {
    if (((number >> 52) & 0x7ff) == 0x7ff) return;  // no JSON number is infinite
    tally.doubles += one;
    add_double<adds>(tally.sum, number);
    (add_double<adds>(squares, number), ...);
  } else if (kind == kind::integer || kind == kind::yes || kind == kind::no) {
    const std::int64_t x = kind == kind::integer ? number : kind == kind::yes;
    tally.integers += one;
    add_integer<adds>(tally.sum, x);
    (add_integer<adds>(squares, x), ...);
  }
}

// Each appends one value to the column; what is beyond the largest double is null.
void push_sum(NumberColumn &column, const Tally &tally);
void push_mean(NumberColumn &column, const Tally &tally);
void push_ratio(NumberColumn &column, const Tally &tally, std::int64_t divisor, std::int64_t scale);
void push_variance(NumberColumn &column, const Tally &tally, const SquareSum &squares);
void push_deviation(NumberColumn &column, const Tally &tally, const SquareSum &squares);

// Throws std::invalid_argument unless each can be the divisor of a ratio.
void require_divisors(std::size_t n, std::span<const std::int64_t> divisors);

}  // namespace streamstat::exact
