#include "states/picks.hpp"

#include <utility>

namespace streamstat {

namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

void PickRows::require_valid(std::size_t size) const {
  values.require_valid(size);
  require_size(values.slots.size(), times.size(), "times");
  if (first_sequence < 0 || first_sequence > INT64_MAX - static_cast<std::int64_t>(times.size()))
    throw std::invalid_argument("first_sequence: not a place in an input");
}

void Picked::take(const PickRows &rows) {
  const auto row = static_cast<std::size_t>(sequence - rows.first_sequence);
  is_pending = false;
  number = rows.values.numbers[row];
  text.assign(rows.texts[row]);
}

void Picked::append_to(PickedValues &values) const {
  values.numbers.push(kind, number);
  values.texts.data.insert(values.texts.data.end(), text.begin(), text.end());
  values.texts.end_string();
}

void Picked::write(Bytes &bytes) const {
  write_value(bytes, kind);
  write_value(bytes, time);
  write_value(bytes, sequence);
  write_value(bytes, number);
  write_text(bytes, text);
}

Picked Picked::read(Reader &reader) {
  Picked read;
  read.kind = reader.read<std::uint8_t>();
  Reader::require(read.kind <= kind::huge);
  read.time = reader.read<std::int64_t>();
  read.sequence = reader.read<std::int64_t>();
  read.number = reader.read<std::int64_t>();
  read.text = reader.read_text();
  return read;
}

bool Picks::beats(std::int64_t time, std::int64_t sequence, const Slot &slot) const {
  if (slot.kind == kind::null) return true;
  return slot.is_behind(time, sequence) != last_;
}

void Picks::require_same_parameters(const Picks &other) const {
  if (last_ != other.last_) throw std::invalid_argument("other: the first is not the last");
}

// In times that ascend every row beats the one before: text is copied only once the block has its winners.
void Picks::update(const PickRows &rows) {
  rows.require_valid(size());
  const auto [slots, kinds, numbers] = rows.values;
  std::vector<std::int32_t> winners;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0 || kinds[i] == kind::null) continue;
    Slot &slot = slots_[static_cast<std::size_t>(slots[i])];
    const std::int64_t sequence = rows.first_sequence + static_cast<std::int64_t>(i);
    if (!beats(rows.times[i], sequence, slot)) continue;
    slot.time = rows.times[i];
    slot.sequence = sequence;
    slot.kind = kinds[i];
    if (!slot.is_pending) winners.push_back(slots[i]);
    slot.is_pending = true;
  }
  for (const std::int32_t winner : winners) slots_[static_cast<std::size_t>(winner)].take(rows);
}

PickedValues Picks::values(Slots slots) const {
  require_slots_exist(slots, size());
  PickedValues result;
  for (const std::int32_t slot : slots) slots_[static_cast<std::size_t>(slot)].append_to(result);
  return result;
}

void Picks::clear_slot(std::size_t slot) {
  Slot empty;  // swapped, as an assigned string keeps its memory
  std::swap(slots_[slot], empty);
}

void Picks::absorb_slot(std::size_t into, const Picks &other, std::size_t source) {
  const Slot &theirs = other.slots_[source];
  if (theirs.kind != kind::null && beats(theirs.time, theirs.sequence, slots_[into])) slots_[into] = theirs;
}

void Picks::write_slot(std::size_t index, Bytes &bytes) const {
  write_value(bytes, kVersion);
  write_value(bytes, static_cast<std::uint8_t>(last_));
  slots_[index].write(bytes);
}

Picks::Slot Picks::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  Reader::require(reader.read<std::uint8_t>() == static_cast<std::uint8_t>(last_));
  return Picked::read(reader);
}

}  // namespace streamstat
