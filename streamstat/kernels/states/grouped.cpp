#include "states/grouped.hpp"

#include <algorithm>

namespace streamstat {

namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

template <typename Amount>
void Counts::add(Slots slots, Amount amount) {
  require_slots_below(slots, size());
  std::uint64_t *const counts = counts_.data() + 1;
  for (std::size_t i = 0; i < slots.size(); ++i) counts[std::max(slots[i], -1)] += amount(i);
}

void Counts::update(Slots slots) {
  add(slots, [](std::size_t) -> std::uint64_t { return 1; });
}

void Counts::update_nonnull(Slots slots, std::span<const std::uint8_t> kinds) {
  require_size(slots.size(), kinds.size(), "kinds");
  add(slots, [kinds](std::size_t i) -> std::uint64_t { return kinds[i] != kind::null; });
}

void Counts::update_true(Slots slots, std::span<const std::uint8_t> flags) {
  require_size(slots.size(), flags.size(), "flags");
  add(slots, [flags](std::size_t i) -> std::uint64_t { return flags[i] != 0; });
}

void Counts::remove(Slots slots) {
  add(slots, [](std::size_t) { return ~std::uint64_t{0}; });
}

std::vector<std::int64_t> Counts::values(Slots slots) const {
  require_slots_exist(slots, size());
  std::vector<std::int64_t> result;
  result.reserve(slots.size());
  for (const std::int32_t slot : slots)
    result.push_back(static_cast<std::int64_t>(counts_[static_cast<std::size_t>(slot) + 1]));
  return result;
}

void Counts::absorb_slot(std::size_t into, const Counts &other, std::size_t source) {
  counts_[into + 1] += other.counts_[source + 1];
}

void Counts::write_slot(std::size_t slot, Bytes &bytes) const {
  write_value(bytes, kVersion);
  write_value(bytes, counts_[slot + 1]);
}

std::uint64_t Counts::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  return reader.read<std::uint64_t>();
}

void Extremes::require_same_parameters(const Extremes &other) const {
  if (flip_ != other.flip_) throw std::invalid_argument("other: a minimum is no maximum");
}

void Extremes::update(const NumberRows &rows) {
  rows.require_valid(size());
  const auto [slots, kinds, numbers] = rows;
  LeastKeys *const states = slots_.data();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0) continue;
    LeastKeys &slot = states[slots[i]];
    with_key(
        kinds[i], numbers[i], flip_,
        [&](std::int64_t key) {
          slot.integer = std::min(slot.integer, key);
          slot.has |= 1;
        },
        [&](std::int64_t key) {
          slot.real = std::min(slot.real, key);
          slot.has |= 2;
        });
  }
}

NumberColumn Extremes::values(Slots slots) const {
  require_slots_exist(slots, size());
  NumberColumn column;
  for (const std::int32_t slot : slots) push_extreme(column, slots_[static_cast<std::size_t>(slot)], flip_);
  return column;
}

void Extremes::absorb_slot(std::size_t into, const Extremes &other, std::size_t source) {
  LeastKeys &mine = slots_[into];
  const LeastKeys &theirs = other.slots_[source];
  mine.integer = std::min(mine.integer, theirs.integer);
  mine.real = std::min(mine.real, theirs.real);
  mine.has |= theirs.has;
}

void Extremes::write_slot(std::size_t slot, Bytes &bytes) const {
  write_value(bytes, kVersion);
  write_value(bytes, static_cast<std::uint8_t>(flip_ == 0));
  write_value(bytes, static_cast<std::uint8_t>(slots_[slot].has));
  write_value(bytes, slots_[slot].integer);
  write_value(bytes, slots_[slot].real);
}

LeastKeys Extremes::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  Reader::require(reader.read<std::uint8_t>() == static_cast<std::uint8_t>(flip_ == 0));
  LeastKeys read;
  read.has = reader.read<std::uint8_t>();
  read.integer = reader.read<std::int64_t>();
  read.real = reader.read<std::int64_t>();
  Reader::require(read.has <= 3);
  return read;
}

void Extents::update(Slots slots, std::span<const std::int64_t> times) {
  require_size(slots.size(), times.size(), "times");
  require_slots_below(slots, size());
  Slot *const states = slots_.data();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0) continue;
    Slot &slot = states[slots[i]];
    slot.lo = std::min(slot.lo, times[i]);
    slot.hi = std::max(slot.hi, times[i]);
  }
}

std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> Extents::values(Slots slots) const {
  require_slots_exist(slots, size());
  std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> result;
  for (const std::int32_t slot : slots) {
    result.first.push_back(slots_[static_cast<std::size_t>(slot)].lo);
    result.second.push_back(slots_[static_cast<std::size_t>(slot)].hi);
  }
  return result;
}

void Extents::absorb_slot(std::size_t into, const Extents &other, std::size_t source) {
  slots_[into].lo = std::min(slots_[into].lo, other.slots_[source].lo);
  slots_[into].hi = std::max(slots_[into].hi, other.slots_[source].hi);
}

void Extents::write_slot(std::size_t slot, Bytes &bytes) const {
  write_value(bytes, kVersion);
  write_value(bytes, slots_[slot].lo);
  write_value(bytes, slots_[slot].hi);
}

Extents::Slot Extents::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  Slot read;
  read.lo = reader.read<std::int64_t>();
  read.hi = reader.read<std::int64_t>();
  return read;
}

}  // namespace streamstat
