#include "exact.hpp"

#include <cmath>
#include <utility>

#include "exact_add.hpp"

namespace streamstat {

using namespace states;
using exact::Natural;
using exact::Ratio;
using exact::SquareSum;
using exact::Sum;

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t ahead = 16;  // rows; memory answers in about that time

void push_finite(NumberColumn &column, double number) {
  if (std::isfinite(number))
    column.push_real(number);
  else
    column.push_null();
}

double rounded(const exact::Signed &number, std::uint64_t divisor) {
  const double magnitude = exact::rounded(Ratio{number.magnitude, number.exponent, divisor});
  return number.negative ? -magnitude : magnitude;
}

template <typename Limbs>
void write_total(Bytes &bytes, const Limbs &total) {
  write(bytes, total.near.limbs);
  write(bytes, static_cast<std::uint8_t>(total.wide != nullptr));
  if (total.wide) write(bytes, total.wide->limbs);
}

template <typename Limbs>
Limbs read_total(Reader &reader) {
  Limbs total;
  total.near.limbs = reader.read<decltype(total.near.limbs)>();
  const auto is_wide = reader.read<std::uint8_t>();
  Reader::require(is_wide <= 1);
  if (is_wide) {
    auto &wide = total.widened();
    wide.limbs = reader.read<decltype(wide.limbs)>();
  }
  return total;
}

}  // namespace

void ExactSums::resize(std::size_t n) {
  slots_.resize(n);
  if (has_squares_) squares_.resize(n);
}

void ExactSums::require_same_parameters(const ExactSums &other) const {
  if (has_squares_ != other.has_squares_) throw std::invalid_argument("other: squares differ");
}

void ExactSums::clear_slot(std::size_t slot) {
  slots_[slot] = Slot{};
  if (has_squares_) squares_[slot] = SquareSum{};
}

void ExactSums::absorb_slot(std::size_t into, const ExactSums &other, std::size_t source) {
  Slot &mine = slots_[into];
  const Slot &theirs = other.slots_[source];
  mine.sum.absorb(theirs.sum);
  mine.integers += theirs.integers;
  mine.doubles += theirs.doubles;
  if (has_squares_) squares_[into].absorb(other.squares_[source]);
}

void ExactSums::write_slot(std::size_t slot, Bytes &bytes) const {
  write(bytes, version);
  write(bytes, static_cast<std::uint8_t>(has_squares_));
  write(bytes, slots_[slot].integers);
  write(bytes, slots_[slot].doubles);
  write_total(bytes, slots_[slot].sum);
  if (has_squares_) write_total(bytes, squares_[slot]);
}

void ExactSums::read_slot(std::size_t slot, Reader &reader) {
  reader.require_version(version);
  Reader::require(reader.read<std::uint8_t>() == static_cast<std::uint8_t>(has_squares_));
  Slot read;
  read.integers = reader.read<std::uint64_t>();
  read.doubles = reader.read<std::uint64_t>();
  read.sum = read_total<Sum>(reader);
  SquareSum squares;
  if (has_squares_) squares = read_total<SquareSum>(reader);
  reader.require_end();
  slots_[slot] = std::move(read);
  if (has_squares_) squares_[slot] = std::move(squares);
}

template <bool adds, bool squares>
void ExactSums::apply(const NumberRows &rows) {
  rows.require_valid(size());
  constexpr std::uint64_t one = adds ? 1 : ~std::uint64_t{0};
  // Pointers of our own: the compiler must assume that sums overwrite those of a vector.
  const auto [indices, kinds, numbers] = rows;
  Slot *const sums = slots_.data();
  SquareSum *const square_sums = squares_.data();
  const std::size_t n = indices.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (i + ahead < n && indices[i + ahead] >= 0) {
      __builtin_prefetch(sums + indices[i + ahead], 1);
      if constexpr (squares) __builtin_prefetch(square_sums + indices[i + ahead], 1);
    }
    const std::int32_t index = indices[i];
    if (index < 0) continue;
    const std::uint8_t kind = kinds[i];
    const std::int64_t number = numbers[i];
    if (kind == real) {
      if (((number >> 52) & 0x7ff) == 0x7ff) continue;  // no JSON number is infinite
      sums[index].doubles += one;
      exact::add_double<adds>(sums[index].sum, number);
      if constexpr (squares) exact::add_double<adds>(square_sums[index], number);
    } else if (kind == integer || kind == yes || kind == no) {
      const std::int64_t x = kind == integer ? number : kind == yes;
      sums[index].integers += one;
      exact::add_integer<adds>(sums[index].sum, x);
      if constexpr (squares) exact::add_integer<adds>(square_sums[index], x);
    }
  }
}

