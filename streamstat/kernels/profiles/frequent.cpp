#include "profiles/frequent.hpp"

#include "states/topk_values.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace streamstat {

std::size_t FrequentValues::place_of(std::uint64_t hash) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t place = hash & mask;
  while (table_[place] && counters_[table_[place] - 1].hash != hash) place = (place + 1) & mask;
  return place;
}

bool FrequentValues::add(std::uint64_t hash, std::uint8_t kind, std::string_view spelling) {
  if (2 * counters_.size() >= table_.size()) grow();
  const std::size_t place = place_of(hash);
  if (table_[place]) {
    ++counters_[table_[place] - 1].count;
    return false;
  }
  insert(place, hash, kind, spelling);
  return true;
}

void FrequentValues::insert(std::size_t place, std::uint64_t hash, std::uint8_t kind, std::string_view spelling) {
  const std::size_t size = std::min(spelling.size(), kKept);
  const std::size_t offset = spellings_.size();
  if (size) std::memcpy(spellings_.grow(size), spelling.data(), size);
  spellings_.advance(size);
  counters_.push_back({hash, 1, taken_, offset, static_cast<std::uint16_t>(size), kind});
  table_[place] = static_cast<std::uint32_t>(counters_.size());
  if (counters_.size() == kCounters) thin_out();
}

void FrequentValues::grow() {
  table_.assign(std::max<std::size_t>(16, 2 * table_.size()), 0);
  index();
}

void FrequentValues::index() {
  std::ranges::fill(table_, 0U);
  for (std::size_t i = 0; i < counters_.size(); ++i) table_[place_of(counters_[i].hash)] = static_cast<std::uint32_t>(i + 1);
}

void FrequentValues::thin_out() {
  std::vector<std::uint64_t> counts;
  counts.reserve(counters_.size());
  for (const Counter &counter : counters_) counts.push_back(counter.count);
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::ranges::nth_element(counts, middle);
  const std::uint64_t least = *middle;
  taken_ += least;
  std::erase_if(counters_, [&](const Counter &counter) { return counter.count <= least; });
  Arena left;
  for (Counter &counter : counters_) {
    counter.count -= least;
    std::memcpy(left.grow(counter.size), spellings_.data() + counter.offset, counter.size);
    counter.offset = left.size();
    left.advance(counter.size);
  }
  spellings_ = std::move(left);
  index();
}

std::vector<FrequentValues::Found> FrequentValues::most(std::size_t k) const {
  std::vector<const Counter *> best;
  for (const Counter &counter : counters_) best.push_back(&counter);
  const auto before = [&](const Counter *a, const Counter *b) {
    if (a->count != b->count) return a->count > b->count;
    return top::compare(top::value_of(a->kind, spelling(*a)), top::value_of(b->kind, spelling(*b))) < 0;
  };
  const std::size_t shown = std::min(k, best.size());
  std::ranges::partial_sort(best, best.begin() + static_cast<std::ptrdiff_t>(shown), before);
  std::vector<Found> found;
  for (std::size_t i = 0; i < shown; ++i) {
    const Counter &counter = *best[i];
    found.push_back({counter.kind, std::string(spelling(counter)), counter.count + taken_, counter.missed});
  }
  return found;
}

}  // namespace streamstat
