#include "event_time/disorder.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

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

void Disorder::take(std::span<const std::int64_t> times, std::span<const std::uint8_t> dated,
                    std::span<const std::int32_t> producers, std::span<std::int64_t> lateness) {
  std::int32_t most = 0;
  for (const std::int32_t code : producers) {
    if (code < 0) throw std::out_of_range("producers: " + std::to_string(code) + " is negative");
    most = std::max(most, code);
  }
  const auto known = static_cast<std::size_t>(most) + 1;
  if (!times.empty() && producers_.size() < known) producers_.resize(known, {kNever, 0, 0, 0});
  for (std::size_t i = 0; i < times.size(); ++i) {
    lateness[i] = -1;
    if (!dated.empty() && !dated[i]) continue;
    Producer &producer = producers_[producers.empty() ? 0 : static_cast<std::size_t>(producers[i])];
    producer.newest = std::max(producer.newest, times[i]);
    lateness[i] = distance(producer.newest, times[i]);
    ++producer.events;
    producer.behind += lateness[i] > 0;
    producer.furthest = std::max(producer.furthest, lateness[i]);
  }
}

}  // namespace streamstat
