// A monotone queue: the least key of the events that were pushed and have not expired. It holds only events that may
// still become the least, those with no smaller or equal key behind them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace streamstat::slide {

class MonotoneQueue {
 public:
  bool is_empty() const { return head_ == tail_; }
  // Needs a queue that is not empty.
  std::int64_t least() const { return at(head_).key; }

  // Events must ascend.
  void push(std::int64_t key, std::size_t event) {
    while (tail_ != head_ && at(tail_ - 1).key >= key) --tail_;
    if (tail_ - head_ == capacity_) grow();
    at(tail_++) = {key, event};
  }

  // Drops the events before lo.
  void expire(std::size_t lo) {
    while (head_ != tail_ && at(head_).event < lo) ++head_;
  }

 private:
  struct Entry {
    std::int64_t key;
    std::size_t event;
  };

  Entry &at(std::size_t place) const { return ring_[place & (capacity_ - 1)]; }

  void grow() {
    const std::size_t capacity = capacity_ * 2;
    auto ring = std::make_unique<Entry[]>(capacity);
    for (std::size_t place = head_; place != tail_; ++place) ring[place & (capacity - 1)] = at(place);
    ring_ = std::move(ring);
    capacity_ = capacity;
  }

  std::size_t capacity_ = 64;  // a power of two
  std::unique_ptr<Entry[]> ring_ = std::make_unique<Entry[]>(capacity_);
  std::size_t head_ = 0, tail_ = 0;  // counts of entries, never taken modulo the capacity
};

}  // namespace streamstat::slide
