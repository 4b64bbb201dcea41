#include "joins/interval_join.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace streamstat {

namespace {

constexpr std::size_t kAtOnce = 2048;
constexpr std::size_t kFetched = 64;
constexpr std::int64_t kEntryAhead = 16, kSlotAhead = 6;

}  // namespace

IntervalJoin::IntervalJoin(const IntervalTerms &terms) : terms_(terms) {
  if (terms.least > terms.most) throw std::invalid_argument("least: more than most");
}

std::int64_t IntervalJoin::span(Side side) const {
  return std::max<std::int64_t>(0, side == kLeft ? terms_.most : so_much_later(0, -terms_.least));
}

bool IntervalJoin::can_be_met(Side side) const { return side == kLeft ? terms_.most >= 0 : terms_.least < 0; }

std::int64_t IntervalJoin::work(std::int64_t until, std::size_t most, JoinRows &rows) {
  std::int64_t reached = std::numeric_limits<std::int64_t>::min();
  for (std::size_t worked = 0; reached < until && worked < most && rows.size() < most;) {
    const std::size_t begin = rows.size();
    reached = work_on_some(until, worked, rows);
    leave(reached, rows);
    put_in_order(rows, begin);
  }
  return reached;
}

// Few at once, so that what nobody can meet any more leaves soon, and what is there fits into the cache.
std::int64_t IntervalJoin::work_on_some(std::int64_t until, std::size_t &worked, JoinRows &rows) {
  const std::size_t enough = worked + kAtOnce;
  std::int64_t now = std::numeric_limits<std::int64_t>::min();
  for (;;) {
    const std::optional<std::int64_t> reached = take_next(until, enough - std::min(enough, worked), now);
    worked += next_.size();
    fetch_ahead();
    for (const Next &each : next_) work_on(each.side, each.event, rows);
    if (reached) return *reached;
  }
}

// Takes the events that come next. Once all before `until` have been taken, or `enough` and those of the time of the last
// one, it tells before which time none is left. now: that of the last one.
std::optional<std::int64_t> IntervalJoin::take_next(std::int64_t until, std::size_t enough, std::int64_t &now) {
  WaitingEvents &left = waiting_[kLeft], &right = waiting_[kRight];
  for (next_.clear(); !(left.empty() && right.empty());) {
    const bool left_is_next = right.empty() || (!left.empty() && left.first().time <= right.first().time);
    WaitingEvents &waiting = left_is_next ? left : right;
    const JoinEvent &event = waiting.first();
    if (event.time >= until) return until;
    if (event.time != now && next_.size() >= enough) return event.time;
    if (next_.size() == kFetched) return std::nullopt;
    now = event.time;
    next_.push_back({left_is_next ? kLeft : kRight, event});
    keys_.prefetch(event.low);
    waiting.drop_first();
  }
  return until;
}

// What these will look up, each step for all of them before the next, so that cache misses overlap.
void IntervalJoin::fetch_ahead() const {
  for (const Next &each : next_) keys_.prefetch_entry(keys_.candidate(each.event.low));
  for (const auto &[side, event] : next_) {
    const std::int32_t key = keys_.candidate(event.low);
    const Side other = side == kLeft ? kRight : kLeft;
    if (key >= 0) met_[other].prefetch(keys_[key].head[other]);
  }
}

void IntervalJoin::work_on(Side side, const JoinEvent &event, JoinRows &rows) {
  MetEvent met{.time = event.time, .number = event.number};
  const bool is_linked = event.has_key && can_be_met(side);
  std::int32_t key = -1;
  if (event.has_key) key = is_linked ? keys_.find_or_add(event.low, event.high) : keys_.find(event.low, event.high);
  if (key >= 0) side == kLeft ? meet_right(met, key, rows) : meet_left(met, key, rows);
  if (!is_linked && key >= 0) drop_if_empty(key);
  if (is_linked || (span(side) > 0 && (terms_.alone[side] || takes_one())))
    keep(side, met, is_linked ? key : -1);
  else
    decide(side, met, rows);
}

void IntervalJoin::meet_left(MetEvent &right, std::int32_t key, JoinRows &rows) {
  std::int64_t &head = keys_[key].head[kLeft];
  while (head != kNowhere && so_much_later(met_[kLeft][head].time, terms_.most) < right.time) unlink_first(kLeft, key);
  for (std::int64_t place = head; place != kNowhere; place = met_[kLeft][place].next) {
    MetEvent &left = met_[kLeft][place];
    if (so_much_later(left.time, terms_.least) > right.time) break;
    pair(left, right, rows);
  }
}

void IntervalJoin::meet_right(MetEvent &left, std::int32_t key, JoinRows &rows) {
  std::int64_t &head = keys_[key].head[kRight];
  const std::int64_t first = so_much_later(left.time, terms_.least), last = so_much_later(left.time, terms_.most);
  while (head != kNowhere && met_[kRight][head].time < first) unlink_first(kRight, key);
  for (std::int64_t place = head; place != kNowhere; place = met_[kRight][place].next) {
    MetEvent &right = met_[kRight][place];
    if (right.time > last) break;
    pair(left, right, rows);
  }
}

