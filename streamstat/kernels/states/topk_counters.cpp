#include <algorithm>
#include <functional>
#include <utility>

#include "states/topk.hpp"

namespace streamstat {

namespace {

constexpr std::size_t kFew = 8;  // entries; up to here a hash table costs more than it saves

}  // namespace

std::uint32_t TopCounters::find(const top::Value &value, std::uint64_t hash) const {
  if (table_.empty()) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (entries_[i].hash == hash && entries_[i].value() == value) return static_cast<std::uint32_t>(i);
    return kAbsent;
  }
  const std::size_t mask = table_.size() - 1;
  for (std::size_t place = hash & mask; table_[place]; place = (place + 1) & mask) {
    const Entry &entry = entries_[table_[place] - 1];
    if (entry.hash == hash && entry.value() == value) return table_[place] - 1;
  }
  return kAbsent;
}

void TopCounters::index(std::uint32_t entry) {
  const std::size_t mask = table_.size() - 1;
  std::size_t place = entries_[entry].hash & mask;
  while (table_[place]) place = (place + 1) & mask;
  table_[place] = entry + 1;
}

// Takes an entry out and moves those behind it up, so that no search ends early.
void TopCounters::unindex(std::uint32_t entry) {
  if (table_.empty()) return;
  const std::size_t mask = table_.size() - 1;
  std::size_t hole = entries_[entry].hash & mask;
  while (table_[hole] != entry + 1) hole = (hole + 1) & mask;
  for (std::size_t place = (hole + 1) & mask; table_[place]; place = (place + 1) & mask) {
    const std::size_t home = entries_[table_[place] - 1].hash & mask;
    if (((place - home) & mask) < ((place - hole) & mask)) continue;
    table_[hole] = table_[place];
    hole = place;
  }
  table_[hole] = 0;
}

void TopCounters::rebuild_index() {
  table_.clear();
  if (entries_.size() <= kFew) return;
  table_.resize(std::bit_ceil(2 * entries_.size()));
  for (std::size_t i = 0; i < entries_.size(); ++i) index(static_cast<std::uint32_t>(i));
}

void TopCounters::push(Entry &&entry) {
  entries_.push_back(std::move(entry));
  if (entries_.size() > kFew && 2 * entries_.size() > table_.size())
    rebuild_index();
  else if (!table_.empty())
    index(static_cast<std::uint32_t>(entries_.size() - 1));
}

// Counts only grow, so a heap of old counts still has the least on top once that one is found to be current.
std::uint32_t TopCounters::least() {
  if (candidates_.empty()) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
      candidates_.push_back({entries_[i].count, entries_[i].grown, static_cast<std::uint32_t>(i)});
    std::ranges::make_heap(candidates_, std::greater{});
  }
  while (true) {
    const Candidate top = candidates_.front();
    const Entry &entry = entries_[top.entry];
    if (top.count == entry.count && top.grown == entry.grown) return top.entry;
    sink({entry.count, entry.grown, top.entry});
  }
}

// Puts a candidate in the place of the one on top.
void TopCounters::sink(const Candidate &candidate) {
  const std::size_t n = candidates_.size();
  std::size_t place = 0;
  for (std::size_t child = 1; child < n; child = 2 * place + 1) {
    if (child + 1 < n && candidates_[child + 1] < candidates_[child]) ++child;
    if (candidate < candidates_[child]) break;
    candidates_[place] = candidates_[child];
    place = child;
  }
  candidates_[place] = candidate;
}

void TopCounters::replace_least(const top::Value &value, std::uint64_t hash) {
  const std::uint32_t place = least();
  unindex(place);
  Entry &entry = entries_[place];
  forgotten_ = std::max(forgotten_, entry.count);
  entry = {std::string(value.spelling), hash, entry.count + 1, entry.count, clock_, value.rank};
  if (!table_.empty()) index(place);
}

void TopCounters::add(const top::Value &value, std::size_t capacity) {
  const std::uint64_t hash = value.hash();
  ++clock_;
  const std::uint32_t place = find(value, hash);
  if (place != kAbsent) {
    ++entries_[place].count;
    entries_[place].grown = clock_;
  } else if (entries_.size() < capacity) {
    push({std::string(value.spelling), hash, 1, 0, clock_, value.rank});
  } else {
    replace_least(value, hash);
  }
}

