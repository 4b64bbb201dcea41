// The value of the event with the greatest or the least number per slot; ties by event time, then by input order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "states/picks.hpp"

namespace streamstat {

// A number by which events are ranked. Equal numbers are equal here: a whole one that fits is an integer, and no zero
// has a sign.
struct RankingNumber {
  bool is_real = false;
  std::int64_t bits = 0;  // an integer, or the bits of a double that is none of int64

  bool operator==(const RankingNumber &) const = default;
};

// Nothing for what is no number.
std::optional<RankingNumber> ranking_number(std::uint8_t kind, std::int64_t number);
bool is_less(const RankingNumber &a, const RankingNumber &b);

struct RankedRows {
  PickRows picks;
  std::span<const std::uint8_t> kinds;    // of the numbers
  std::span<const std::int64_t> numbers;

  void require_valid(std::size_t size) const;
};

class RankedPicks {
 public:
  struct Slot {
    RankingNumber by;
    Picked picked;

    void move_on(std::int64_t later) { picked.move_on(later); }
  };

  explicit RankedPicks(bool greatest) : greatest_(greatest) {}

  std::size_t size() const { return slots_.size(); }
  void resize(std::size_t n) { slots_.resize(n); }
  void require_same_parameters(const RankedPicks &other) const;
  void clear_slot(std::size_t slot);
  void absorb_slot(std::size_t into, const RankedPicks &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  Slot read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, Slot &&ranked) { slots_[slot] = std::move(ranked); }

  void update(const RankedRows &rows);
  PickedValues values(Slots slots) const;

 private:
  bool beats(const RankingNumber &by, std::int64_t time, std::int64_t sequence, const Slot &slot) const;

  bool greatest_;
  std::vector<Slot> slots_;
};

}  // namespace streamstat
