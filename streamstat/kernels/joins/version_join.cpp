#include "joins/version_join.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace streamstat {

namespace {

constexpr std::string_view kTag = "versions\2";
constexpr std::size_t kKeyBytes = 32, kFetchedAhead = 16, kEntryFetchedAhead = 8;

}  // namespace

std::int64_t VersionJoin::work(std::int64_t until, std::size_t most, JoinRows &rows) {
  std::int64_t reached = until, now = std::numeric_limits<std::int64_t>::min();
  for (std::size_t worked = 0; !(waiting_[kLeft].empty() && waiting_[kRight].empty()); ++worked) {
    const bool right_is_next = waiting_[kLeft].empty() || (!waiting_[kRight].empty() &&
                               waiting_[kRight].first().time <= waiting_[kLeft].first().time);
    WaitingEvents &waiting = waiting_[right_is_next ? kRight : kLeft];
    const JoinEvent &event = waiting.first();
    if (event.time >= until) break;
    if (event.time != now && (worked >= most || rows.size() >= most)) {
      reached = event.time;
      break;
    }
    now = event.time;
    if (const JoinEvent *soon = waiting.ahead(kFetchedAhead)) keys_.prefetch(soon->low);
    if (const JoinEvent *soon = waiting.ahead(kEntryFetchedAhead)) keys_.prefetch_entry(keys_.candidate(soon->low));
    right_is_next ? become(event) : look_up(event, rows);
    waiting.drop_first();
  }
  drop_deleted();
  forget(reached);
  put_in_order(rows, 0);
  return reached;
}

void VersionJoin::become(const JoinEvent &event) {
  if (!event.has_key) return;
  const Version version{event.time, event.number, !event.deletes};
  if (event.deletes && !terms_.itself) {
    if (const std::int32_t key = keys_.find(event.low, event.high); key >= 0) keys_.erase(key);
    return;
  }
  Versions &versions = keys_[keys_.find_or_add(event.low, event.high)];
  if (terms_.itself) versions.before = versions.newest;
  if (event.deletes) deleted_.emplace_back(event.low, event.high);
  versions.newest = version;
  if (terms_.longest) ages_.push_back({event.time, event.low, event.high});
}

void VersionJoin::look_up(const JoinEvent &event, JoinRows &rows) const {
  const std::int32_t key = event.has_key ? keys_.find(event.low, event.high) : -1;
  Version version;
  if (key >= 0) {
    const Versions &versions = keys_[key];
    version = terms_.itself && versions.newest.number == event.number ? versions.before : versions.newest;
  }
  const bool is_too_old = terms_.longest && so_much_later(version.time, *terms_.longest) < event.time;
  if (!version.is_there || is_too_old) {
    if (terms_.alone) rows.push_back(JoinRow::alone(kLeft, event.time, event.time, event.number));
  } else if (terms_.pairs) {
    rows.push_back(JoinRow::pair(event.time, event.time, event.number, version.time, version.number));
  }
}

// Drops the keys whose newest event deletes. Not before all events of its time have looked past themselves.
void VersionJoin::drop_deleted() {
  for (const auto &[low, high] : deleted_) {
    const std::int32_t key = keys_.find(low, high);
    if (key >= 0 && !keys_[key].newest.is_there) keys_.erase(key);
  }
  deleted_.clear();
}

// Drops the keys of which no version can be looked up any more.
void VersionJoin::forget(std::int64_t until) {
  while (!ages_.empty() && so_much_later(ages_.front().time, *terms_.longest) < until) {
    const Age age = ages_.front();
    ages_.pop_front();
    const std::int32_t key = keys_.find(age.low, age.high);
    if (key >= 0 && keys_[key].newest.time <= age.time) keys_.erase(key);
  }
}

std::int64_t VersionJoin::latest() const {
  std::int64_t latest = std::numeric_limits<std::int64_t>::min();
  for (const WaitingEvents &waiting : waiting_) latest = std::max(latest, waiting.latest());
  return latest;
}

std::vector<std::int64_t> VersionJoin::kept(Side side) const {
  std::vector<std::int64_t> numbers;
  waiting_[side].add_numbers(numbers);
  if (side == kRight)
    keys_.each([&](std::int32_t key) { numbers.push_back(keys_[key].newest.number); });
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Bytes VersionJoin::snapshot() const {
  Bytes bytes = tagged(kTag);
  for (const WaitingEvents &waiting : waiting_) waiting.write(bytes);
  std::vector<std::int32_t> keys;
  keys_.each([&](std::int32_t key) { keys.push_back(key); });
  // In the order of time, in which they become too old.
  std::sort(keys.begin(), keys.end(), [&](std::int32_t a, std::int32_t b) {
    return std::pair(keys_[a].newest.time, keys_.hash(a)) < std::pair(keys_[b].newest.time, keys_.hash(b));
  });
  write_value(bytes, static_cast<std::uint64_t>(keys.size()));
  for (const std::int32_t key : keys) {
    const auto [low, high] = keys_.hash(key);
    write_value(bytes, low);
    write_value(bytes, high);
    write_value(bytes, keys_[key].newest.time);
    write_value(bytes, keys_[key].newest.number);
  }
  return bytes;
}

void VersionJoin::restore(ByteSpan bytes) {
  VersionJoin fresh(terms_);
  Reader reader(bytes, kTag);
  for (WaitingEvents &waiting : fresh.waiting_) waiting = WaitingEvents::read(reader);
  const std::size_t n = reader.read_count(kKeyBytes);
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < n; ++i) {
    const auto low = reader.read<std::uint64_t>(), high = reader.read<std::uint64_t>();
    Reader::require(fresh.keys_.find(low, high) < 0, "damaged: a key stands twice");
    Versions &versions = fresh.keys_[fresh.keys_.find_or_add(low, high)];
    versions.newest.time = reader.read<std::int64_t>();
    versions.newest.number = reader.read<std::int64_t>();
    versions.newest.is_there = true;
    Reader::require(versions.newest.number >= 0);
    Reader::require(versions.newest.time >= last, "damaged: its versions are in no order");
    last = versions.newest.time;
    if (terms_.longest) fresh.ages_.push_back({last, low, high});
  }
  reader.require_end();
  *this = std::move(fresh);
}

}  // namespace streamstat
