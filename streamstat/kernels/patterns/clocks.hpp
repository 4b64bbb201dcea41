// Absence: after a match of what stands before `!x` a clock runs; an x of the group stops it, else it is told when it has
// run out.
#pragma once

#include "patterns/program.hpp"

namespace streamstat {

struct Clock {
  std::int64_t deadline, start, end;  // end: of the last event of the match
  std::int64_t last;                  // the number of that event in the stream
  std::int32_t group, events;         // events: a chain of those taken, as their keeper has them
  std::int32_t next = -1, before = -1;  // of the group
  std::uint32_t serial = 0;           // which of the clocks that have had this place
  bool runs = false;
};

class Clocks {
 public:
  void reserve(std::size_t groups) {
    if (heads_.size() < groups) heads_.resize(groups, -1);
  }
  std::size_t running() const { return clocks_.size() - free_.size(); }

  void start(const Clock &clock);
  // An x of the group at this time: calls gone(clock) for each clock that it stops; stops(clock) may say that it is not
  // meant.
  template <typename Stops, typename Gone>
  void stop(std::size_t group, std::int64_t time, Stops &&stops, Gone &&gone) {
    for (std::int32_t i = heads_[group]; i >= 0;) {
      const Clock &clock = clocks_[static_cast<std::size_t>(i)];
      const std::int32_t next = clock.next;
      if (time <= clock.deadline && stops(clock)) {
        gone(clock);
        remove(i);
      }
      i = next;
    }
  }
  // Takes out the clocks that have run out before `until`, in order of deadline: told(clock) for each.
  template <typename Told>
  void run_out(std::int64_t until, Told &&told) {
    while (!heap_.empty() && heap_.front().deadline < until) {
      const std::int32_t i = pop();
      if (i < 0) continue;
      told(clocks_[static_cast<std::size_t>(i)]);
      remove(i);
    }
  }
  // All that run, in order of their places; of one group in the order in which they were started.
  template <typename Each>
  void each(Each &&visit) const {
    for (const Clock &clock : clocks_)
      if (clock.runs) visit(clock);
  }
  template <typename Each>
  void each_of(std::size_t group, Each &&visit) const {
    for (std::int32_t i = heads_[group]; i >= 0; i = clocks_[static_cast<std::size_t>(i)].next)
      visit(clocks_[static_cast<std::size_t>(i)]);
  }
  // The latest deadline, kNever if no clock runs.
  std::int64_t latest() const;
  std::int64_t earliest_start() const;

 private:
  struct Reminder {
    std::int64_t deadline;
    std::int32_t place;
    std::uint32_t serial;
    friend bool operator>(const Reminder &a, const Reminder &b) { return a.deadline > b.deadline; }
  };

  // The place of the clock that the first reminder is of; -1 if it has been stopped.
  std::int32_t pop();
  void remove(std::int32_t place);

  std::vector<Clock> clocks_;
  std::vector<std::int32_t> free_, heads_;
  std::vector<Reminder> heap_;
};

}  // namespace streamstat
