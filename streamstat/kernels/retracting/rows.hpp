// retracting/ holds what aggregates keep of rows that may go again: one state a slot, into which rows are added and out
// of which they are taken. What was taken out leaves no trace. It knows neither keys nor windows. Begin here, then
// ordered_counts.hpp; walk.hpp gives the states behind each of many steps.
//
// Rows as all tables of this folder take them; each looks at its own columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "states/slot_states.hpp"

namespace streamstat::retracting {

// Byte strings that may not be there at all.
struct Strings {
  std::span<const std::int64_t> offsets;
  std::span<const std::uint8_t> data;

  TextColumn column(std::size_t n) const { return TextColumn(offsets, data, n); }
  Strings part(std::size_t lo, std::size_t n) const {
    if (offsets.empty()) return {};
    return {offsets.subspan(lo, n + 1), data};
  }
};

template <typename T>
std::span<const T> part_of(std::span<const T> column, std::size_t lo, std::size_t n) {
  return column.empty() ? column : column.subspan(lo, n);
}

struct Rows {
  Slots slots;
  std::span<const std::uint8_t> kinds;
  std::span<const std::int64_t> numbers;
  std::span<const std::uint64_t> hashes;
  Strings texts;
  std::span<const std::int64_t> times;
  Strings ties;  // in whose order rows of one time stand
  std::span<const std::uint8_t> by_kinds;
  std::span<const std::int64_t> by_numbers;

  std::size_t size() const { return slots.size(); }

  // Columns that are there have one size, so that parts of them can be taken.
  void require_sizes() const {
    const auto check = [&](std::size_t n, const char *name) {
      if (n) require_size(size(), n, name);
    };
    check(kinds.size(), "kinds");
    check(numbers.size(), "numbers");
    check(hashes.size(), "hashes");
    check(times.size(), "times");
    check(by_kinds.size(), "by_kinds");
    check(by_numbers.size(), "by_numbers");
    if (!texts.offsets.empty()) texts.column(size());
    if (!ties.offsets.empty()) ties.column(size());
  }

  Rows part(std::size_t lo, std::size_t n) const {
    return {slots.subspan(lo, n),     part_of(kinds, lo, n), part_of(numbers, lo, n),
            part_of(hashes, lo, n),   texts.part(lo, n),     part_of(times, lo, n),
            ties.part(lo, n),         part_of(by_kinds, lo, n), part_of(by_numbers, lo, n)};
  }

  NumberRows values() const { return {slots, kinds, numbers}; }
};

}  // namespace streamstat::retracting
