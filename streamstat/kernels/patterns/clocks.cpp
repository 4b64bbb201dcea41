#include "patterns/clocks.hpp"

#include <algorithm>
#include <functional>

namespace streamstat {

void Clocks::start(const Clock &clock) {
  auto place = static_cast<std::int32_t>(clocks_.size());
  if (free_.empty()) {
    clocks_.push_back(clock);
  } else {
    place = free_.back();
    free_.pop_back();
    const std::uint32_t serial = clocks_[static_cast<std::size_t>(place)].serial;
    clocks_[static_cast<std::size_t>(place)] = clock;
    clocks_[static_cast<std::size_t>(place)].serial = serial;
  }
  Clock &made = clocks_[static_cast<std::size_t>(place)];
  std::int32_t &head = heads_[static_cast<std::size_t>(clock.group)];
  made.runs = true;
  made.before = -1;
  made.next = head;
  if (head >= 0) clocks_[static_cast<std::size_t>(head)].before = place;
  head = place;
  heap_.push_back({made.deadline, place, made.serial});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  // Reminders of clocks that were stopped stay until they come up, unless they are most of all.
  if (heap_.size() > 1024 && heap_.size() > 4 * running()) {
    std::erase_if(heap_, [&](const Reminder &each) {
      const Clock &of = clocks_[static_cast<std::size_t>(each.place)];
      return !of.runs || of.serial != each.serial;
    });
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
}

std::int32_t Clocks::pop() {
  const Reminder first = heap_.front();
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  heap_.pop_back();
  const Clock &clock = clocks_[static_cast<std::size_t>(first.place)];
  return clock.runs && clock.serial == first.serial ? first.place : -1;
}

void Clocks::remove(std::int32_t place) {
  Clock &clock = clocks_[static_cast<std::size_t>(place)];
  if (clock.before >= 0)
    clocks_[static_cast<std::size_t>(clock.before)].next = clock.next;
  else
    heads_[static_cast<std::size_t>(clock.group)] = clock.next;
  if (clock.next >= 0) clocks_[static_cast<std::size_t>(clock.next)].before = clock.before;
  clock.runs = false;
  ++clock.serial;
  free_.push_back(place);
}

std::int64_t Clocks::latest() const {
  std::int64_t latest = kNever;
  each([&](const Clock &clock) { latest = std::max(latest, clock.deadline); });
  return latest;
}

std::int64_t Clocks::earliest_start() const {
  std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
  each([&](const Clock &clock) { earliest = std::min(earliest, clock.start); });
  return earliest;
}

}  // namespace streamstat
