#include "exact.hpp"

#include <stdexcept>
#include <utility>

namespace streamstat {

using namespace states;
using exact::SquareSum;
using exact::Sum;
using exact::Tally;

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t ahead = 16;  // rows; memory answers in about that time

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
  slots_[slot] = Tally{};
  if (has_squares_) squares_[slot] = SquareSum{};
}

void ExactSums::absorb_slot(std::size_t into, const ExactSums &other, std::size_t source) {
  Tally &mine = slots_[into];
  const Tally &theirs = other.slots_[source];
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
  Tally read;
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
  // Pointers of our own: the compiler must assume that sums overwrite those of a vector.
  const auto [indices, kinds, numbers] = rows;
  Tally *const sums = slots_.data();
  SquareSum *const square_sums = squares_.data();
  const std::size_t n = indices.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (i + ahead < n && indices[i + ahead] >= 0) {
      __builtin_prefetch(sums + indices[i + ahead], 1);
      if constexpr (squares) __builtin_prefetch(square_sums + indices[i + ahead], 1);
    }
    const std::int32_t index = indices[i];
    if (index < 0) continue;
    if constexpr (squares)
      exact::add_value<adds>(kinds[i], numbers[i], sums[index], square_sums[index]);
    else
      exact::add_value<adds>(kinds[i], numbers[i], sums[index]);
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

template <typename Visit>
void ExactSums::for_each(Slots slots, Visit visit) const {
  require_slots_exist(slots, size());
  for (const std::int32_t slot : slots) visit(static_cast<std::size_t>(slot));
}

std::vector<std::int64_t> ExactSums::counts(Slots slots) const {
  std::vector<std::int64_t> result;
  result.reserve(slots.size());
  for_each(slots, [&](std::size_t slot) { result.push_back(static_cast<std::int64_t>(slots_[slot].numbers())); });
  return result;
}

NumberColumn ExactSums::sums(Slots slots) const {
  NumberColumn column;
  for_each(slots, [&](std::size_t slot) { exact::push_sum(column, slots_[slot]); });
  return column;
}

NumberColumn ExactSums::means(Slots slots) const {
  NumberColumn column;
  for_each(slots, [&](std::size_t slot) { exact::push_mean(column, slots_[slot]); });
  return column;
}

NumberColumn ExactSums::ratios(Slots slots, std::span<const std::int64_t> divisors, std::int64_t scale) const {
  exact::require_divisors(slots.size(), divisors);
  NumberColumn column;
  std::size_t i = 0;
  for_each(slots, [&](std::size_t slot) { exact::push_ratio(column, slots_[slot], divisors[i++], scale); });
  return column;
}

NumberColumn ExactSums::variances(Slots slots) const {
  if (!has_squares_) throw std::invalid_argument("variances: made without squares");
  NumberColumn column;
  for_each(slots, [&](std::size_t slot) { exact::push_variance(column, slots_[slot], squares_[slot]); });
  return column;
}

NumberColumn ExactSums::deviations(Slots slots) const {
  if (!has_squares_) throw std::invalid_argument("deviations: made without squares");
  NumberColumn column;
  for_each(slots, [&](std::size_t slot) { exact::push_deviation(column, slots_[slot], squares_[slot]); });
  return column;
}

}  // namespace streamstat
