#include "windows/pieces.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>
#include <string>

#include "base/prefetch.hpp"
#include "base/state_bytes.hpp"
#include "base/xxhash64.hpp"

namespace streamstat {

namespace {

constexpr char kTag[] = "pieces 1\n";
constexpr std::size_t kAhead = 24;                 // rows whose entries are on their way from memory
constexpr std::size_t kCachedEntries = 1 << 15;  // as many stay in the second-level cache by themselves
constexpr std::size_t kMaxSlots = std::numeric_limits<std::int32_t>::max();

}  // namespace

inline std::size_t PieceTable::home(std::int32_t key, std::int64_t lo) const {
  std::uint64_t mixed = (static_cast<std::uint64_t>(lo) + static_cast<std::uint32_t>(key) * xxh::kPrime2) * xxh::kPrime1;
  mixed ^= mixed >> 32;
  return (mixed * xxh::kPrime3) >> shift_;
}

// Where (key, lo) is, or the empty entry where it would be.
inline std::size_t PieceTable::position_of(std::int32_t key, std::int64_t lo) const {
  std::size_t i = home(key, lo);
  while (entries_[i].slot >= 0 && (entries_[i].lo != lo || entries_[i].key != key)) i = (i + 1) & (entries_.size() - 1);
  return i;
}

std::vector<std::int32_t> PieceTable::admit(std::span<const std::int32_t> keys, std::span<const std::int64_t> los,
                                            std::span<const std::int64_t> his, std::span<const std::uint8_t> take,
                                            std::span<std::int32_t> slots) {
  std::vector<std::int32_t> created;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (entries_.size() > kCachedEntries && i + kAhead < keys.size())
      prefetch_line(&entries_[home(keys[i + kAhead], los[i + kAhead])]);
    if (!take[i]) {
      slots[i] = -1;
      continue;
    }
    slots[i] = entries_[position_of(keys[i], los[i])].slot;
    if (slots[i] < 0) [[unlikely]] {
      slots[i] = add(keys[i], los[i], his[i]);
      created.push_back(slots[i]);
    }
  }
  return created;
}

std::int32_t PieceTable::add(std::int32_t key, std::int64_t lo, std::int64_t hi) {
  if ((size_ + 1) * 4 > entries_.size() * 3) widen();
  const std::size_t slot = take_slot();
  pieces_[slot] = {lo, hi, key};
  entries_[position_of(key, lo)] = {lo, key, static_cast<std::int32_t>(slot)};
  ++size_;
  return static_cast<std::int32_t>(slot);
}

std::size_t PieceTable::take_slot() {
  if (!free_.empty()) {
    const std::size_t slot = free_.lowest();
    free_.remove(slot);
    return slot;
  }
  const std::size_t slot = pieces_.size();
  if (slot == kMaxSlots) throw std::overflow_error("more than 2147483647 live pieces");
  free_.make_room(slot + 1);
  borrowed_.make_room(slot + 1);
  pieces_.emplace_back();
  return slot;
}

std::int32_t PieceTable::borrow() {
  const std::size_t slot = take_slot();
  borrowed_.add(slot);
  return static_cast<std::int32_t>(slot);
}

void PieceTable::give_back(std::int32_t slot) {
  borrowed_.remove(static_cast<std::size_t>(slot));
  free_.add(static_cast<std::size_t>(slot));
}

void PieceTable::widen() {
  std::vector<Entry> narrow(entries_.size() * 2);
  narrow.swap(entries_);
  --shift_;
  for (const Entry &entry : narrow)
    if (entry.slot >= 0) entries_[position_of(entry.key, entry.lo)] = entry;
}

bool PieceTable::is_live(std::int32_t slot) const {
  const auto index = static_cast<std::size_t>(slot);
  return slot >= 0 && index < pieces_.size() && !free_.contains(index) && !borrowed_.contains(index);
}

void PieceTable::drop(std::span<const std::int32_t> slots) {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (is_live(slots[i])) {
      free_.add(static_cast<std::size_t>(slots[i]));
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) free_.remove(static_cast<std::size_t>(slots[j]));
    throw std::out_of_range("slots: " + std::to_string(slots[i]) + " holds no live piece, or is named twice");
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (entries_.size() > kCachedEntries && i + kAhead < slots.size()) {
      const Piece &next = pieces_[static_cast<std::size_t>(slots[i + kAhead])];
      prefetch_line(&entries_[home(next.key, next.lo)]);
    }
    const Piece &piece = pieces_[static_cast<std::size_t>(slots[i])];
    erase(position_of(piece.key, piece.lo));
  }
  size_ -= slots.size();
}

