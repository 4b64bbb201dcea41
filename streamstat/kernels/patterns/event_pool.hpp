// Events in chains, in memory that is used again.
#pragma once

#include "patterns/program.hpp"

namespace streamstat {

struct PatternEvent {
  std::int64_t time, number;  // its number in the stream: input order
  Bits mask;                  // of those of a match that a clock keeps: the step's bit as a number
  std::int32_t group, next = -1;

  bool comes_before(const PatternEvent &other) const {
    return time != other.time ? time < other.time : number < other.number;
  }
};

struct Chain {
  std::int32_t head = -1, tail = -1;
};

class EventPool {
 public:
  PatternEvent &operator[](std::int32_t place) { return events_[static_cast<std::size_t>(place)]; }
  const PatternEvent &operator[](std::int32_t place) const { return events_[static_cast<std::size_t>(place)]; }
  std::size_t size() const { return events_.size() - free_.size(); }

  void append(Chain &chain, const PatternEvent &event) {
    const std::int32_t place = add(event);
    if (chain.tail < 0)
      chain.head = place;
    else
      (*this)[chain.tail].next = place;
    chain.tail = place;
  }
  void drop_first(Chain &chain) {
    const std::int32_t place = chain.head;
    chain.head = (*this)[place].next;
    if (chain.head < 0) chain.tail = -1;
    free_.push_back(place);
  }
  void drop(Chain &chain) {
    while (chain.head >= 0) drop_first(chain);
  }

 private:
  std::int32_t add(const PatternEvent &event) {
    if (free_.empty()) {
      events_.push_back(event);
      events_.back().next = -1;
      return static_cast<std::int32_t>(events_.size()) - 1;
    }
    const std::int32_t place = free_.back();
    free_.pop_back();
    (*this)[place] = event;
    (*this)[place].next = -1;
    return place;
  }

  std::vector<PatternEvent> events_;
  std::vector<std::int32_t> free_;
};

}  // namespace streamstat
