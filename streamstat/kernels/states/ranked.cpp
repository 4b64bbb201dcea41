#include "states/ranked.hpp"

#include <bit>
#include <cmath>
#include <utility>

namespace streamstat {

namespace {

constexpr std::uint8_t kVersion = 1;

// Of a double, whether an int64 is that number. Without SSE 4.1, which not every build may use, `trunc` is a call.
bool is_whole(double real) {
  return real >= -0x1p63 && real < 0x1p63 && static_cast<double>(static_cast<std::int64_t>(real)) == real;
}

// The double is no int64: it has a fraction, and no integer is rounded onto it, or it is beyond them all. The greatest
// of them would be rounded to 2^63.
bool is_less(std::int64_t integer, double real) {
  return real >= 0x1p63 || static_cast<double>(integer) < real;
}

}  // namespace

std::optional<RankingNumber> ranking_number(std::uint8_t kind, std::int64_t number) {
  if (kind == kind::integer) return RankingNumber{false, number};
  if (kind == kind::yes || kind == kind::no) return RankingNumber{false, kind == kind::yes};
  if (kind != kind::real) return std::nullopt;
  const auto real = std::bit_cast<double>(number);
  if (!std::isfinite(real)) return std::nullopt;
  return is_whole(real) ? RankingNumber{false, static_cast<std::int64_t>(real)} : RankingNumber{true, number};
}

bool is_less(const RankingNumber &a, const RankingNumber &b) {
  if (!a.is_real && !b.is_real) return a.bits < b.bits;
  if (!a.is_real) return is_less(a.bits, std::bit_cast<double>(b.bits));
  if (!b.is_real) return !is_less(b.bits, std::bit_cast<double>(a.bits));
  return std::bit_cast<double>(a.bits) < std::bit_cast<double>(b.bits);
}

void RankedRows::require_valid(std::size_t size) const {
  picks.require_valid(size);
  const std::size_t n = picks.values.slots.size();
  require_size(n, kinds.size(), "by_kinds");
  require_size(n, numbers.size(), "by_numbers");
  require_kinds(kinds);
}

bool RankedPicks::beats(const RankingNumber &by, std::int64_t time, std::int64_t sequence, const Slot &slot) const {
  if (slot.picked.kind == kind::null) return true;
  if (by == slot.by) return slot.picked.is_behind(time, sequence);
  return is_less(slot.by, by) == greatest_;
}

void RankedPicks::require_same_parameters(const RankedPicks &other) const {
  if (greatest_ != other.greatest_) throw std::invalid_argument("other: the greatest is not the least");
}

// In numbers that ascend every row beats the one before: text is copied only once the block has its winners.
void RankedPicks::update(const RankedRows &rows) {
  rows.require_valid(size());
  const auto [slots, kinds, numbers] = rows.picks.values;
  std::vector<std::int32_t> winners;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0 || kinds[i] == kind::null) continue;
    const std::optional<RankingNumber> by = ranking_number(rows.kinds[i], rows.numbers[i]);
    if (!by) continue;
    Slot &slot = slots_[static_cast<std::size_t>(slots[i])];
    const std::int64_t sequence = rows.picks.first_sequence + static_cast<std::int64_t>(i);
    if (!beats(*by, rows.picks.times[i], sequence, slot)) continue;
    slot.by = *by;
    slot.picked.time = rows.picks.times[i];
    slot.picked.sequence = sequence;
    slot.picked.kind = kinds[i];
    if (!slot.picked.is_pending) winners.push_back(slots[i]);
    slot.picked.is_pending = true;
  }
  for (const std::int32_t winner : winners) slots_[static_cast<std::size_t>(winner)].picked.take(rows.picks);
}

PickedValues RankedPicks::values(Slots slots) const {
  require_slots_exist(slots, size());
  PickedValues result;
  for (const std::int32_t slot : slots) slots_[static_cast<std::size_t>(slot)].picked.append_to(result);
  return result;
}

void RankedPicks::clear_slot(std::size_t slot) {
  Slot empty;  // swapped, as an assigned string keeps its memory
  std::swap(slots_[slot], empty);
}

void RankedPicks::absorb_slot(std::size_t into, const RankedPicks &other, std::size_t source) {
  const Slot &theirs = other.slots_[source];
  if (theirs.picked.kind == kind::null) return;
  if (beats(theirs.by, theirs.picked.time, theirs.picked.sequence, slots_[into])) slots_[into] = theirs;
}

void RankedPicks::write_slot(std::size_t index, Bytes &bytes) const {
  const Slot &slot = slots_[index];
  write_value(bytes, kVersion);
  write_value(bytes, static_cast<std::uint8_t>(greatest_));
  write_value(bytes, static_cast<std::uint8_t>(slot.by.is_real));
  write_value(bytes, slot.by.bits);
  slot.picked.write(bytes);
}

RankedPicks::Slot RankedPicks::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  Reader::require(reader.read<std::uint8_t>() == static_cast<std::uint8_t>(greatest_));
  Slot read;
  read.by.is_real = reader.read_flag();
  read.by.bits = reader.read<std::int64_t>();
  if (read.by.is_real) Reader::require(ranking_number(kind::real, read.by.bits) == read.by);
  read.picked = Picked::read(reader);
  return read;
}

}  // namespace streamstat
