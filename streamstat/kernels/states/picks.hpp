// The value with the first or last event time per slot, ties by input order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "states/slot_states.hpp"

namespace streamstat {

struct PickRows {
  NumberRows values;
  TextColumn texts;
  std::span<const std::int64_t> times;
  std::int64_t first_sequence;  // row i was the first_sequence + i th of the input

  void require_valid(std::size_t size) const;
};

struct PickedValues {
  NumberColumn numbers;
  ByteStrings texts;
};

// The value that one slot holds, and the event that it is of.
struct Picked {
  std::int64_t time = 0, sequence = 0, number = 0;
  std::uint8_t kind = kind::null;  // null: nothing picked yet
  bool is_pending = false;           // won in the block at hand; its value is yet to be copied
  std::string text;

  // Whether an event stands before this one: by time, then by input order.
  bool is_behind(std::int64_t event_time, std::int64_t event_sequence) const {
    return std::pair(event_time, event_sequence) < std::pair(time, sequence);
  }
  // The event stands so many places further on in the stream; no place is beyond all numbers.
  void move_on(std::int64_t later) { sequence = sequence > INT64_MAX - later ? INT64_MAX : sequence + later; }
  void take(const PickRows &rows);  // the value of its row; nothing is pending then
  void append_to(PickedValues &values) const;
  void write(Bytes &bytes) const;
  static Picked read(Reader &reader);
};

class Picks {
 public:
  using Slot = Picked;

  explicit Picks(bool last) : last_(last) {}

  std::size_t size() const { return slots_.size(); }
  void resize(std::size_t n) { slots_.resize(n); }
  void require_same_parameters(const Picks &other) const;
  void clear_slot(std::size_t slot);
  void absorb_slot(std::size_t into, const Picks &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  Slot read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, Slot &&picked) { slots_[slot] = std::move(picked); }

  void update(const PickRows &rows);
  PickedValues values(Slots slots) const;

 private:
  bool beats(std::int64_t time, std::int64_t sequence, const Slot &slot) const;

  bool last_;
  std::vector<Slot> slots_;
};

}  // namespace streamstat
