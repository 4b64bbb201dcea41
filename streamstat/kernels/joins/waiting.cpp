#include "joins/waiting.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace streamstat {

namespace {

bool comes_first(const JoinEvent &one, const JoinEvent &other) { return one.comes_before(other); }

}  // namespace

void WaitingEvents::push(std::vector<JoinEvent> events) {
  if (events.empty()) return;
  if (!std::is_sorted(events.begin(), events.end(), comes_first)) std::sort(events.begin(), events.end(), comes_first);
  size_ += events.size();
  runs_.push_back({std::move(events), 0});
  heap_.push_back(&runs_.back());
  std::push_heap(heap_.begin(), heap_.end(), comes_later);
}

void WaitingEvents::drop_first() {
  --size_;
  Run &run = *heap_.front();
  const bool is_through = ++run.begin == run.events.size();
  if (!is_through && heap_.size() == 1) return;
  std::pop_heap(heap_.begin(), heap_.end(), comes_later);
  if (is_through) {
    heap_.pop_back();
    run.events = {};
    run.begin = 0;
    while (!runs_.empty() && runs_.front().events.empty()) runs_.pop_front();
  } else {
    std::push_heap(heap_.begin(), heap_.end(), comes_later);
  }
}

std::int64_t WaitingEvents::latest() const {
  std::int64_t latest = std::numeric_limits<std::int64_t>::min();
  for (const Run *run : heap_) latest = std::max(latest, run->events.back().time);
  return latest;
}

void WaitingEvents::add_numbers(std::vector<std::int64_t> &numbers) const {
  for (const Run *run : heap_)
    for (std::size_t i = run->begin; i < run->events.size(); ++i) numbers.push_back(run->events[i].number);
}

void WaitingEvents::write(Bytes &bytes) const {
  std::vector<JoinEvent> events;  // in order, however they came
  events.reserve(size_);
  for (const Run &run : runs_)
    events.insert(events.end(), run.events.begin() + static_cast<std::ptrdiff_t>(run.begin), run.events.end());
  std::sort(events.begin(), events.end(), comes_first);
  write_value(bytes, static_cast<std::uint64_t>(size_));
  for (const JoinEvent &event : events) write_event(bytes, event);
}

WaitingEvents WaitingEvents::read(Reader &reader) {
  WaitingEvents waiting;
  std::vector<JoinEvent> events(reader.read_count(kEventBytes));
  for (JoinEvent &event : events) event = read_event(reader);
  waiting.push(std::move(events));
  return waiting;
}

void write_event(Bytes &bytes, const JoinEvent &event) {
  write_value(bytes, event.time);
  write_value(bytes, event.number);
  write_value(bytes, event.low);
  write_value(bytes, event.high);
  write_value(bytes, static_cast<std::uint8_t>(event.has_key));
  write_value(bytes, static_cast<std::uint8_t>(event.deletes));
}

JoinEvent read_event(Reader &reader) {
  JoinEvent event{};
  event.time = reader.read<std::int64_t>();
  event.number = reader.read<std::int64_t>();
  event.low = reader.read<std::uint64_t>();
  event.high = reader.read<std::uint64_t>();
  event.has_key = reader.read_flag();
  event.deletes = reader.read_flag();
  Reader::require(event.number >= 0);
  return event;
}

}  // namespace streamstat
