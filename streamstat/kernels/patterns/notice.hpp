// That a match ends with an event, without looking at the events before it: of each group a few numbers a step.
//
// Of all beginnings of a fit that have come as far as a step the one that begins last is enough: whatever can still
// follow one of the others can follow it, and it is within the limit for longest. A step that takes n events has the n
// last of them in a ring; one in a bracket forgets at every event that is none of its own.
//
// What is noticed may yet be no match, where conditions look at earlier events, or neighbours have a limit of their own:
// whoever asks looks for the fit. No match is missed.
#pragma once

#include "patterns/program.hpp"

#include <memory>

namespace streamstat {

struct Noticed {
  bool ends = false;     // a match may end with the event
  bool matters = false;  // the event may be part of one
};

class Notices {
 public:
  explicit Notices(const Program &program);

  // Groups [0, n) exist.
  void reserve(std::size_t groups);
  // The next event of a group. mask: kNotFirst if no match may begin with it.
  Noticed event(std::size_t group, std::int64_t time, Bits mask);
  // As if the group had had no event.
  void reset(std::size_t group);
  // Whether any fit that has begun at or after `oldest` can still go on with an event at or after `time`.
  bool is_open(std::size_t group, std::int64_t oldest, std::int64_t time) const;

 private:
  static constexpr std::int32_t kShort = 8;  // events of a ring that lies among the numbers of its group

  struct Begun {
    std::int64_t start = kNever, first = kNever;  // of the whole fit, and of this step
  };
  // The last events of a step, the newest first, when they are many.
  struct Ring {
    std::vector<Begun> begun;
    std::size_t newest = 0;
  };
  struct Layout {
    std::size_t done;        // where the latest beginning of a fit lies that has all of the step
    std::size_t ring;        // where its events lie: pairs, or in a bracket one number for each count
    std::int32_t length;     // of the ring, or of the counts
    int rings;               // which of the rings that lie elsewhere; -1: none
  };

  std::int64_t *numbers(std::size_t group) { return numbers_.data() + group * blank_.size(); }
  const std::int64_t *numbers(std::size_t group) const { return numbers_.data() + group * blank_.size(); }
  std::int64_t entered(const std::int64_t *own, std::size_t step, std::int64_t time, Bits mask) const;
  Noticed take(std::size_t group, std::size_t step, Begun entering, std::int64_t time);
  Noticed take_neighbour(std::int64_t *own, std::size_t step, std::int64_t entering, std::int64_t time);
  bool complete(std::int64_t *own, std::size_t step, std::int64_t start, std::int64_t time);
  Begun oldest_of(std::size_t group, std::size_t step) const;
  void push(std::size_t group, std::size_t step, Begun begun);
  Begun newest_of(std::size_t group, std::size_t step) const;
  Ring *ring_of(std::size_t group, std::size_t step) const;

  const Program &program_;
  std::vector<Layout> layouts_;
  std::vector<std::int64_t> blank_, numbers_;
  int long_rings_ = 0;
  std::vector<std::unique_ptr<Ring[]>> rings_;  // of each group that has any
};

}  // namespace streamstat
