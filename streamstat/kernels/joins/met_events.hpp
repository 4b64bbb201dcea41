// Events of one side that events of the other can still meet, or of which it is not decided yet whether they met any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/prefetch.hpp"
#include "joins/join_rows.hpp"

namespace streamstat {

constexpr std::int64_t kNowhere = -1;

// next: the place of the next one of its key. partner: of those that take one of many, that which it would take by now.
struct MetEvent {
  std::int64_t time, number;
  std::int64_t next = kNowhere;
  std::int64_t partner_time = 0, partner = kNoEvent;
  std::int32_t key = -1;  // -1: it has none, or can be met no longer
  bool has_met = false;   // a partner
};

// In the order of time, as they are worked on. A place is the number of those that were there before it.
class MetEvents {
 public:
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  std::int64_t begin() const { return begin_; }
  std::int64_t end() const { return end_; }
  MetEvent &operator[](std::int64_t place) { return ring_[static_cast<std::size_t>(place) & mask_]; }
  const MetEvent &operator[](std::int64_t place) const { return ring_[static_cast<std::size_t>(place) & mask_]; }
  MetEvent &first() { return (*this)[begin_]; }
  void prefetch(std::int64_t place) const {
    if (place >= begin_ && place < end_) prefetch_line(&(*this)[place]);
  }

  std::int64_t append(const MetEvent &event) {
    if (size() == ring_.size()) widen();
    (*this)[end_] = event;
    return end_++;
  }
  void drop_first() { ++begin_; }
  // The first one that has met none; `end` if there is none.
  std::int64_t first_unmet() const {
    unmet_ = unmet_ < begin_ ? begin_ : unmet_;
    while (unmet_ < end_ && (*this)[unmet_].has_met) ++unmet_;  // none becomes unmet again
    return unmet_;
  }

 private:
  void widen() {
    std::vector<MetEvent> wider(ring_.size() * 2);
    for (std::int64_t i = begin_; i < end_; ++i) wider[static_cast<std::size_t>(i) & (wider.size() - 1)] = (*this)[i];
    ring_ = std::move(wider);
    mask_ = ring_.size() - 1;
  }

  std::vector<MetEvent> ring_ = std::vector<MetEvent>(64);
  std::size_t mask_ = 63;
  std::int64_t begin_ = 0, end_ = 0;
  mutable std::int64_t unmet_ = 0;
};

}  // namespace streamstat