void ExactSums::update(const NumberRows &rows) {
  if (has_squares_)
    apply<true, true>(rows);
  else
    apply<true, false>(rows);
}

void ExactSums::remove(const NumberRows &rows) {
  if (has_squares_)
    apply<false, true>(rows);
  else
    apply<false, false>(rows);
}

std::vector<std::int64_t> ExactSums::counts(Slots slots) const {
  require_slots_exist(slots, size());
  std::vector<std::int64_t> result;
  result.reserve(slots.size());
  for (const std::int32_t slot : slots)
    result.push_back(static_cast<std::int64_t>(slots_[static_cast<std::size_t>(slot)].numbers()));
  return result;
}

NumberColumn ExactSums::sums(Slots slots) const {
  require_slots_exist(slots, size());
  NumberColumn column;
  for (const std::int32_t index : slots) {
    const Slot &slot = slots_[static_cast<std::size_t>(index)];
    const auto &limbs = slot.sum.near.limbs;
    const auto low = static_cast<std::int64_t>(limbs[2]);
    if (slot.doubles == 0 && static_cast<std::int64_t>(limbs[3]) == low >> 63)
      column.push_integer(low);
    else
      push_finite(column, rounded(slot.sum.exact(), 1));
  }
  return column;
}

NumberColumn ExactSums::means(Slots slots) const {
  require_slots_exist(slots, size());
  NumberColumn column;
  for (const std::int32_t index : slots) {
    const Slot &slot = slots_[static_cast<std::size_t>(index)];
    if (static_cast<std::int64_t>(slot.numbers()) <= 0)
      column.push_null();
    else
      push_finite(column, rounded(slot.sum.exact(), slot.numbers()));
  }
  return column;
}

NumberColumn ExactSums::ratios(Slots slots, std::span<const std::int64_t> divisors, std::int64_t scale) const {
  require_slots_exist(slots, size());
  require_size(slots.size(), divisors.size(), "divisors");
  for (const std::int64_t divisor : divisors)
    if (divisor < 0) throw std::invalid_argument("divisors: " + std::to_string(divisor) + " is negative");
  NumberColumn column;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (divisors[i] == 0) {
      column.push_null();
      continue;
    }
    exact::Signed number = slots_[static_cast<std::size_t>(slots[i])].sum.exact();
    number.magnitude.multiply(scale < 0 ? -static_cast<std::uint64_t>(scale) : static_cast<std::uint64_t>(scale));
    number.negative ^= scale < 0;
    const bool is_zero = number.magnitude.is_zero();
    push_finite(column, is_zero ? 0.0 : rounded(number, static_cast<std::uint64_t>(divisors[i])));
  }
  return column;
}

// (n·Σx² - (Σx)²) / (n·(n - 1)); none below two numbers.
std::optional<Ratio> ExactSums::variance(std::size_t index) const {
  const std::uint64_t n = slots_[index].numbers();
  if (static_cast<std::int64_t>(n) < 2) return std::nullopt;
  const exact::Signed sum = slots_[index].sum.exact();
  exact::Signed squares = squares_[index].exact();
  Natural product = sum.magnitude.squared();
  squares.magnitude.multiply(n);
  const std::int64_t exponent = std::min(squares.exponent, 2 * sum.exponent);
  squares.magnitude.shift_left(squares.exponent - exponent);
  product.shift_left(2 * sum.exponent - exponent);
  if (squares.negative || squares.magnitude.compare(product) < 0) return std::nullopt;  // more removed than added
  squares.magnitude.subtract(product);
  return Ratio{squares.magnitude, exponent, n, n - 1};
}

NumberColumn ExactSums::variances(Slots slots) const {
  if (!has_squares_) throw std::invalid_argument("variances: made without squares");
  require_slots_exist(slots, size());
  NumberColumn column;
  for (const std::int32_t slot : slots) {
    const auto ratio = variance(static_cast<std::size_t>(slot));
    push_finite(column, ratio ? exact::rounded(*ratio) : INFINITY);
  }
  return column;
}

NumberColumn ExactSums::deviations(Slots slots) const {
  if (!has_squares_) throw std::invalid_argument("deviations: made without squares");
  require_slots_exist(slots, size());
  NumberColumn column;
  for (const std::int32_t slot : slots) {
    const auto ratio = variance(static_cast<std::size_t>(slot));
    push_finite(column, ratio ? exact::rounded_root(*ratio) : INFINITY);
  }
  return column;
}

}  // namespace streamstat
