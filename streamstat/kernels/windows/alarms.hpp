// Which of many slots are due at a watermark, where the times of slots change more often than they come due.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace streamstat {

// A heap of early reminders: a slot's time may grow, or it may wait for nothing any more, without a word to the heap.
// `time_of(slot)` tells its true time when a reminder comes to the top, kNever if it waits for nothing.
class Alarms {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  std::size_t size() const { return heap_.size(); }
  // No slot is due before this.
  std::int64_t earliest() const { return heap_.empty() ? kNever : heap_.front().time(); }

  void push(std::int64_t time, std::int32_t slot) {
    heap_.push_back(Alarm(time, slot));
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  // Whether the time of any slot lies before the watermark.
  template <typename TimeOf>
  bool due(std::int64_t watermark, TimeOf &&time_of) {
    while (earliest() < watermark) {
      const std::int32_t slot = heap_.front().slot;
      const std::int64_t time = time_of(slot);
      if (time < watermark) return true;
      pop();
      if (time != kNever) push(time, slot);
    }
    return false;
  }

  // The earliest time of any slot, kNever if none waits.
  template <typename TimeOf>
  std::int64_t next(TimeOf &&time_of) {
    while (!heap_.empty()) {
      const Alarm top = heap_.front();
      const std::int64_t time = time_of(top.slot);
      if (time == top.time()) return time;
      pop();
      if (time != kNever) push(time, top.slot);
    }
    return kNever;
  }

  // Takes out the slots whose time lies before the watermark, in slot order.
  template <typename TimeOf>
  std::vector<std::int32_t> take(std::int64_t watermark, TimeOf &&time_of) {
    std::vector<std::int32_t> taken;
    // One by one costs a walk down the heap each: if they are many, a look at all is cheaper.
    std::size_t patience = heap_.size() / 16 + 16;
    while (earliest() < watermark) {
      if (patience-- == 0) {
        sweep(watermark, time_of, taken);
        break;
      }
      const std::int32_t slot = heap_.front().slot;
      const std::int64_t time = time_of(slot);
      if (time < watermark) taken.push_back(slot);
      pop();
      if (time != kNever && time >= watermark) push(time, slot);
    }
    put_in_order(taken);
    return taken;
  }

  // Leaves one reminder, the earliest, for each slot that waits.
  template <typename TimeOf>
  void tidy(TimeOf &&time_of) {
    std::sort(heap_.begin(), heap_.end(), [](const Alarm &a, const Alarm &b) {
      return a.slot != b.slot ? a.slot < b.slot : a.time() < b.time();
    });
    const auto same_slot = [](const Alarm &a, const Alarm &b) { return a.slot == b.slot; };
    heap_.erase(std::unique(heap_.begin(), heap_.end(), same_slot), heap_.end());
    std::erase_if(heap_, [&](const Alarm &alarm) { return time_of(alarm.slot) == kNever; });
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

 private:
  // 12 bytes: one for each of a million sessions.
  struct Alarm {
    std::int32_t high;
    std::uint32_t low;
    std::int32_t slot;

    Alarm(std::int64_t time, std::int32_t slot)
        : high(static_cast<std::int32_t>(time >> 32)), low(static_cast<std::uint32_t>(time)), slot(slot) {}
    std::int64_t time() const {
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(static_cast<std::uint32_t>(high)) << 32 | low);
    }
    friend bool operator>(const Alarm &a, const Alarm &b) { return a.time() > b.time(); }
  };

  void pop() {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    heap_.pop_back();
  }

  // Ascending, each once. Bits are faster than sorting, if they are not mostly zeros.
  static void put_in_order(std::vector<std::int32_t> &slots) {
    if (slots.size() < 2) return;
    const auto words = static_cast<std::size_t>(*std::max_element(slots.begin(), slots.end())) / 64 + 1;
    if (words > slots.size()) {
      std::sort(slots.begin(), slots.end());
      slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
      return;
    }
    std::vector<std::uint64_t> bits(words);
    for (const std::int32_t slot : slots) bits[static_cast<std::size_t>(slot) / 64] |= std::uint64_t{1} << (slot % 64);
    slots.clear();
    for (std::size_t i = 0; i < words; ++i)
      for (std::uint64_t word = bits[i]; word; word &= word - 1)
        slots.push_back(static_cast<std::int32_t>(i * 64) + std::countr_zero(word));
  }

  template <typename TimeOf>
  void sweep(std::int64_t watermark, TimeOf &&time_of, std::vector<std::int32_t> &taken) {
    taken.reserve(taken.size() + heap_.size());
    auto kept = heap_.begin();
    for (Alarm alarm : heap_) {
      if (alarm.time() < watermark) {
        const std::int64_t time = time_of(alarm.slot);
        if (time < watermark) taken.push_back(alarm.slot);
        if (time < watermark || time == kNever) continue;
        alarm = Alarm(time, alarm.slot);
      }
      *kept++ = alarm;
    }
    heap_.erase(kept, heap_.end());
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  std::vector<Alarm> heap_;
};

}  // namespace streamstat
