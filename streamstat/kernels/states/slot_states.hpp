// states/ holds what aggregates keep, one state a slot. It knows neither keys nor windows: slots are numbers to it, and
// rows are columns. Begin here with the contract of a table, then grouped.hpp, the simplest tables;
// bind_slot_states.hpp binds what all of them have.
//
// What every kernel with one state a slot shares: checked slots, columns of numbers, and the contract of a table.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_strings.hpp"
#include "base/kinds.hpp"
#include "base/prefetch.hpp"
#include "base/sizes.hpp"
#include "base/slot_array.hpp"
#include "base/state_bytes.hpp"

namespace streamstat {

using Slots = std::span<const std::int32_t>;

// For updates, where a negative slot means: skip this row.
inline void require_slots_below(Slots slots, std::size_t size) {
  std::int32_t highest = -1;
  for (const std::int32_t slot : slots) highest = std::max(highest, slot);
  if (highest >= 0 && static_cast<std::size_t>(highest) >= size)
    throw std::out_of_range("slots: " + std::to_string(highest) + " is not below " + std::to_string(size));
}

// For everything else, where each slot must exist.
inline void require_slots_exist(Slots slots, std::size_t size) {
  require_slots_below(slots, size);
  for (const std::int32_t slot : slots)
    if (slot < 0) throw std::out_of_range("slots: " + std::to_string(slot) + " is negative");
}

// Rows of numbers, one slot each.
struct NumberRows {
  Slots slots;
  std::span<const std::uint8_t> kinds;
  std::span<const std::int64_t> numbers;

  void require_valid(std::size_t size) const {
    require_size(slots.size(), kinds.size(), "kinds");
    require_size(slots.size(), numbers.size(), "numbers");
    require_kinds(kinds);
    require_slots_below(slots, size);
  }
};

// Values going out: kinds, and numbers as int64 or IEEE bits.
struct NumberColumn {
  std::vector<std::uint8_t> kinds;
  std::vector<std::int64_t> numbers;

