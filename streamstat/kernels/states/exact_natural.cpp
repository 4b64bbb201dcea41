#include "states/exact_natural.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace streamstat::exact {

void Natural::push(std::uint64_t limb) {
  if (size_ == kCapacity) throw std::length_error("exact: number too large");
  limbs_[size_++] = limb;
}

std::int64_t Natural::bit_length() const {
  if (!size_) return 0;
  return static_cast<std::int64_t>(64 * size_) - std::countl_zero(limbs_[size_ - 1]);
}

std::uint64_t Natural::bits_from(std::int64_t lo) const {
  const auto limb = static_cast<std::size_t>(lo / 64);
  const int bit = static_cast<int>(lo % 64);
  std::uint64_t result = limb < size_ ? limbs_[limb] >> bit : 0;
  if (bit && limb + 1 < size_) result |= limbs_[limb + 1] << (64 - bit);
  return result;
}

bool Natural::has_bits_below(std::int64_t hi) const {
  const auto whole = std::min(static_cast<std::size_t>(hi / 64), size_);
  for (std::size_t i = 0; i < whole; ++i)
    if (limbs_[i]) return true;
  return whole < size_ && hi % 64 && limbs_[whole] << (64 - hi % 64);
}

int Natural::compare(const Natural &other) const {
  if (size_ != other.size_) return size_ < other.size_ ? -1 : 1;
  for (std::size_t i = size_; i-- > 0;)
    if (limbs_[i] != other.limbs_[i]) return limbs_[i] < other.limbs_[i] ? -1 : 1;
  return 0;
}

void Natural::shift_left(std::int64_t bits) {
  if (is_zero() || bits == 0) return;
  const auto limbs = static_cast<std::size_t>(bits / 64);
  const int bit = static_cast<int>(bits % 64);
  if (size_ + limbs + 1 > kCapacity) throw std::length_error("exact: number too large");
  limbs_[size_] = 0;
  for (std::size_t i = size_ + 1; i-- > 0;) {
    const std::uint64_t below = bit && i ? limbs_[i - 1] >> (64 - bit) : 0;
    limbs_[i + limbs] = limbs_[i] << bit | below;
  }
  std::fill_n(limbs_.begin(), limbs, 0);
  size_ += limbs + 1;
  trim();
}

void Natural::multiply(std::uint64_t factor) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const u128 product = static_cast<u128>(limbs_[i]) * factor + carry;
    limbs_[i] = static_cast<std::uint64_t>(product);
    carry = static_cast<std::uint64_t>(product >> 64);
  }
  if (carry) push(carry);
  trim();
}

std::uint64_t Natural::divide(std::uint64_t divisor) {
  std::uint64_t remainder = 0;
  for (std::size_t i = size_; i-- > 0;) {
    const u128 dividend = static_cast<u128>(remainder) << 64 | limbs_[i];
    limbs_[i] = static_cast<std::uint64_t>(dividend / divisor);
    remainder = static_cast<std::uint64_t>(dividend) - limbs_[i] * divisor;  // a second division takes longer
  }
  trim();
  return remainder;
}

void Natural::subtract(const Natural &other) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const u128 difference = static_cast<u128>(limbs_[i]) - (i < other.size_ ? other.limbs_[i] : 0) - borrow;
    limbs_[i] = static_cast<std::uint64_t>(difference);
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  }
  trim();
}

Natural Natural::squared() const {
  Natural result;
  if (2 * size_ > kCapacity) throw std::length_error("exact: number too large");
  result.size_ = 2 * size_;
  std::fill_n(result.limbs_.begin(), result.size_, 0);
  for (std::size_t i = 0; i < size_; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < size_; ++j) {
      const u128 sum = static_cast<u128>(limbs_[i]) * limbs_[j] + result.limbs_[i + j] + carry;
      result.limbs_[i + j] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
    result.limbs_[i + size_] = carry;
  }
  result.trim();
  return result;
}

