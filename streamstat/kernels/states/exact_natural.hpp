// Natural numbers of a few thousand bits, and their ratios and roots rounded once to double.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace streamstat::exact {

__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 i128;

// Room for the variance of 2^63 doubles of any size: 68 limbs, and what a division adds.
class Natural {
 public:
  static constexpr std::size_t kCapacity = 96;

  Natural() = default;
  explicit Natural(std::uint64_t value) { push(value), trim(); }
  template <std::size_t Limbs>
  explicit Natural(const std::array<std::uint64_t, Limbs> &limbs) : size_(Limbs) {
    static_assert(Limbs <= kCapacity);
    std::copy(limbs.begin(), limbs.end(), limbs_.begin());
    trim();
  }

  bool is_zero() const { return size_ == 0; }
  std::int64_t bit_length() const;
  // Bits [lo, lo + 64).
  std::uint64_t bits_from(std::int64_t lo) const;
  bool has_bits_below(std::int64_t hi) const;
  int compare(const Natural &other) const;

  void shift_left(std::int64_t bits);
  void multiply(std::uint64_t factor);
  // Returns the remainder.
  std::uint64_t divide(std::uint64_t divisor);
  // Needs other <= *this.
  void subtract(const Natural &other);
  Natural squared() const;

 private:
  void push(std::uint64_t limb);
  void trim() {
    while (size_ && limbs_[size_ - 1] == 0) --size_;
  }

  std::array<std::uint64_t, kCapacity> limbs_;  // least first; only the first size_ have a value
  std::size_t size_ = 0;
};

// numerator·2^exponent / (first·second); the divisors are at least 1.
struct Ratio {
  Natural numerator;
  std::int64_t exponent;
  std::uint64_t first = 1, second = 1;
};

// Round half to even, subnormals too; infinity beyond the largest double.
double rounded(const Ratio &ratio);
// The same of less than 2^127·2^exponent, for an exponent between -500 and 500.
double rounded(u128 numerator, int exponent, std::uint64_t divisor);
double rounded_root(const Ratio &ratio);

}  // namespace streamstat::exact
