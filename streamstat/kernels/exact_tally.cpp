#include "exact_tally.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

namespace streamstat::exact {

using states::NumberColumn;

namespace {

void push_finite(NumberColumn &column, double number) {
  if (std::isfinite(number))
    column.push_real(number);
  else
    column.push_null();
}

double rounded(const Signed &number, std::uint64_t divisor) {
  const double magnitude = exact::rounded(Ratio{number.magnitude, number.exponent, divisor});
  return number.negative ? -magnitude : magnitude;
}

// (n·Σx² - (Σx)²) / (n·(n - 1)); none below two numbers.
std::optional<Ratio> variance(const Tally &tally, const SquareSum &square_sum) {
  const std::uint64_t n = tally.numbers();
  if (static_cast<std::int64_t>(n) < 2) return std::nullopt;
  const Signed sum = tally.sum.exact();
  Signed squares = square_sum.exact();
  Natural product = sum.magnitude.squared();
  squares.magnitude.multiply(n);
  const std::int64_t exponent = std::min(squares.exponent, 2 * sum.exponent);
  squares.magnitude.shift_left(squares.exponent - exponent);
  product.shift_left(2 * sum.exponent - exponent);
  if (squares.negative || squares.magnitude.compare(product) < 0) return std::nullopt;  // more removed than added
  squares.magnitude.subtract(product);
  return Ratio{squares.magnitude, exponent, n, n - 1};
}

}  // namespace

void push_sum(NumberColumn &column, const Tally &tally) {
  const auto &limbs = tally.sum.near.limbs;
  const auto low = static_cast<std::int64_t>(limbs[2]);
  if (tally.doubles == 0 && static_cast<std::int64_t>(limbs[3]) == low >> 63)
    column.push_integer(low);
  else
    push_finite(column, rounded(tally.sum.exact(), 1));
}

void push_mean(NumberColumn &column, const Tally &tally) {
  if (static_cast<std::int64_t>(tally.numbers()) <= 0)
    column.push_null();
  else
    push_finite(column, rounded(tally.sum.exact(), tally.numbers()));
}

void push_ratio(NumberColumn &column, const Tally &tally, std::int64_t divisor, std::int64_t scale) {
  if (divisor == 0) return column.push_null();
  Signed number = tally.sum.exact();
  number.magnitude.multiply(scale < 0 ? -static_cast<std::uint64_t>(scale) : static_cast<std::uint64_t>(scale));
  number.negative ^= scale < 0;
  const bool is_zero = number.magnitude.is_zero();
  push_finite(column, is_zero ? 0.0 : rounded(number, static_cast<std::uint64_t>(divisor)));
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
  states::require_size(n, divisors.size(), "divisors");
  for (const std::int64_t divisor : divisors)
    if (divisor < 0) throw std::invalid_argument("divisors: " + std::to_string(divisor) + " is negative");
}

}  // namespace streamstat::exact