namespace {

// The double next to value·2^exponent, plus less than one unit of value if there is a rest.
double round_to_double(const Natural &value, bool rest, std::int64_t exponent) {
  const std::int64_t length = value.bit_length();
  const std::int64_t leading = length - 1 + exponent;  // 2^leading <= result
  const std::int64_t precision = leading >= -1022 ? 53 : 53 - (-1022 - leading);
  if (!length || precision < 0) return 0.0;
  const std::int64_t dropped = length - precision;
  if (dropped <= 0) return std::ldexp(static_cast<double>(value.bits_from(0)), static_cast<int>(exponent));
  std::uint64_t kept = precision ? value.bits_from(dropped) : 0;
  const bool half = value.bits_from(dropped - 1) & 1;
  if (half && (kept & 1 || rest || value.has_bits_below(dropped - 1))) ++kept;
  return std::ldexp(static_cast<double>(kept), static_cast<int>(std::min<std::int64_t>(exponent + dropped, 4096)));
}

// A quotient of so many bits that a rest below it, whatever its size, only tells on which side of a half it lies.
struct Quotient {
  std::uint64_t bits;  // 63 or 64 of them, the least set if there was a remainder
  std::int64_t exponent;
};

// value·2^exponent / divisor with one division of 128 by 64 bits; 0 < value < 2^127. `rest` tells of bits below value.
// A remainder is told by the least bit, which rounding to a double never keeps.
Quotient divided(u128 value, bool rest, std::int64_t exponent, std::uint64_t divisor) {
  const auto high = static_cast<std::uint64_t>(value >> 64), low = static_cast<std::uint64_t>(value);
  const int spare = high ? std::countl_zero(high) - 1 : std::countl_zero(low) + 63;
  value <<= spare;
  if (divisor == 1) {
    rest |= (value & ((u128{1} << 63) - 1)) != 0;
    return {static_cast<std::uint64_t>(value >> 63) | rest, exponent - spare + 63};
  }
  const int shift = std::countl_zero(divisor);
  divisor <<= shift;
  const auto quotient = static_cast<std::uint64_t>(value / divisor);
  rest |= quotient * divisor != static_cast<std::uint64_t>(value);
  return {quotient | rest, exponent - spare + shift};
}

Quotient divided(const Natural &numerator, std::int64_t exponent, std::uint64_t divisor) {
  const std::int64_t dropped = std::max<std::int64_t>(numerator.bit_length() - 127, 0);
  const u128 value = static_cast<u128>(numerator.bits_from(dropped + 64)) << 64 | numerator.bits_from(dropped);
  return divided(value, numerator.has_bits_below(dropped), exponent + dropped, divisor);
}

bool is_normal(const Quotient &quotient) { return quotient.exponent > -1022 && quotient.exponent < 900; }

// Needs a quotient that is neither subnormal nor beyond double.
double to_double(const Quotient &quotient) {
  // Half of the bits, as the processor converts signed numbers only.
  const auto half = static_cast<std::int64_t>(quotient.bits >> 1 | (quotient.bits & 1));
  return static_cast<double>(half) * std::bit_cast<double>((quotient.exponent + 1024) << 52);
}

// Divides so that at least `bits` bits of the quotient are left; true if there was a remainder.
bool divide(Ratio &ratio, std::int64_t bits) {
  const std::int64_t divisor_bits = std::bit_width(ratio.first) + std::bit_width(ratio.second);
  const std::int64_t missing = bits + divisor_bits - ratio.numerator.bit_length();
  if (missing > 0) {
    ratio.numerator.shift_left(missing);
    ratio.exponent -= missing;
  }
  std::uint64_t divisor;
  if (!__builtin_mul_overflow(ratio.first, ratio.second, &divisor)) return ratio.numerator.divide(divisor) != 0;
  const bool rest = ratio.numerator.divide(ratio.first) != 0;
  return (ratio.numerator.divide(ratio.second) != 0) | rest;
}

// The largest integer whose square is at most value, for values from 2^126: one step of Newton's takes a guess that
// is right to 50 bits to within one of the root, and no floating point is trusted with the rest.
std::uint64_t integer_root(u128 value) {
  constexpr std::uint64_t most = ~std::uint64_t{0};
  const double guess = std::sqrt(static_cast<double>(value));
  const u128 start = guess < 0x1p64 ? static_cast<std::uint64_t>(guess) : most;
  auto root = static_cast<std::uint64_t>(std::min<u128>((start + value / start) / 2, most));
  while (static_cast<u128>(root) * root > value) --root;
  while (root < most && static_cast<u128>(root + 1) * (root + 1) <= value) ++root;
  return root;
}

}  // namespace

double rounded(u128 numerator, int exponent, std::uint64_t divisor) {
  return numerator ? to_double(divided(numerator, false, exponent, divisor)) : 0.0;
}

double rounded(const Ratio &ratio) {
  if (ratio.numerator.is_zero()) return 0.0;
  std::uint64_t divisor;
  if (!__builtin_mul_overflow(ratio.first, ratio.second, &divisor)) {
    const Quotient quotient = divided(ratio.numerator, ratio.exponent, divisor);
    if (is_normal(quotient)) return to_double(quotient);
  }
  Ratio divided = ratio;
  const bool rest = divide(divided, 66);
  return round_to_double(divided.numerator, rest, divided.exponent);
}

double rounded_root(const Ratio &given) {
  if (given.numerator.is_zero()) return 0.0;
  Ratio ratio = given;
  bool rest = divide(ratio, 130);
  std::int64_t dropped = ratio.numerator.bit_length() - 128;
  if ((ratio.exponent + dropped) % 2) ++dropped;  // only an even power of two has a root
  const u128 square = static_cast<u128>(ratio.numerator.bits_from(dropped + 64)) << 64 |
                      ratio.numerator.bits_from(dropped);
  const std::uint64_t root = integer_root(square);
  rest |= ratio.numerator.has_bits_below(dropped) || static_cast<u128>(root) * root != square;
  return round_to_double(Natural(root), rest, (ratio.exponent + dropped) / 2);
}

}  // namespace streamstat::exact