// A value one side has no counter for may have been seen there as often as the other side could forget.
void TopCounters::absorb(const TopCounters &other, std::size_t capacity) {
  for (Entry &entry : entries_) {
    if (!other.forgotten_ || other.find(entry.value(), entry.hash) != kAbsent) continue;
    entry.count += other.forgotten_;
    entry.error += other.forgotten_;
  }
  for (const Entry &theirs : other.entries_) {
    const std::uint32_t place = find(theirs.value(), theirs.hash);
    if (place == kAbsent) {
      push(Entry(theirs));
      entries_.back().count += forgotten_;
      entries_.back().error += forgotten_;
      entries_.back().grown += clock_;
    } else {
      entries_[place].count += theirs.count;
      entries_[place].error += theirs.error;
      entries_[place].grown = clock_ + theirs.grown;
    }
  }
  clock_ += other.clock_;
  forgotten_ += other.forgotten_;
  candidates_.clear();
  keep_greatest(capacity);
}

void TopCounters::keep_greatest(std::size_t capacity) {
  if (entries_.size() <= capacity) return;
  const auto greater = [](const Entry &a, const Entry &b) {
    return std::pair(a.count, a.grown) > std::pair(b.count, b.grown);
  };
  const auto dropped = entries_.begin() + static_cast<std::ptrdiff_t>(capacity);
  std::ranges::nth_element(entries_, dropped, greater);
  forgotten_ = std::max(forgotten_, dropped->count);
  entries_.erase(dropped, entries_.end());
  rebuild_index();
}

void TopCounters::append_results(std::size_t k, Bytes &json) const {
  std::vector<const Entry *> best;
  for (const Entry &entry : entries_) best.push_back(&entry);
  const auto before = [](const Entry *a, const Entry *b) {
    return a->count != b->count ? a->count > b->count : top::compare(a->value(), b->value()) < 0;
  };
  const std::size_t shown = std::min(k, best.size());
  std::ranges::partial_sort(best, best.begin() + static_cast<std::ptrdiff_t>(shown), before);
  for (std::size_t i = 0; i < shown; ++i) {
    json.push_back(i ? ',' : '[');
    json.push_back('[');
    top::append_json(json, best[i]->value());
    json.push_back(',');
    top::append_json(json, best[i]->count);
    json.push_back(',');
    top::append_json(json, best[i]->error);
    json.push_back(']');
  }
  json.push_back(']');
}

void TopCounters::write(Bytes &bytes) const {
  write_value(bytes, clock_);
  write_value(bytes, forgotten_);
  write_value(bytes, static_cast<std::uint64_t>(entries_.size()));
  for (const Entry &entry : entries_) {
    write_value(bytes, entry.rank);
    write_text(bytes, entry.spelling);
    write_value(bytes, entry.count);
    write_value(bytes, entry.error);
    write_value(bytes, entry.grown);
  }
}

TopCounters TopCounters::read(Reader &reader, std::size_t capacity) {
  TopCounters result;
  result.clock_ = reader.read<std::uint64_t>();
  result.forgotten_ = reader.read<std::uint64_t>();
  const std::size_t n = reader.read_count(33);
  Reader::require(n > 0 && n <= capacity);
  for (std::size_t i = 0; i < n; ++i) {
    const auto rank = static_cast<top::Rank>(reader.read<std::uint8_t>());
    const top::Value value{rank, reader.read_text()};
    Entry entry{std::string(value.spelling), value.hash(), 0, 0, 0, rank};
    entry.count = reader.read<std::uint64_t>();
    entry.error = reader.read<std::uint64_t>();
    entry.grown = reader.read<std::uint64_t>();
    const bool is_spelt = rank == top::text || value.spelling.empty() == (rank == top::no || rank == top::yes);
    Reader::require(rank <= top::json && is_spelt && entry.error < entry.count && entry.grown <= result.clock_);
    Reader::require(result.find(value, entry.hash) == kAbsent);
    result.push(std::move(entry));
  }
  return result;
}

}  // namespace streamstat
