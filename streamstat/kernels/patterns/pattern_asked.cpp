// What conditions look at beside the event itself: earlier events of a table's groups, and how they are written down.
#include "patterns/pattern_table.hpp"

#include <algorithm>
#include <tuple>

namespace streamstat {

std::vector<std::int64_t> PatternTable::of_clock(const Clock &clock, int bit) const {
  std::vector<std::int64_t> numbers;
  for (const int each : references_.looked_at(bit))
    for (std::int32_t i = clock.events; i >= 0; i = pool_[i].next)
      if (pool_[i].mask == static_cast<Bits>(each)) numbers.push_back(pool_[i].number);
  return numbers;
}

// The events of the group before a due one that conditions may look at, in order.
void PatternTable::candidates(const PatternEvent &event, std::size_t place, std::vector<PatternEvent> &found) const {
  found.clear();
  const std::int64_t oldest = behind_time(event.time, program_.within);
  for (std::int32_t i = chains_[static_cast<std::size_t>(event.group)].head; i >= 0; i = pool_[i].next)
    if (pool_[i].time >= oldest && pool_[i].mask & program_.referenced) found.push_back(pool_[i]);
  const auto kept = static_cast<std::ptrdiff_t>(found.size());
  for (std::int32_t i = due_back_[place]; i >= 0; i = due_back_[static_cast<std::size_t>(i)]) {
    const PatternEvent &other = due_[static_cast<std::size_t>(i)];
    if (other.time < oldest) break;
    if (other.mask & program_.referenced) found.push_back(other);
  }
  std::reverse(found.begin() + kept, found.end());
}

std::size_t PatternTable::tuples(int bit, std::size_t begin, std::size_t most, std::vector<std::int32_t> &places,
                                 std::vector<std::int64_t> &numbers) const {
  const std::span<const int> looked = references_.looked_at(bit);
  std::vector<PatternEvent> found;
  std::vector<std::int64_t> tuple(looked.size());
  for (; begin < due_.size() && places.size() < most; ++begin) {
    const PatternEvent &event = due_[begin];
    if (!(event.mask & bit_of(bit))) continue;
    const auto add = [&](std::span<const std::int64_t> one) {
      places.push_back(static_cast<std::int32_t>(begin));
      numbers.insert(numbers.end(), one.begin(), one.end());
    };
    candidates(event, begin, found);
    const auto choose = [&](auto &self, std::size_t next, std::size_t from) -> void {
      if (next == looked.size()) return add(tuple);
      for (std::size_t i = from; i < found.size(); ++i)
        if (found[i].mask & bit_of(looked[next])) tuple[next] = found[i].number, self(self, next + 1, i + 1);
    };
    choose(choose, 0, 0);
    if (bit == program_.behind)
      clocks_.each_of(static_cast<std::size_t>(event.group), [&](const Clock &clock) {
        if (event.time <= clock.deadline) add(of_clock(clock, bit));
      });
  }
  return begin;
}

void PatternTable::allow(int bit, std::span<const std::int32_t> places, std::span<const std::int64_t> numbers,
                         std::span<const std::uint8_t> holds) {
  const std::size_t width = references_.looked_at(bit).size();
  for (std::size_t i = 0; i < places.size();) {
    std::vector<std::int64_t> allowed;
    const std::int32_t place = places[i];
    for (; i < places.size() && places[i] == place; ++i)
      if (holds[i]) allowed.insert(allowed.end(), numbers.begin() + static_cast<std::ptrdiff_t>(i * width),
                                   numbers.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
    references_.allow(due_[static_cast<std::size_t>(place)].number, bit, std::move(allowed));
  }
}

std::vector<std::int64_t> PatternTable::kept() {
  sweep();
  std::vector<std::int64_t> numbers;
  for (const PatternEvent &event : waiting_) numbers.push_back(event.number);
  for (const PatternEvent &event : due_) numbers.push_back(event.number);
  for (const Before &before : previous_)
    if (before.number >= 0) numbers.push_back(before.number);
  const auto add = [&](std::int32_t head) {
    for (std::int32_t i = head; i >= 0; i = pool_[i].next) numbers.push_back(pool_[i].number);
  };
  for (const Chain &chain : chains_) add(chain.head);
  clocks_.each([&](const Clock &clock) { add(clock.events); });
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

namespace {

constexpr char kTag[] = "patterns2";

void write_event(Bytes &bytes, const PatternEvent &event) {
  write_value(bytes, event.time);
  write_value(bytes, event.number);
  write_value(bytes, event.mask);
  write_value(bytes, event.group);
}

}  // namespace

bool PatternTable::is_live(std::size_t group) const {
  return chains_[group].head >= 0 || (program_.before >= 0 && last_before_[group] != kNever) ||
         (looks_before_ && previous_[group].number >= 0);
}

Bytes PatternTable::snapshot() {
  sweep();
  Bytes bytes = tagged(kTag);
  write_value(bytes, static_cast<std::uint64_t>(waiting_.size()));
  for (const PatternEvent &event : waiting_) write_event(bytes, event);
  const auto write_chain = [&](std::int32_t head) {
    std::uint64_t events = 0;
    for (std::int32_t i = head; i >= 0; i = pool_[i].next) ++events;
    write_value(bytes, events);
    for (std::int32_t i = head; i >= 0; i = pool_[i].next) write_event(bytes, pool_[i]);
  };
  std::vector<std::size_t> live;
  for (std::size_t group = 0; group < chains_.size(); ++group)
    if (is_live(group)) live.push_back(group);
  write_value(bytes, static_cast<std::uint64_t>(live.size()));
  for (const std::size_t group : live) {
    write_value(bytes, static_cast<std::int32_t>(group));
    write_chain(chains_[group].head);
    if (program_.before >= 0) write_value(bytes, last_before_[group]);
    if (looks_before_) write_value(bytes, previous_[group].time), write_value(bytes, previous_[group].number);
  }
  std::vector<Clock> clocks;
  clocks_.each([&](const Clock &clock) { clocks.push_back(clock); });
  std::sort(clocks.begin(), clocks.end(), [](const Clock &a, const Clock &b) {
    return std::tuple(a.group, a.end, a.last) < std::tuple(b.group, b.end, b.last);
  });
  write_value(bytes, static_cast<std::uint64_t>(clocks.size()));
  for (const Clock &clock : clocks) {
    for (const std::int64_t value : {clock.deadline, clock.start, clock.end, clock.last}) write_value(bytes, value);
    write_value(bytes, clock.group);
    write_chain(clock.events);
  }
  references_.write(bytes);
  return bytes;
}

PatternEvent PatternTable::read_event(Reader &reader, std::size_t groups) const {
  PatternEvent event;
  event.time = reader.read<std::int64_t>();
  event.number = reader.read<std::int64_t>();
  event.mask = reader.read<Bits>();
  event.group = reader.read<std::int32_t>();
  Reader::require(event.group >= 0 && static_cast<std::size_t>(event.group) < groups && event.number >= 0);
  return event;
}

// The numbers by which matches are noticed follow from the events that are kept.
void PatternTable::read_group(Reader &reader, std::size_t group) {
  reserve(group + 1);
  PatternEvent last{kNever, -1, 0, 0, -1};
  for (std::size_t n = reader.read_count(28); n > 0; --n) {
    const PatternEvent event = read_event(reader, group + 1);
    Reader::require(static_cast<std::size_t>(event.group) == group && last.comes_before(event));
    last = event;
    notices_.event(group, event.time, event.mask);
    pool_.append(chains_[group], event);
    references_.keep(event.number, event.mask);
  }
  if (program_.before >= 0) last_before_[group] = reader.read<std::int64_t>();
  if (looks_before_) previous_[group] = {reader.read<std::int64_t>(), reader.read<std::int64_t>()};
}

void PatternTable::restore(ByteSpan bytes, std::size_t groups) {
  Reader reader(bytes, kTag);
  for (std::size_t n = reader.read_count(28); n > 0; --n) {
    waiting_.push_back(read_event(reader, groups));
    reserve(static_cast<std::size_t>(waiting_.back().group) + 1);
  }
  std::size_t next = 0;
  for (std::size_t n = reader.read_count(12); n > 0; --n) {
    const auto group = reader.read<std::int32_t>();
    Reader::require(group >= 0 && static_cast<std::size_t>(group) >= next && static_cast<std::size_t>(group) < groups);
    next = static_cast<std::size_t>(group) + 1;
    read_group(reader, next - 1);
  }
  for (std::size_t n = reader.read_count(44); n > 0; --n) {
    Clock clock{};
    for (std::int64_t *value : {&clock.deadline, &clock.start, &clock.end, &clock.last}) *value = reader.read<std::int64_t>();
    clock.group = reader.read<std::int32_t>();
    Reader::require(program_.behind >= 0 && clock.group >= 0 && static_cast<std::size_t>(clock.group) < groups);
    reserve(static_cast<std::size_t>(clock.group) + 1);
    Chain events;
    for (std::size_t k = reader.read_count(28); k > 0; --k) {
      const PatternEvent event = read_event(reader, groups);
      Reader::require(event.mask < program_.references.size());
      pool_.append(events, event);
    }
    clock.events = events.head;
    Reader::require(of_clock(clock, program_.behind).size() == references_.looked_at(program_.behind).size());
    clocks_.start(clock);
  }
  for (std::size_t n = reader.read_count(16); n > 0; --n) {
    const auto key = reader.read<std::uint64_t>();
    const auto bit = static_cast<std::size_t>(key & 63);
    Reader::require(bit < program_.references.size() && !references_.looked_at(static_cast<int>(bit)).empty());
    std::vector<std::int64_t> tuples = reader.read_column<std::int64_t>();
    Reader::require(tuples.size() % references_.looked_at(static_cast<int>(bit)).size() == 0);
    references_.allowed()[key] = std::move(tuples);
  }
  reader.require_end();
}

}  // namespace streamstat
