// patterns/ finds patterns in time: events of a group that follow each other. It knows steps as bits of a mask, and
// neither what an event must be to have a bit nor what a match is worth. Begin here, then notice.hpp (that a match
// ends), fitter.hpp (which events are the best fit), clocks.hpp (what did not come) and pattern_table.hpp (all of it).
//
// A pattern as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace streamstat {

using Bits = std::uint64_t;

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
constexpr Bits kNotFirst = Bits{1} << 63;  // of an event: it may not be the first of a match
constexpr int kMostSteps = 60;
constexpr int kMostTaken = 100000;  // of one step, at least or at most

struct PatternStep {
  int bit;
  std::int32_t least, most;  // most -1: any number
  std::int64_t span;         // from its first to its last event at most; -1: any time
  bool bracketed;            // its events are neighbours

  std::int32_t needed() const { return least < 1 ? 1 : least; }  // once it takes any
  bool is_unbounded() const { return most < 0; }
};

struct PatternEdge {
  int source, to;
  bool adjacent;  // at the very next event
  int absent;     // the bit that must not come between; -1: none
};

struct Program {
  std::vector<PatternStep> steps;
  std::vector<PatternEdge> edges;
  std::vector<std::uint8_t> first, last;
  int before, behind;               // bits of what must not come before and behind; -1: none
  std::vector<Bits> references;     // of each bit those of the steps that its condition looks at
  std::int64_t within;
  bool overlap;

  // Made by `finish`:
  std::vector<std::vector<int>> out, in;  // edges, by step
  Bits taken = 0, gaps = 0;               // bits that a step takes; bits that must not come between
  Bits conditional = 0, referenced = 0;   // bits with references, and bits that others refer to
  bool has_brackets = false;

  // Whether the bit tells what must not come behind a match, and nothing else.
  bool is_only_behind(int bit) const;
  // Throws std::invalid_argument for what is no pattern.
  void finish();
};

inline Bits bit_of(int bit) { return Bits{1} << bit; }

inline bool Program::is_only_behind(int bit) const {
  return bit == behind && bit != before && !((taken | gaps) & bit_of(bit));
}

// time - duration, which is never below all times.
inline std::int64_t behind_time(std::int64_t time, std::int64_t duration) {
  return time < kNever + 1 + duration ? kNever + 1 : time - duration;
}

}  // namespace streamstat
