#include "states/exact.hpp"

#include <stdexcept>
#include <utility>

#include "base/prefetch.hpp"

namespace streamstat {

using exact::SquareSum;
using exact::Sum;
using exact::Tally;
using exact::TallySlots;

namespace {

constexpr std::uint8_t kVersion = 2;
enum class Form : std::uint8_t { plain, with_squares, whole, one_double };
using exact::kAhead;

template <typename Limbs>
void write_total(Bytes &bytes, const Limbs &total) {
  write_value(bytes, total.near.limbs);
  write_value(bytes, static_cast<std::uint8_t>(total.wide != nullptr));
  if (total.wide) write_value(bytes, total.wide->limbs);
}

template <typename Limbs>
Limbs read_total(Reader &reader) {
  Limbs total;
  total.near.limbs = reader.read<decltype(total.near.limbs)>();
  if (reader.read_flag()) {
    auto &wide = total.widened();
    wide.limbs = reader.read<decltype(wide.limbs)>();
  }
  return total;
}

}  // namespace

void ExactSums::resize(std::size_t n) {
  if (!has_squares_) return slots_.resize(n);
  tallies_.resize(n);
  squares_.resize(n);
}

void ExactSums::require_same_parameters(const ExactSums &other) const {
  if (has_squares_ != other.has_squares_) throw std::invalid_argument("other: squares differ");
}

void ExactSums::clear_slot(std::size_t slot) {
  if (!has_squares_) return slots_.clear(slot);
  tallies_[slot] = Tally{};
  squares_[slot] = SquareSum{};
}

void ExactSums::absorb_slot(std::size_t into, const ExactSums &other, std::size_t source) {
  if (!has_squares_) return slots_.absorb(into, other.slots_, source);
  tallies_[into].absorb(other.tallies_[source]);
  squares_[into].absorb(other.squares_[source]);
}

void ExactSums::write_slot(std::size_t slot, Bytes &bytes) const {
  write_value(bytes, kVersion);
  if (!has_squares_ && write_small(slot, bytes)) return;
  write_value(bytes, has_squares_ ? Form::with_squares : Form::plain);
  visit(slot, [&](const Tally &tally) {
    write_value(bytes, tally.integers);
    write_value(bytes, tally.doubles);
    write_total(bytes, tally.sum);
  });
  if (has_squares_) write_total(bytes, squares_[slot]);
}

// Whether it is told in few bytes.
bool ExactSums::write_small(std::size_t slot, Bytes &bytes) const {
  if (const auto bits = slots_.one_double(slot)) {
    write_value(bytes, Form::one_double);
    write_value(bytes, *bits);
    return true;
  }
  const auto whole = slots_.whole(slot);
  if (!whole) return false;
  write_value(bytes, Form::whole);
  write_value(bytes, whole->sum);
  write_value(bytes, whole->count);
  return true;
}

ExactSums::State ExactSums::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  const auto form = static_cast<Form>(reader.read<std::uint8_t>());
  Reader::require(form <= Form::one_double && has_squares_ == (form == Form::with_squares));
  if (form == Form::whole) {
    const auto sum = reader.read<std::int64_t>();
    return TallySlots::Whole{sum, reader.read<std::uint32_t>()};
  }
  if (form == Form::one_double) {
    const auto bits = reader.read<std::int64_t>();
    Reader::require(((bits >> 52) & 0x7ff) != 0x7ff);
    return bits;
  }
  auto totals = std::make_unique<Totals>();
  totals->tally.integers = reader.read<std::uint64_t>();
  totals->tally.doubles = reader.read<std::uint64_t>();
  totals->tally.sum = read_total<Sum>(reader);
  if (has_squares_) totals->squares = read_total<SquareSum>(reader);
  return totals;
}

void ExactSums::set_slot(std::size_t slot, State &&state) {
  if (const auto *whole = std::get_if<TallySlots::Whole>(&state)) return slots_.set(slot, *whole);
  if (const auto *bits = std::get_if<std::int64_t>(&state)) return slots_.set_double(slot, *bits);
  Totals &totals = *std::get<std::unique_ptr<Totals>>(state);
  if (!has_squares_) return slots_.set(slot, std::move(totals.tally));
  tallies_[slot] = std::move(totals.tally);
  squares_[slot] = std::move(totals.squares);
}

template <bool adds>
void ExactSums::apply_squared(const NumberRows &rows) {
  // Pointers of our own: the compiler must assume that sums overwrite those of a vector.
  const auto [indices, kinds, numbers] = rows;
  Tally *const sums = tallies_.data();
  SquareSum *const square_sums = squares_.data();
  const std::size_t n = indices.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (i + kAhead < n && indices[i + kAhead] >= 0) {
      prefetch_line_to_write(sums + indices[i + kAhead]);
      prefetch_line_to_write(square_sums + indices[i + kAhead]);
    }
    const std::int32_t index = indices[i];
    if (index >= 0) exact::add_value<adds>(kinds[i], numbers[i], sums[index], square_sums[index]);
  }
}

template <bool adds>
void ExactSums::apply(const NumberRows &rows) {
  rows.require_valid(size());
  if (has_squares_)
    apply_squared<adds>(rows);
  else
    slots_.apply<adds>(rows);
}

void ExactSums::update(const NumberRows &rows) { apply<true>(rows); }

void ExactSums::remove(const NumberRows &rows) { apply<false>(rows); }

template <typename Visit>
void ExactSums::visit(std::size_t slot, Visit &&visit) const {
  if (has_squares_)
    visit(tallies_[slot]);
  else
    slots_.visit(slot, visit);
}

template <typename Visit>
void ExactSums::for_each(Slots slots, Visit visit) const {
  require_slots_exist(slots, size());
  for (const std::int32_t slot : slots)
    this->visit(static_cast<std::size_t>(slot), [&](const Tally &tally) { visit(tally, static_cast<std::size_t>(slot)); });
}

std::vector<std::int64_t> ExactSums::counts(Slots slots) const {
  std::vector<std::int64_t> result;
  result.reserve(slots.size());
  for_each(slots, [&](const Tally &tally, std::size_t) { result.push_back(static_cast<std::int64_t>(tally.numbers())); });
  return result;
}

NumberColumn ExactSums::sums(Slots slots) const {
  NumberColumn column;
  for_each(slots, [&](const Tally &tally, std::size_t) { exact::push_sum(column, tally); });
  return column;
}

NumberColumn ExactSums::means(Slots slots) const {
  NumberColumn column;
  for_each(slots, [&](const Tally &tally, std::size_t) { exact::push_mean(column, tally); });
  return column;
}

NumberColumn ExactSums::ratios(Slots slots, std::span<const std::int64_t> divisors, std::int64_t scale) const {
  exact::require_divisors(slots.size(), divisors);
  NumberColumn column;
  std::size_t i = 0;
  for_each(slots, [&](const Tally &tally, std::size_t) { exact::push_ratio(column, tally, divisors[i++], scale); });
  return column;
}

NumberColumn ExactSums::variances(Slots slots) const {
  if (!has_squares_) throw std::invalid_argument("variances: made without squares");
  NumberColumn column;
  for_each(slots, [&](const Tally &tally, std::size_t slot) { exact::push_variance(column, tally, squares_[slot]); });
  return column;
}

NumberColumn ExactSums::deviations(Slots slots) const {
  if (!has_squares_) throw std::invalid_argument("deviations: made without squares");
  NumberColumn column;
  for_each(slots, [&](const Tally &tally, std::size_t slot) { exact::push_deviation(column, tally, squares_[slot]); });
  return column;
}

}  // namespace streamstat
