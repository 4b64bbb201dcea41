#include "profiles/frequent.hpp"

#include "states/topk_values.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace streamstat {

bool FrequentValues::count(std::uint64_t hash) {
  if (table_.empty()) return false;
  const std::size_t mask = table_.size() - 1;
  const std::uint32_t sought = tag(hash);
  for (std::size_t place = hash & mask; table_[place]; place = (place + 1) & mask) {
    if ((table_[place] ^ sought) >> kNumberBits) continue;
    Counter &counter = counters_[number(table_[place]) - 1];
    if (counter.hash != hash) continue;
    ++counter.count;
    return true;
  }
  return false;
}

void FrequentValues::insert(std::uint64_t hash, std::uint8_t kind, std::string_view spelling, bool stays) {
  const std::size_t size = std::min(spelling.size(), kKept);
  counters_.push_back({hash, 1, taken_, spelling.data(), 0, static_cast<std::uint16_t>(size), kind});
  if (!stays) keep(counters_.back());
  if (counters_.size() == kCounters)
    thin_out();
  else if (2 * counters_.size() > table_.size())
    index(std::max<std::size_t>(16, 2 * table_.size()));
  else
    enter(counters_.size());
}

void FrequentValues::keep(Counter &counter) {
  if (counter.size) std::memcpy(spellings_.grow(counter.size), counter.place, counter.size);
  counter.place = nullptr;
  counter.offset = spellings_.size();
  spellings_.advance(counter.size);
}

void FrequentValues::settle() {
  for (Counter &counter : counters_)
    if (counter.place) keep(counter);
}

void FrequentValues::enter(std::size_t number) {
  const std::uint64_t hash = counters_[number - 1].hash;
  const std::size_t mask = table_.size() - 1;
  std::size_t place = hash & mask;
  while (table_[place]) place = (place + 1) & mask;
  table_[place] = tag(hash) | static_cast<std::uint32_t>(number);
}

void FrequentValues::index(std::size_t size) {
  table_.assign(size, 0);
  for (std::size_t number = 1; number <= counters_.size(); ++number) enter(number);
}

// Of counters that are new most have counted one value, which needs no sorting.
std::uint64_t FrequentValues::median() const {
  const auto ones = std::ranges::count(counters_, std::uint64_t{1}, &Counter::count);
  if (static_cast<std::size_t>(ones) > counters_.size() / 2) return 1;
  std::vector<std::uint64_t> counts;
  for (const Counter &counter : counters_) counts.push_back(counter.count);
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::ranges::nth_element(counts, middle);
  return *middle;
}

void FrequentValues::thin_out() {
  const std::uint64_t least = median();
  taken_ += least;
  std::erase_if(counters_, [&](const Counter &counter) { return counter.count <= least; });
  std::size_t left = 0;
  for (Counter &counter : counters_) {
    counter.count -= least;
    if (counter.place) continue;
    std::memmove(spellings_.at(left), spellings_.at(counter.offset), counter.size);
    counter.offset = left;
    left += counter.size;
  }
  spellings_.cut(left);
  index(table_.size());
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
