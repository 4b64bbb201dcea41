// Windows that overlap, made of what their panes have in common: sums of aligned runs of panes, each made once and used
// by every window that holds the run. These are the base intervals of Arasu and Widom, "Resource sharing in continuous
// sliding-window aggregates" (VLDB 2004): of n panes a window takes some 2 log2(n) sums instead of n.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "windows/pieces.hpp"

namespace streamstat {

// Live panes by key and time. Windows are numbered on a grid; a pane is in those from `first` to `last`.
class SortedPanes {
 public:
  struct Columns {
    std::span<const std::int32_t> slots, keys;
    std::span<const std::int64_t> los, firsts, lasts;
  };
  struct Pane {
    std::int32_t key, slot;
    std::int64_t lo, first, last;
    // Grows from pane to pane of a key, as each edge between two is the start or the end of a window.
    std::int64_t number() const { return first + last; }
  };
  struct Run {
    std::size_t lo, hi;
  };
  struct Fired {
    std::vector<std::int32_t> keys;
    std::vector<std::int64_t> windows;
  };

  explicit SortedPanes(Columns columns);

  std::size_t size() const { return panes_.size(); }
  const Pane &operator[](std::size_t i) const { return panes_[i]; }
  // The panes of the key that begin in [begin, end).
  Run run(std::int32_t key, std::int64_t begin, std::int64_t end) const;
  // The first pane of the run, which is of one key, with this number or a higher one.
  std::size_t place_of_number(Run run, std::int64_t number) const;
  // The windows numbered (since, until] of each key that hold a pane.
  Fired fired(std::int64_t since, std::int64_t until) const;

 private:
  std::vector<Pane> panes_;
  std::vector<std::int32_t> keys_;   // each once, ascending
  std::vector<std::size_t> begins_;  // of their panes, and the end of the last
};

class Spans {
 public:
  // Windows [start, end) of keys; `numbers` is the number that a pane from `end` on would have.
  struct Windows {
    std::span<const std::int32_t> keys;
    std::span<const std::int64_t> starts, ends, numbers;
  };
  // First slot into[i] is to absorb from[i], for i in order; then window of[i] holds slots[i].
  struct Plan {
    std::vector<std::int32_t> into, from;
    std::vector<std::int64_t> of;
    std::vector<std::int32_t> slots;
  };

  // No event comes for a pane in these windows any more, unless `forget` is told. Slots are borrowed from `pieces`.
  Plan cover(PieceTable &pieces, const SortedPanes &panes, const Windows &windows);
  // The spans that hold panes of these keys and numbers are not to be used again; gives back and returns their slots.
  std::vector<std::int32_t> forget(PieceTable &pieces, std::span<const std::int32_t> keys,
                                   std::span<const std::int64_t> numbers);

 private:
  using Run = SortedPanes::Run;

  // A span or a pane. Large ones are absorbed first: a state that is copied whole costs least.
  struct Part {
    std::size_t panes;
    std::int32_t slot;
  };

  static bool larger(const Part &one, const Part &other) { return one.panes > other.panes; }
  static Run block_from(const SortedPanes &panes, Run rest, std::int64_t complete);
  void divide(PieceTable &pieces, const SortedPanes &panes, Run run, Plan &plan, std::vector<Part> &parts);
  std::int32_t span_of(PieceTable &pieces, const SortedPanes &panes, Run run, Plan &plan);
  std::int32_t held(std::int32_t key, std::int64_t middle) const;

  PieceTable table_;  // of (key, middle)
  std::vector<std::int32_t> slots_;
  int most_levels_ = 0;
};

}  // namespace streamstat
