// The states behind each of many steps, as if rows came one after the other: a reader is told a result a step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "retracting/rows.hpp"
#include "states/hdr.hpp"
#include "states/picks.hpp"

namespace streamstat::retracting {

// Step s is about rows [ends[s - 1], ends[s]), which are added or (gone[i] != 0) taken out, and the slot slots[s].
struct Steps {
  Rows rows;
  std::span<const std::uint8_t> gone;
  std::span<const std::int64_t> ends;
  Slots slots;

  void require_valid() const {
    rows.require_sizes();
    require_size(rows.size(), gone.size(), "gone");
    require_size(slots.size(), ends.size(), "ends");
    std::int64_t last = 0;
    for (const std::int64_t end : ends) {
      if (end < last) throw std::invalid_argument("ends: they go back");
      last = end;
    }
    if (static_cast<std::size_t>(last) != rows.size()) throw std::invalid_argument("ends: not those of the rows");
  }
};

inline void extend(std::vector<std::int64_t> &into, std::vector<std::int64_t> &&part) {
  into.insert(into.end(), part.begin(), part.end());
}
inline void extend(NumberColumn &into, NumberColumn &&part) {
  into.kinds.insert(into.kinds.end(), part.kinds.begin(), part.kinds.end());
  into.numbers.insert(into.numbers.end(), part.numbers.begin(), part.numbers.end());
}
inline void extend(ByteStrings &into, ByteStrings &&part) {
  into.data.insert(into.data.end(), part.data.begin(), part.data.end());
  into.end_string();
}
inline void extend(PickedValues &into, PickedValues &&part) {
  extend(into.numbers, std::move(part.numbers));
  extend(into.texts, std::move(part.texts));
}
inline void extend(Quantiles &into, Quantiles &&part) {
  into.kinds.insert(into.kinds.end(), part.kinds.begin(), part.kinds.end());
  into.values.insert(into.values.end(), part.values.begin(), part.values.end());
}

// Rows [lo, hi) as they are to be added or taken out, or the other way round.
template <typename Table>
void apply(Table &table, const Steps &steps, std::size_t lo, std::size_t hi) {
  while (lo < hi) {
    std::size_t end = lo + 1;
    while (end < hi && (steps.gone[end] != 0) == (steps.gone[lo] != 0)) ++end;
    const Rows rows = steps.rows.part(lo, end - lo);
    if (steps.gone[lo])
      table.remove(rows);
    else
      table.add(rows);
    lo = end;
  }
}

template <typename Table>
void undo(Table &table, const Steps &steps, std::size_t done) {
  for (std::size_t i = done; i-- > 0;) {
    const Rows row = steps.rows.part(i, 1);
    if (steps.gone[i])
      table.add(row);
    else
      table.remove(row);
  }
}

// What read(table, slots, step) tells behind each step, slots being the one of the step. The table is then as it was.
template <typename Table, typename Read>
auto walked(Table &table, const Steps &steps, Read read) {
  decltype(read(std::as_const(table), steps.slots, std::size_t{})) results;
  std::size_t done = 0;
  for (std::size_t step = 0; step < steps.slots.size(); ++step) {
    const auto end = static_cast<std::size_t>(steps.ends[step]);
    apply(table, steps, done, end);
    done = end;
    extend(results, read(std::as_const(table), steps.slots.subspan(step, 1), step));
  }
  undo(table, steps, done);
  return results;
}

}  // namespace streamstat::retracting
