// Counters, extremes and extents of event times per slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "states/extreme_keys.hpp"
#include "states/slot_states.hpp"

namespace streamstat {

class Counts {
 public:
  std::size_t size() const { return counts_.size() - 1; }
  void resize(std::size_t n) { counts_.resize(n + 1); }
  void require_same_parameters(const Counts &) const {}
  void clear_slot(std::size_t slot) { counts_[slot + 1] = 0; }
  void absorb_slot(std::size_t into, const Counts &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  std::uint64_t read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, std::uint64_t count) { counts_[slot + 1] = count; }

  void update(Slots slots);
  void update_nonnull(Slots slots, std::span<const std::uint8_t> kinds);
  void update_true(Slots slots, std::span<const std::uint8_t> flags);
  void remove(Slots slots);
  std::vector<std::int64_t> values(Slots slots) const;

 private:
  template <typename Amount>
  void add(Slots slots, Amount amount);

  // The first counts the skipped rows: a wasted addition is cheaper than a branch nobody can predict.
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(1);
};

// The least (or greatest) number; integers and doubles apart, so that the result says which all of them were.
class Extremes {
 public:
  explicit Extremes(bool minimum) : flip_(extreme_flip(minimum)) {}

  std::size_t size() const { return slots_.size(); }
  void resize(std::size_t n) { slots_.resize(n); }
  void require_same_parameters(const Extremes &other) const;
  void clear_slot(std::size_t slot) { slots_[slot] = LeastKeys{}; }
  void absorb_slot(std::size_t into, const Extremes &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  LeastKeys read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, const LeastKeys &keys) { slots_[slot] = keys; }

  void update(const NumberRows &rows);
  NumberColumn values(Slots slots) const;

 private:
  std::int64_t flip_;
  std::vector<LeastKeys> slots_;
};

// The first and last event time.
class Extents {
 public:
  struct Slot {
    std::int64_t lo = std::numeric_limits<std::int64_t>::max();
    std::int64_t hi = std::numeric_limits<std::int64_t>::min();
  };

  std::size_t size() const { return slots_.size(); }
  void resize(std::size_t n) { slots_.resize(n); }
  void require_same_parameters(const Extents &) const {}
  void clear_slot(std::size_t slot) { slots_[slot] = Slot{}; }
  void absorb_slot(std::size_t into, const Extents &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  Slot read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, const Slot &extent) { slots_[slot] = extent; }

  void update(Slots slots, std::span<const std::int64_t> times);
  std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> values(Slots slots) const;

 private:
  std::vector<Slot> slots_;
};

}  // namespace streamstat