  void push(std::uint8_t kind, std::int64_t number) {
    kinds.push_back(kind);
    numbers.push_back(number);
  }
  void push_null() { push(kind::null, 0); }
  void push_integer(std::int64_t number) { push(kind::integer, number); }
  void push_real(double number) { push(kind::real, std::bit_cast<std::int64_t>(number)); }
};

// One state a slot. read_slot makes a state of bytes that nobody vouches for, or throws; set_slot puts it into a slot.
template <typename Table>
concept StateSlots = requires(Table table, const Table other, std::size_t slot, Bytes bytes, Reader reader) {
  { other.size() } -> std::same_as<std::size_t>;
  table.resize(slot);
  table.clear_slot(slot);
  other.write_slot(slot, bytes);
  table.set_slot(slot, other.read_slot(reader));
};

// absorb_slot must allow `other` to be the table itself and both slots to be one.
template <typename Table>
concept SlotTable = StateSlots<Table> && requires(Table table, const Table other, std::size_t slot) {
  other.require_same_parameters(other);
  table.absorb_slot(slot, other, slot);
};

template <StateSlots Table>
void resize(Table &table, std::int64_t n) {
  if (n < 0 || n > INT32_MAX) throw std::invalid_argument("n: " + std::to_string(n) + " is no number of slots");
  if (static_cast<std::size_t>(n) < table.size())
    throw std::invalid_argument("n: " + std::to_string(n) + " is fewer than the " + std::to_string(table.size()) +
                                " slots there are");
  table.resize(static_cast<std::size_t>(n));
}

template <StateSlots Table>
void clear(Table &table, Slots slots) {
  require_slots_exist(slots, table.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if constexpr (requires { table.fetch_ahead(slots, i); }) table.fetch_ahead(slots, i);
    table.clear_slot(static_cast<std::size_t>(slots[i]));
  }
}

template <SlotTable Table>
void absorb(Table &table, const Table &other, Slots into, Slots source) {
  require_size(into.size(), source.size(), "source");
  require_slots_exist(into, table.size());
  require_slots_exist(source, other.size());
  table.require_same_parameters(other);
  for (std::size_t i = 0; i < into.size(); ++i)
    table.absorb_slot(static_cast<std::size_t>(into[i]), other, static_cast<std::size_t>(source[i]));
}

template <StateSlots Table>
ByteStrings snapshot(const Table &table, Slots slots) {
  require_slots_exist(slots, table.size());
  ByteStrings result;
  result.offsets.reserve(slots.size() + 1);
  for (const std::int32_t slot : slots) {
    table.write_slot(static_cast<std::size_t>(slot), result.data);
    result.end_string();
  }
  return result;
}

// Puts make(i), a state, into slots[i]. All or nothing: one damaged state leaves every slot as it was.
template <StateSlots Table, typename Make>
void restore_each(Table &table, Slots slots, Make make) {
  require_slots_exist(slots, table.size());
  std::vector<decltype(make(std::size_t{}))> states;
  states.reserve(slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) states.push_back(make(i));
  for (std::size_t i = 0; i < slots.size(); ++i)
    table.set_slot(static_cast<std::size_t>(slots[i]), std::move(states[i]));
}

inline ByteSpan bytes_in(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

template <StateSlots Table>
void restore(Table &table, Slots slots, const TextColumn &snapshots) {
  restore_each(table, slots, [&](std::size_t i) {
    Reader reader(bytes_in(snapshots[i]));
    auto state = table.read_slot(reader);
    reader.require_end();
    return state;
  });
}

// Merges what `snapshot` gave, state i into slot into[i], by way of a table of one slot. The events of these states are
// `later` places further on in the stream than they know. What is damaged throws; what stands before it is merged.
template <SlotTable Table>
void absorb_snapshots(Table &table, Table &passage, Slots into, const TextColumn &snapshots, std::int64_t later) {
  require_slots_exist(into, table.size());
  table.require_same_parameters(passage);
  if (passage.size() != 1 || &passage == &table) throw std::invalid_argument("passage: not a table of one slot");
  if (later < 0) throw std::invalid_argument("later: " + std::to_string(later) + " is negative");
  for (std::size_t i = 0; i < into.size(); ++i) {
    if constexpr (requires { table.fetch_ahead(into, i); }) table.fetch_ahead(into, i);
    Reader reader(bytes_in(snapshots[i]));
    auto state = table.read_slot(reader);
    reader.require_end();
    if constexpr (requires { state.move_on(later); }) state.move_on(later);
    passage.set_slot(0, std::move(state));
    table.absorb_slot(static_cast<std::size_t>(into[i]), passage, 0);
  }
  passage.clear_slot(0);
}

// The table of a sketch that has Settings, kVersion, absorb(other, settings), write(bytes, settings) and
// static read(reader, settings).
template <typename Sketch>
class SketchStates {
 public:
  using Settings = typename Sketch::Settings;

  explicit SketchStates(Settings settings) : settings_(settings) {}
  SketchStates(const SketchStates &) = delete;
  SketchStates &operator=(const SketchStates &) = delete;

  const Settings &settings() const { return settings_; }
  std::size_t size() const { return sketches_.size(); }
  void resize(std::size_t n) { sketches_.grow(n); }
  void clear_slot(std::size_t slot) { sketches_[slot] = Sketch(); }
  void require_same_parameters(const SketchStates &other) const {
    if (settings_ != other.settings_) throw std::invalid_argument("other: has different settings");
  }
  void absorb_slot(std::size_t into, const SketchStates &other, std::size_t source) {
    sketches_[into].absorb(other.sketches_[source], settings_);
  }
  void write_slot(std::size_t slot, Bytes &bytes) const {
    write_value(bytes, Sketch::kVersion);
    sketches_[slot].write(bytes, settings_);
  }
  Sketch read_slot(Reader &reader) const {
    reader.require_version(Sketch::kVersion);
    return Sketch::read(reader, settings_);
  }
  void set_slot(std::size_t slot, Sketch &&sketch) { sketches_[slot] = std::move(sketch); }

  // Slots in the order of rows lie anywhere.
  void fetch_ahead(Slots slots, std::size_t i) const {
    constexpr std::size_t ahead = 16;
    if (i + ahead < slots.size()) prefetch_line(&sketches_[static_cast<std::size_t>(slots[i + ahead])]);
  }

 protected:
  // Beyond this many slots their states no longer fit a cache, and fetching ahead pays for its instructions.
  static constexpr std::size_t kFetchFrom = 256;

  // Calls add(sketch, row) for every row with a slot, in order, and fetch(sketch, row) some rows ahead of it.
  template <typename Add, typename Fetch>
  void for_each_row(Slots slots, Add add, Fetch fetch) {
    require_slots_below(slots, size());
    const std::size_t n = slots.size(), ahead = 8;
    Sketch *const sketches = sketches_.data();
    std::size_t row = 0;
    if (size() >= kFetchFrom)
      for (; row + 2 * ahead < n; ++row) {
        if (const std::int32_t slot = slots[row + 2 * ahead]; slot >= 0) prefetch_line_to_write(sketches + slot);
        if (const std::int32_t slot = slots[row + ahead]; slot >= 0) fetch(sketches[slot], row + ahead);
        if (slots[row] >= 0) add(sketches[slots[row]], row);
      }
    for (; row < n; ++row)
      if (slots[row] >= 0) add(sketches[slots[row]], row);
  }

  Settings settings_;
  SlotArray<Sketch> sketches_;
};

}  // namespace streamstat
