#include "event_time/disorder.hpp"

#include "base/prefetch.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace streamstat {

namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kFurthest = std::numeric_limits<std::int64_t>::max();

std::int64_t distance(std::int64_t newest, std::int64_t time) {
  const std::uint64_t apart = static_cast<std::uint64_t>(newest) - static_cast<std::uint64_t>(time);
  return static_cast<std::int64_t>(std::min(apart, static_cast<std::uint64_t>(kFurthest)));
}

}  // namespace

void Disorder::begin_input() {
  for (Producer &producer : producers_) producer.newest = kNever;
}

std::size_t Disorder::place_of(std::uint64_t hash) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t place = hash & mask;
  while (table_[place].number && table_[place].hash != hash) place = (place + 1) & mask;
  return place;
}

void Disorder::grow() {
  std::vector<Entry> before(std::max<std::size_t>(16, 2 * table_.size()));
  std::swap(before, table_);
  for (const Entry &entry : before)
    if (entry.number) table_[place_of(entry.hash)] = entry;
}

std::size_t Disorder::number_of(std::uint64_t hash, std::string_view name) {
  if (2 * producers_.size() >= table_.size()) grow();
  Entry &entry = table_[place_of(hash)];
  if (!entry.number) {
    producers_.push_back({kNever, 0, 0, 0});
    names_.emplace_back(name);
    entry = {hash, producers_.size()};
  }
  return entry.number;
}

// Of many producers those of a batch are fetched from memory together.
void Disorder::take(std::span<const std::int64_t> times, std::span<const std::uint8_t> dated,
                    std::span<const std::uint64_t> producers, const TextColumn &names, std::span<std::int64_t> lateness) {
  constexpr std::size_t kBatch = 32;
  std::size_t numbers[kBatch];
  for (std::size_t begin = 0; begin < times.size(); begin += kBatch) {
    const std::size_t end = std::min(begin + kBatch, times.size());
    const auto is_left_out = [&](std::size_t i) { return !dated.empty() && !dated[i]; };
    if (!table_.empty() && !producers.empty())
      for (std::size_t i = begin; i < end; ++i) prefetch_line(&table_[producers[i] & (table_.size() - 1)]);
    for (std::size_t i = begin; i < end; ++i) {
      if (is_left_out(i)) continue;
      numbers[i - begin] = producers.empty() ? number_of(0, {}) : number_of(producers[i], names[i]);
      prefetch_line_to_write(&producers_[numbers[i - begin] - 1]);
    }
    for (std::size_t i = begin; i < end; ++i) lateness[i] = is_left_out(i) ? -1 : producers_[numbers[i - begin] - 1].late(times[i]);
  }
}

std::int64_t Disorder::Producer::late(std::int64_t time) {
  newest = std::max(newest, time);
  const std::int64_t lateness = distance(newest, time);
  ++events;
  behind += lateness > 0;
  furthest = std::max(furthest, lateness);
  return lateness;
}

}  // namespace streamstat
