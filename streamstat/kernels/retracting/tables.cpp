#include "retracting/tables.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

namespace streamstat::retracting {

namespace {

// Slots of the rows that count.
std::vector<std::int32_t> nonnull(const Rows &rows) {
  std::vector<std::int32_t> slots(rows.slots.begin(), rows.slots.end());
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (rows.kinds[i] == kind::null) slots[i] = -1;
  return slots;
}

}  // namespace

void RowCounts::add(const Rows &rows) {
  if (rows.kinds.empty()) return update(rows.slots);
  update_nonnull(rows.slots, rows.kinds);
}

void RowCounts::remove(const Rows &rows) {
  if (rows.kinds.empty()) return Counts::remove(rows.slots);
  require_size(rows.size(), rows.kinds.size(), "kinds");
  Counts::remove(nonnull(rows));
}

void Numbers::write(Bytes &bytes) const {
  integers.write(bytes);
  reals.write(bytes);
}

Numbers Numbers::read(Reader &reader) {
  Numbers read;
  read.integers = OrderedCounts::read(reader);
  read.reals = OrderedCounts::read(reader);
  return read;
}

template <auto change>
void Extremes::apply(const Rows &rows) {
  rows.values().require_valid(size());
  for_each(rows, [&](Numbers &slot, std::size_t i) {
    with_key(
        rows.kinds[i], rows.numbers[i], 0, [&](std::int64_t key) { (slot.integers.*change)(key); },
        [&](std::int64_t key) { (slot.reals.*change)(key); });
  });
}

void Extremes::add(const Rows &rows) { apply<&OrderedCounts::add>(rows); }
void Extremes::remove(const Rows &rows) { apply<&OrderedCounts::remove>(rows); }

NumberColumn Extremes::values(Slots slots) const {
  require_slots_exist(slots, size());
  const std::int64_t flip = extreme_flip(minimum_);
  const auto key_of = [&](const OrderedCounts &counts) {
    return (minimum_ ? counts.least() : counts.greatest()) ^ flip;
  };
  NumberColumn column;
  for (const std::int32_t slot : slots) {
    const Numbers &numbers = slots_[static_cast<std::size_t>(slot)];
    LeastKeys keys;
    if (!numbers.integers.is_empty()) {
      keys.integer = key_of(numbers.integers);
      keys.has |= 1;
    }
    if (!numbers.reals.is_empty()) {
      keys.real = key_of(numbers.reals);
      keys.has |= 2;
    }
    push_extreme(column, keys, flip);
  }
  return column;
}

// As HdrSketch::quantile.
double Percentiles::quantile(std::uint64_t rank) const {
  const auto bucket = static_cast<Bucket>(buckets.at_rank(rank));
  const auto highest = std::bit_cast<double>(ordered(numbers.greatest()));
  return std::min(upper_edge(bucket, fractions == 0 ? kWhole : kAny), highest) + 0.0;
}

void Percentiles::write(Bytes &bytes) const {
  buckets.write(bytes);
  numbers.write(bytes);
  write_value(bytes, fractions);
}

Percentiles Percentiles::read(Reader &reader) {
  Percentiles read;
  read.buckets = OrderedCounts::read(reader);
  read.numbers = OrderedCounts::read(reader);
  read.fractions = reader.read<std::uint64_t>();
  const bool fits = read.buckets.is_empty() || (read.buckets.least() >= -kLastBucket && read.buckets.greatest() <= kLastBucket);
  Reader::require(fits && read.buckets.total() == read.numbers.total() && read.fractions <= read.numbers.total());
  return read;
}

template <auto change>
void PercentileCounts::apply(const Rows &rows, std::uint64_t one) {
  rows.values().require_valid(size());
  for_each(rows, [&](Percentiles &slot, std::size_t i) {
    with_number(rows.kinds[i], rows.numbers[i], [&](auto value) {
      (slot.buckets.*change)(bucket_of(value));
      (slot.numbers.*change)(ordered(std::bit_cast<std::int64_t>(static_cast<double>(value) + 0.0)));
      if constexpr (std::is_same_v<decltype(value), double>)
        if (!is_whole(value)) slot.fractions += one;
    });
  });
}

void PercentileCounts::add(const Rows &rows) { apply<&OrderedCounts::add>(rows, 1); }
void PercentileCounts::remove(const Rows &rows) { apply<&OrderedCounts::remove>(rows, ~std::uint64_t{0}); }

Quantiles PercentileCounts::quantile(Slots slots, std::uint64_t numerator, std::uint64_t denominator) const {
  require_slots_exist(slots, size());
  const Fraction fraction(numerator, denominator);
  Quantiles found;
  for (const std::int32_t slot : slots) {
    const Percentiles &percentiles = slots_[static_cast<std::size_t>(slot)];
    const std::uint64_t n = percentiles.buckets.total();
    found.kinds.push_back(n ? kind::real : kind::null);
    found.values.push_back(n ? percentiles.quantile(fraction.rank(n)) : 0);
  }
  return found;
}

template <auto change>
void HashCounts::apply(const Rows &rows) {
  require_size(rows.size(), rows.kinds.size(), "kinds");
  require_size(rows.size(), rows.hashes.size(), "hashes");
  require_slots_below(rows.slots, size());
  for_each(rows, [&](Counted &slot, std::size_t i) {
    if (rows.kinds[i] != kind::null) (slot.counts.*change)(static_cast<std::int64_t>(rows.hashes[i]));
  });
}

void HashCounts::add(const Rows &rows) { apply<&OrderedCounts::add>(rows); }
void HashCounts::remove(const Rows &rows) { apply<&OrderedCounts::remove>(rows); }

std::vector<std::int64_t> HashCounts::estimates(Slots slots) const {
  require_slots_exist(slots, size());
  std::vector<std::int64_t> numbers;
  for (const std::int32_t slot : slots)
    numbers.push_back(static_cast<std::int64_t>(slots_[static_cast<std::size_t>(slot)].counts.different()));
  return numbers;
}

template <auto change>
void TimeSpans::apply(const Rows &rows) {
  require_size(rows.size(), rows.times.size(), "times");
  require_slots_below(rows.slots, size());
  for_each(rows, [&](Counted &slot, std::size_t i) {
    if (rows.times[i] != std::numeric_limits<std::int64_t>::min()) (slot.counts.*change)(rows.times[i]);
  });
}

void TimeSpans::add(const Rows &rows) { apply<&OrderedCounts::add>(rows); }
void TimeSpans::remove(const Rows &rows) { apply<&OrderedCounts::remove>(rows); }

std::vector<std::int64_t> TimeSpans::lengths(Slots slots) const {
  require_slots_exist(slots, size());
  std::vector<std::int64_t> lengths;
  for (const std::int32_t slot : slots) {
    const OrderedCounts &times = slots_[static_cast<std::size_t>(slot)].counts;
    std::int64_t length = 0;
    if (!times.is_empty() && __builtin_sub_overflow(times.greatest(), times.least(), &length))
      length = std::numeric_limits<std::int64_t>::max();
    lengths.push_back(length);
  }
  return lengths;
}

}  // namespace streamstat::retracting