// Entries behind the hole that may be nearer to their home move up, as if the erased one had never been.
void PieceTable::erase(std::size_t hole) {
  const std::size_t mask = entries_.size() - 1;
  for (std::size_t i = (hole + 1) & mask; entries_[i].slot >= 0; i = (i + 1) & mask) {
    const std::size_t from_home = (i - home(entries_[i].key, entries_[i].lo)) & mask;
    if (from_home < ((i - hole) & mask)) continue;
    entries_[hole] = entries_[i];
    hole = i;
  }
  entries_[hole].slot = -1;
}

std::vector<std::int32_t> PieceTable::live_slots() const {
  std::vector<std::int32_t> slots;
  slots.reserve(size_);
  for (std::size_t first = 0; first < pieces_.size(); first += 64) {
    const std::size_t n = std::min<std::size_t>(64, pieces_.size() - first);
    const std::uint64_t held = ~free_.words()[first / 64] & ~borrowed_.words()[first / 64];
    std::uint64_t live = held & (~std::uint64_t{0} >> (64 - n));
    for (; live; live &= live - 1)
      slots.push_back(static_cast<std::int32_t>(first + static_cast<std::size_t>(std::countr_zero(live))));
  }
  return slots;
}

PieceTable::Live PieceTable::live() const { return at(live_slots()); }

PieceTable::Live PieceTable::at(std::span<const std::int32_t> slots) const {
  Live found{{slots.begin(), slots.end()}, {}, {}, {}};
  found.keys.reserve(slots.size());
  found.los.reserve(slots.size());
  found.his.reserve(slots.size());
  for (const std::int32_t slot : slots) {
    if (!is_live(slot)) throw std::out_of_range("slots: " + std::to_string(slot) + " holds no live piece");
    const Piece &piece = pieces_[static_cast<std::size_t>(slot)];
    found.keys.push_back(piece.key);
    found.los.push_back(piece.lo);
    found.his.push_back(piece.hi);
  }
  return found;
}

void PieceTable::find(std::span<const std::int32_t> keys, std::span<const std::int64_t> los,
                      std::span<std::int32_t> slots) const {
  for (std::size_t i = 0; i < keys.size(); ++i) slots[i] = entries_[position_of(keys[i], los[i])].slot;
}

Bytes PieceTable::snapshot() const {
  Bytes bytes = tagged(kTag);
  const Live all = live();
  write_value(bytes, static_cast<std::uint64_t>(pieces_.size()));
  std::vector<std::uint64_t> free = free_.words();
  for (std::size_t i = 0; i < free.size(); ++i) free[i] |= borrowed_.words()[i];
  write_column(bytes, free);
  write_column(bytes, all.keys);
  write_column(bytes, all.los);
  write_column(bytes, all.his);
  return bytes;
}

void PieceTable::restore(ByteSpan snapshot) {
  Reader reader(snapshot, kTag);
  const auto capacity = reader.read<std::uint64_t>();
  const auto free = reader.read_column<std::uint64_t>();
  const auto keys = reader.read_column<std::int32_t>();
  const auto los = reader.read_column<std::int64_t>(), his = reader.read_column<std::int64_t>();
  reader.require_end();
  Reader::require(capacity <= kMaxSlots && free.size() == (capacity + 63) / 64 && los.size() == keys.size() &&
                      his.size() == keys.size(),
                  "columns of wrong length");
  PieceTable restored;
  restored.free_.make_room(capacity);
  restored.borrowed_.make_room(capacity);
  restored.pieces_.resize(capacity);
  std::size_t next = 0;
  for (std::size_t slot = 0; slot < capacity; ++slot) {
    if (free[slot / 64] >> (slot % 64) & 1) {
      restored.free_.add(slot);
      continue;
    }
    Reader::require(next < keys.size(), "fewer pieces than slots in use");
    restored.pieces_[slot] = {los[next], his[next], keys[next]};
    if ((++restored.size_) * 4 > restored.entries_.size() * 3) restored.widen();
    Entry &entry = restored.entries_[restored.position_of(keys[next], los[next])];
    Reader::require(entry.slot < 0, "a piece twice");
    entry = {los[next], keys[next], static_cast<std::int32_t>(slot)};
    ++next;
  }
  Reader::require(next == keys.size(), "more pieces than slots in use");
  *this = std::move(restored);
}

}  // namespace streamstat
