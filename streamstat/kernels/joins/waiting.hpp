// Events of one side that wait until the watermark has passed them, and come out in the order of time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/state_bytes.hpp"
#include "joins/join_rows.hpp"

namespace streamstat {

// A run of events for each block that was pushed, in order each; a heap over their first events merges them.
class WaitingEvents {
 public:
  void push(std::vector<JoinEvent> events);
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return size_; }
  // The first of all, and the one that will probably come some places later; there must be one.
  const JoinEvent &first() const { return heap_.front()->events[heap_.front()->begin]; }
  const JoinEvent *ahead(std::size_t places) const {
    const Run &run = *heap_.front();
    return run.begin + places < run.events.size() ? &run.events[run.begin + places] : nullptr;
  }
  void drop_first();
  std::int64_t latest() const;

  void add_numbers(std::vector<std::int64_t> &numbers) const;
  void write(Bytes &bytes) const;
  static WaitingEvents read(Reader &reader);

 private:
  struct Run {
    std::vector<JoinEvent> events;
    std::size_t begin = 0;
  };
  static bool comes_later(const Run *a, const Run *b) {
    return b->events[b->begin].comes_before(a->events[a->begin]);
  }

  std::deque<Run> runs_;  // addresses stay; those that are through are dropped from the front
  std::vector<Run *> heap_;
  std::size_t size_ = 0;
};

void write_event(Bytes &bytes, const JoinEvent &event);
JoinEvent read_event(Reader &reader);
constexpr std::size_t kEventBytes = 34;

}  // namespace streamstat
