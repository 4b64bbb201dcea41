#include "windows/session_order.hpp"

#include <algorithm>
#include <utility>

#include "base/prefetch.hpp"

namespace streamstat {

namespace {

constexpr int kLongWalk = 8;

}  // namespace

SessionOrder::Around SessionOrder::around(std::size_t position, std::int64_t time) {
  Entry &entry = entries_[position];
  if (entry.crowd == kNone) {
    Around found;
    found.older = entry.newest;
    for (int steps = 0; steps < kLongWalk; ++steps) {
      if (found.older == kNone || session(found.older).last < time) return found;
      found.beyond = found.newer;
      found.newer = found.older;
      found.older = session(found.newer).older;
    }
    gather(entry);
  }
  const Crowd &crowd = crowd_of(entry);
  const Crowd::Place place = crowd.first_not([&](std::int32_t slot) { return session(slot).last < time; });
  return {crowd.before(place), crowd.at(place), kNone, place};
}

// The chain becomes a crowd, and stays one until the key has no session: a chain is long but once.
void SessionOrder::gather(Entry &entry) {
  std::vector<std::int32_t> slots;
  for (std::int32_t slot = entry.newest; slot != kNone; slot = session(slot).older) slots.push_back(slot);
  Crowd crowd;
  for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) crowd.append(*slot);
  if (spare_crowds_.empty()) {
    spare_crowds_.reserve(crowds_.size() + 1);  // so that to give one back never fails
    crowds_.emplace_back();
    spare_crowds_.push_back(static_cast<std::int32_t>(crowds_.size() - 1));
  }
  entry.crowd = spare_crowds_.back();
  spare_crowds_.pop_back();
  crowd_of(entry) = std::move(crowd);
}

void SessionOrder::link_first(std::int32_t slot) {
  if ((keys_ + 1) * 2 > entries_.size()) widen();
  session(slot).older = kNone;
  entries_[find(session(slot).key)] = {session(slot).key, slot, kNone};
  ++keys_;
}

void SessionOrder::link_newest(std::size_t position, std::int32_t slot) {
  Entry &entry = entries_[position];
  if (entry.crowd != kNone) crowd_of(entry).append(slot);
  session(slot).older = entry.newest;
  entry.newest = slot;
}

void SessionOrder::link(std::size_t position, const Around &around, std::int32_t slot) {
  Entry &entry = entries_[position];
  if (around.newer == kNone) return link_newest(position, slot);
  if (entry.crowd != kNone) return crowd_of(entry).insert(around.place, slot);
  session(slot).older = around.older;
  session(around.newer).older = slot;
}

void SessionOrder::join(std::size_t position, const Around &around, std::int32_t survivor) {
  Entry &entry = entries_[position];
  if (entry.crowd != kNone) crowd_of(entry).join(around.place, survivor);
  session(survivor).older = session(around.older).older;
  if (around.newer == entry.newest)
    entry.newest = survivor;
  else if (around.beyond != kNone)
    session(around.beyond).older = survivor;
}

void SessionOrder::unlink(std::span<const std::int32_t> slots) {
  constexpr std::size_t ahead = 8;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (i + ahead < slots.size()) prefetch_line(&entries_[home(session(slots[i + ahead]).key)]);
    unlink_one(slots[i]);
  }
}

void SessionOrder::unlink_all() {
  std::fill(entries_.begin(), entries_.end(), Entry{});
  keys_ = 0;
  crowds_.clear();
  spare_crowds_.clear();
}

void SessionOrder::unlink_one(std::int32_t slot) {
  const std::size_t position = find(session(slot).key);
  if (entries_[position].newest == kNone) return;
  const Around found = around(position, session(slot).last);
  if (found.newer != slot) return;  // never linked, for lack of memory
  Entry &entry = entries_[position];
  if (entry.crowd != kNone) crowd_of(entry).erase(found.place);
  if (slot == entry.newest)
    entry.newest = found.older;
  else if (found.beyond != kNone)
    session(found.beyond).older = found.older;
  if (entry.newest == kNone) erase(position);
}

void SessionOrder::widen() {
  std::vector<Entry> narrow(entries_.size() * 2);
  narrow.swap(entries_);
  --shift_;
  for (const Entry &entry : narrow)
    if (entry.newest != kNone) entries_[find(entry.key)] = entry;
}

// Entries behind the hole that may be nearer to their home move up, as if the erased one had never been.
void SessionOrder::erase(std::size_t hole) {
  if (entries_[hole].crowd != kNone) spare_crowds_.push_back(entries_[hole].crowd);
  const std::size_t mask = entries_.size() - 1;
  for (std::size_t i = (hole + 1) & mask; entries_[i].newest != kNone; i = (i + 1) & mask) {
    const std::size_t from_home = (i - home(entries_[i].key)) & mask;
    if (from_home < ((i - hole) & mask)) continue;
    entries_[hole] = entries_[i];
    hole = i;
  }
  entries_[hole] = {};
  --keys_;
}

}  // namespace streamstat
