// Tables over numbers and hashes: each adds rows to the slots that they name, or takes them out again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "retracting/ordered_counts.hpp"
#include "retracting/rows.hpp"
#include "states/exact.hpp"
#include "states/extreme_keys.hpp"
#include "states/grouped.hpp"
#include "states/hdr.hpp"
#include "states/histogram.hpp"

namespace streamstat::retracting {

// Rows, or those whose value is not null.
class RowCounts : public Counts {
 public:
  void add(const Rows &rows);
  void remove(const Rows &rows);
};

class Sums : public ExactSums {
 public:
  using ExactSums::ExactSums;
  void add(const Rows &rows) { ExactSums::update(rows.values()); }
  void remove(const Rows &rows) { ExactSums::remove(rows.values()); }
};

class BucketCounts : public Histograms {
 public:
  using Histograms::Histograms;
  void add(const Rows &rows) { Histograms::update(rows.values()); }
  void remove(const Rows &rows) { Histograms::remove(rows.values()); }
};

// A vector of states with version kVersion, which are written and read as a whole.
template <typename State>
class StateTable {
 public:
  std::size_t size() const { return slots_.size(); }
  void resize(std::size_t n) { slots_.resize(n); }
  void clear_slot(std::size_t slot) { slots_[slot] = State(); }
  void write_slot(std::size_t slot, Bytes &bytes) const {
    write_value(bytes, State::kVersion);
    slots_[slot].write(bytes);
  }
  State read_slot(Reader &reader) const {
    reader.require_version(State::kVersion);
    return State::read(reader);
  }
  void set_slot(std::size_t slot, State &&state) { slots_[slot] = std::move(state); }

 protected:
  template <typename Use>
  void for_each(const Rows &rows, Use use) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows.slots[i] >= 0) use(slots_[static_cast<std::size_t>(rows.slots[i])], i);
  }

  std::vector<State> slots_;
};

// Integers and doubles apart: the result says which all of them are.
struct Numbers {
  static constexpr std::uint8_t kVersion = 1;
  OrderedCounts integers, reals;

  void write(Bytes &bytes) const;
  static Numbers read(Reader &reader);
};

class Extremes : public StateTable<Numbers> {
 public:
  explicit Extremes(bool minimum) : minimum_(minimum) {}
  void add(const Rows &rows);
  void remove(const Rows &rows);
  NumberColumn values(Slots slots) const;

 private:
  template <auto change>
  void apply(const Rows &rows);

  bool minimum_;
};

// The buckets of percentiles, and the numbers themselves, without which nobody would know the greatest one left.
struct Percentiles {
  static constexpr std::uint8_t kVersion = 1;
  OrderedCounts buckets, numbers;
  std::uint64_t fractions = 0;

  double quantile(std::uint64_t rank) const;
  void write(Bytes &bytes) const;
  static Percentiles read(Reader &reader);
};

class PercentileCounts : public StateTable<Percentiles> {
 public:
  void add(const Rows &rows);
  void remove(const Rows &rows);
  Quantiles quantile(Slots slots, std::uint64_t numerator, std::uint64_t denominator) const;

 private:
  template <auto change>
  void apply(const Rows &rows, std::uint64_t one);
};

// One set of numbers a slot.
struct Counted {
  static constexpr std::uint8_t kVersion = 1;
  OrderedCounts counts;

  void write(Bytes &bytes) const { counts.write(bytes); }
  static Counted read(Reader &reader) { return {OrderedCounts::read(reader)}; }
};

// How many different hashes there are.
class HashCounts : public StateTable<Counted> {
 public:
  void add(const Rows &rows);
  void remove(const Rows &rows);
  std::vector<std::int64_t> estimates(Slots slots) const;

 private:
  template <auto change>
  void apply(const Rows &rows);
};

// From the first to the last time there is; MINUS_INFINITY is none.
class TimeSpans : public StateTable<Counted> {
 public:
  void add(const Rows &rows);
  void remove(const Rows &rows);
  std::vector<std::int64_t> lengths(Slots slots) const;

 private:
  template <auto change>
  void apply(const Rows &rows);
};

}  // namespace streamstat::retracting
