#include "states/exact_tally.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace streamstat::exact {


namespace {

void push_finite(NumberColumn &column, double number) {
  if (std::isfinite(number))
    column.push_real(number);
  else
    column.push_null();
}

double rounded(Signed &&number, std::uint64_t factor, std::uint64_t divisor) {
  number.magnitude.numerator.multiply(factor);
  number.magnitude.first = divisor;
  const double magnitude = exact::rounded(number.magnitude);
  return number.negative ? -magnitude : magnitude;
}

// Sums of measurements are below 2^62 and have no bit below 2^-64: then they are one integer of two limbs.
double rounded(const Sum &sum, std::uint64_t factor, std::uint64_t divisor) {
  const auto &limbs = sum.near.limbs;
  const bool negative = static_cast<std::int64_t>(limbs[2]) < 0;
  u128 value = static_cast<u128>(limbs[2]) << 64 | limbs[1];
  if (negative) value = -value;
  const int bits = std::bit_width(static_cast<std::uint64_t>(value >> 64)) + std::bit_width(factor);
  if (sum.wide || limbs[0] || limbs[3] != (negative ? ~std::uint64_t{0} : 0) || bits > 63)
    return rounded(sum.exact(), factor, divisor);
  const double magnitude = exact::rounded(value * factor, -64, divisor);
  return negative ? -magnitude : magnitude;
}

// (n·Σx² - (Σx)²) / (n·(n - 1)); none below two numbers.
std::optional<Ratio> variance(const Tally &tally, const SquareSum &square_sum) {
  const std::uint64_t n = tally.numbers();
  if (static_cast<std::int64_t>(n) < 2) return std::nullopt;
  const Ratio sum = tally.sum.exact().magnitude;
  Signed squares = square_sum.exact();
  Ratio &result = squares.magnitude;
  Natural product = sum.numerator.squared();
  result.numerator.multiply(n);
  const std::int64_t exponent = std::min(result.exponent, 2 * sum.exponent);
  result.numerator.shift_left(result.exponent - exponent);
  product.shift_left(2 * sum.exponent - exponent);
  if (squares.negative || result.numerator.compare(product) < 0) return std::nullopt;  // more removed than added
  result.numerator.subtract(product);
  result.exponent = exponent;
  result.first = n;
  result.second = n - 1;
  return result;
}

}  // namespace

void push_sum(NumberColumn &column, const Tally &tally) {
  const auto &limbs = tally.sum.near.limbs;
  const auto low = static_cast<std::int64_t>(limbs[2]);
  if (tally.doubles == 0 && static_cast<std::int64_t>(limbs[3]) == low >> 63)
    column.push_integer(low);
  else
    push_finite(column, rounded(tally.sum, 1, 1));
}

void push_mean(NumberColumn &column, const Tally &tally) {
  if (static_cast<std::int64_t>(tally.numbers()) <= 0)
    column.push_null();
  else
    push_finite(column, rounded(tally.sum, 1, tally.numbers()));
}

void push_ratio(NumberColumn &column, const Tally &tally, std::int64_t divisor, std::int64_t scale) {
  if (divisor == 0) return column.push_null();
  const auto parts = static_cast<std::uint64_t>(divisor);
  if (scale > 0) return push_finite(column, rounded(tally.sum, static_cast<std::uint64_t>(scale), parts));
  Signed number = tally.sum.exact();
  const bool is_zero = scale == 0 || number.magnitude.numerator.is_zero();
  number.negative = !number.negative;
  push_finite(column, is_zero ? 0.0 : rounded(std::move(number), -static_cast<std::uint64_t>(scale), parts));
}

void push_variance(NumberColumn &column, const Tally &tally, const SquareSum &squares) {
  const auto ratio = variance(tally, squares);
  push_finite(column, ratio ? exact::rounded(*ratio) : INFINITY);
}

void push_deviation(NumberColumn &column, const Tally &tally, const SquareSum &squares) {
  const auto ratio = variance(tally, squares);
  push_finite(column, ratio ? exact::rounded_root(*ratio) : INFINITY);
}

void require_divisors(std::size_t n, std::span<const std::int64_t> divisors) {
  require_size(n, divisors.size(), "divisors");
  for (const std::int64_t divisor : divisors)
    if (divisor < 0) throw std::invalid_argument("divisors: " + std::to_string(divisor) + " is negative");
}

}  // namespace streamstat::exact
