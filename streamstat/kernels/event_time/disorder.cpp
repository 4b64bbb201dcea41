#include "event_time/disorder.hpp"

#include <algorithm>
#include <limits>

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
  while (table_[place] && producers_[table_[place] - 1].hash != hash) place = (place + 1) & mask;
  return place;
}

void Disorder::grow() {
  table_.assign(std::max<std::size_t>(16, 2 * table_.size()), 0);
  for (std::size_t i = 0; i < producers_.size(); ++i) table_[place_of(producers_[i].hash)] = static_cast<std::uint32_t>(i + 1);
}

Disorder::Producer &Disorder::producer(std::uint64_t hash, std::string_view name) {
  if (2 * producers_.size() >= table_.size()) grow();
  const std::size_t place = place_of(hash);
  if (!table_[place]) {
    producers_.push_back({hash, std::string(name), kNever, 0, 0, 0});
    table_[place] = static_cast<std::uint32_t>(producers_.size());
  }
  return producers_[table_[place] - 1];
}

void Disorder::take(std::span<const std::int64_t> times, std::span<const std::uint8_t> dated,
                    std::span<const std::uint64_t> producers, const TextColumn &names, std::span<std::int64_t> lateness) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    lateness[i] = -1;
    if (!dated.empty() && !dated[i]) continue;
    Producer &own = producers.empty() ? producer(0, {}) : producer(producers[i], names[i]);
    own.newest = std::max(own.newest, times[i]);
    lateness[i] = distance(own.newest, times[i]);
    ++own.events;
    own.behind += lateness[i] > 0;
    own.furthest = std::max(own.furthest, lateness[i]);
  }
}

}  // namespace streamstat
