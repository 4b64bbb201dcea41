// Exact sums of numbers and of their squares per slot, rounded once when asked for.
//
// A fixed-point accumulator in the manner of Kulisch: a sum of doubles is an integer multiple of the least
// double, so integers add it up without rounding, in any order, and take it back again. Four limbs do for ordinary
// values; the 2,176 bits that all doubles need are set aside for a slot that meets others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "states/exact_slots.hpp"
#include "states/exact_tally.hpp"
#include "states/slot_states.hpp"

namespace streamstat {

class ExactSums {
 public:
  struct Totals {
    exact::Tally tally;
    exact::SquareSum squares;
  };
  // What a snapshot of a slot tells: whole numbers, the bits of one double, or totals. Most are small.
  using State = std::variant<exact::TallySlots::Whole, std::int64_t, std::unique_ptr<Totals>>;

  explicit ExactSums(bool squares) : has_squares_(squares) {}
  ExactSums(ExactSums &&) = default;

  bool has_squares() const { return has_squares_; }
  std::size_t size() const { return has_squares_ ? squares_.size() : slots_.size(); }
  void resize(std::size_t n);
  void require_same_parameters(const ExactSums &other) const;
  void clear_slot(std::size_t slot);
  void absorb_slot(std::size_t into, const ExactSums &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  State read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, State &&state);

  void update(const NumberRows &rows);
  void remove(const NumberRows &rows);

  std::vector<std::int64_t> counts(Slots slots) const;
  NumberColumn sums(Slots slots) const;
  NumberColumn means(Slots slots) const;
  NumberColumn ratios(Slots slots, std::span<const std::int64_t> divisors, std::int64_t scale) const;
  NumberColumn variances(Slots slots) const;
  NumberColumn deviations(Slots slots) const;

 private:
  bool write_small(std::size_t slot, Bytes &bytes) const;
  template <bool adds>
  void apply(const NumberRows &rows);
  template <bool adds>
  void apply_squared(const NumberRows &rows);
  template <typename Visit>
  void visit(std::size_t slot, Visit &&visit) const;
  template <typename Visit>
  void for_each(Slots slots, Visit visit) const;

  bool has_squares_;
  exact::TallySlots slots_;                // without squares
  std::vector<exact::Tally> tallies_;      // with them
  std::vector<exact::SquareSum> squares_;
};

}  // namespace streamstat