// Partners come to a left event in the order of their time, whichever of them is worked on first.
void IntervalJoin::pair(MetEvent &left, MetEvent &right, JoinRows &rows) {
  if (terms_.itself && left.number == right.number) return;
  const bool is_first = !left.has_met;
  left.has_met = right.has_met = true;
  const std::int64_t moment = std::max(left.time, right.time);
  if (takes_one()) {
    const auto apart = [&](std::int64_t time) { return std::max(time, left.time) - std::min(time, left.time); };
    if (is_first || terms_.pick == Pick::kLast || apart(right.time) < apart(left.partner_time)) {
      left.partner = right.number;
      left.partner_time = right.time;
    }
  } else if (terms_.once) {
    if (is_first) rows.push_back(JoinRow::alone(kLeft, moment, left.time, left.number));
  } else if (terms_.pairs && (is_first || terms_.pick == Pick::kAll)) {
    rows.push_back(JoinRow::pair(moment, left.time, left.number, right.time, right.number));
  }
}

void IntervalJoin::keep(Side side, const MetEvent &event, std::int32_t key) {
  const std::int64_t place = met_[side].append(event);
  met_[side][place].key = key;
  if (key < 0) return;
  Chain &chain = keys_[key];
  if (chain.head[side] == kNowhere)
    chain.head[side] = place;
  else
    met_[side][chain.tail[side]].next = place;
  chain.tail[side] = place;
}

void IntervalJoin::unlink_first(Side side, std::int32_t key) {
  Chain &chain = keys_[key];
  MetEvent &event = met_[side][chain.head[side]];
  event.key = -1;
  chain.head[side] = event.next;
}

void IntervalJoin::drop_if_empty(std::int32_t key) {
  if (keys_[key].head[kLeft] == kNowhere && keys_[key].head[kRight] == kNowhere) keys_.erase(key);
}

void IntervalJoin::decide(Side side, const MetEvent &event, JoinRows &rows) const {
  const std::int64_t moment = so_much_later(event.time, span(side));
  if (side == kLeft && event.partner != kNoEvent)
    rows.push_back(JoinRow::pair(moment, event.time, event.number, event.partner_time, event.partner));
  else if (!event.has_met && terms_.alone[side])
    rows.push_back(JoinRow::alone(side, moment, event.time, event.number));
}

void IntervalJoin::leave(std::int64_t until, JoinRows &rows) {
  for (const Side side : {kLeft, kRight})
    for (MetEvents &met = met_[side]; !met.empty(); met.drop_first()) {
      const MetEvent &event = met.first();
      // At the end of input all is decided, even what would be at the last time there is.
      if (until != kLastTime && so_much_later(event.time, span(side)) >= until) break;
      decide(side, event, rows);
      const std::int64_t later = met.begin() + kEntryAhead, soon = met.begin() + kSlotAhead;
      if (later < met.end()) keys_.prefetch_entry(met[later].key);
      if (soon < met.end()) keys_.prefetch_slot(met[soon].key);
      if (event.key < 0) continue;
      const std::int32_t key = event.key;
      unlink_first(side, key);
      drop_if_empty(key);
    }
}

std::int64_t IntervalJoin::latest() const {
  std::int64_t latest = std::numeric_limits<std::int64_t>::min();
  for (const Side side : {kLeft, kRight}) {
    if (!waiting_[side].empty()) latest = std::max(latest, so_much_later(waiting_[side].latest(), span(side)));
    const MetEvents &met = met_[side];
    if (!met.empty()) latest = std::max(latest, so_much_later(met[met.end() - 1].time, span(side)));
  }
  return latest;
}

std::int64_t IntervalJoin::oldest(std::int64_t watermark) const {
  std::int64_t oldest = watermark;
  for (const Side side : {kLeft, kRight}) {
    const MetEvents &met = met_[side];
    const bool is_told_late = side == kLeft && takes_one();
    if (!is_told_late && !terms_.alone[side] && !(side == kLeft && terms_.once)) continue;
    const std::int64_t place = is_told_late ? met.begin() : met.first_unmet();
    if (place < met.end()) oldest = std::min(oldest, met[place].time);
  }
  return oldest;
}

std::vector<std::int64_t> IntervalJoin::kept(Side side) const {
  std::vector<std::int64_t> numbers;
  waiting_[side].add_numbers(numbers);
  for (std::int64_t i = met_[side].begin(); i < met_[side].end(); ++i) numbers.push_back(met_[side][i].number);
  for (std::int64_t i = met_[kLeft].begin(); side == kRight && i < met_[kLeft].end(); ++i)
    if (met_[kLeft][i].partner != kNoEvent) numbers.push_back(met_[kLeft][i].partner);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace streamstat
