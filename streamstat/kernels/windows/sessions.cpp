#include "windows/sessions.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <string>

namespace streamstat {

namespace {

constexpr std::int32_t kLate = -1;

}  // namespace

Sessions::Sessions(std::int64_t gap, std::int64_t lateness, bool stop_at_firing, bool promises, bool stop_at_each)
    : gap_(gap),
      lateness_(lateness),
      reach_(static_cast<std::uint64_t>(gap) + static_cast<std::uint64_t>(lateness)),
      stop_at_firing_(stop_at_firing || stop_at_each),
      promises_(promises),
      stop_at_each_(stop_at_each) {
  if (lateness == kPlusInfinity) reach_ = kEndless;
  if (gap < 0) throw std::invalid_argument("gap: " + std::to_string(gap) + " is negative");
  if (lateness < 0) throw std::invalid_argument("lateness: " + std::to_string(lateness) + " is negative");
}

inline auto Sessions::firing_time() const {
  return [this](std::int32_t slot) {
    return is_live(slot) && !session(slot).fired ? fires_at(session(slot)) : Alarms::kNever;
  };
}

inline auto Sessions::closing_time() const {
  return [this](std::int32_t slot) {
    return is_live(slot) && session(slot).fired ? closes_at(session(slot)) : Alarms::kNever;
  };
}

Sessions::Admitted Sessions::admit(std::span<const std::int32_t> keys, std::span<const std::int64_t> times,
                                   std::span<const std::int64_t> before, std::span<const std::uint8_t> take,
                                   std::size_t begin) {
  Admitted done;
  done.end = begin;
  try {
    for (; done.end < keys.size(); ++done.end) {
      const std::size_t i = done.end, row = i - begin;
      const bool behind = take[i] && times[i] < before[i];
      if (stop_at_firing_ && (behind || owing_ || stop_at_each_) && firing_.earliest() < before[i] && due(before[i])) break;
      if (row == done.slots.size()) make_room(done, row, keys.size() - begin);
      order_.prefetch(keys, i);
      move(before[i]);
      if (!take[i]) continue;
      const bool too_early = promises_ && times[i] < watermark_ && begins_too_early(times[i]);
      const std::int32_t slot = too_early ? kLate : take_row(keys[i], times[i], done);
      owing_ |= slot != kLate && session(slot).fired;
      done.slots[row] = slot;
      if (slot == kLate) done.late[row] = true;
    }
  } catch (...) {
    settle(done);
    throw;
  }
  done.slots.resize(done.end - begin);
  done.late.resize(done.end - begin);
  settle(done);
  return done;
}

// Room for all rows at once, unless it will probably stop before the last: then calls must not cost what is left.
void Sessions::make_room(Admitted &done, std::size_t rows, std::size_t most) const {
  const std::size_t room = stop_at_firing_ ? std::min(most, std::max<std::size_t>(rows * 2, 256)) : most;
  done.slots.resize(room, -1);
  done.late.resize(room);
}

// The slot of the row's session, or kLate.
std::int32_t Sessions::take_row(std::int32_t key, std::int64_t time, Admitted &done) {
  if (watermark_ == kPlusInfinity) return kLate;
  const std::size_t entry = order_.find(key);
  const std::int32_t newest = order_.newest(entry);
  if (newest == SessionOrder::kNone) {
    if (time < open_from_) return kLate;
    const std::int32_t slot = create(key, time);
    order_.link_first(slot);
    return slot;
  }
  Session &session = this->session(newest);
  if (session.last < open_from_ ? time < open_from_ : time < session.first) return take_earlier(entry, key, time, done);
  const std::int64_t last = std::max(session.last, time);  // in disorder, a branch would often be guessed wrong
  if (session.last >= open_from_ && within_gap(session.last, last)) {
    session.last = last;
    touch(newest);
    return newest;
  }
  const std::int32_t slot = create(key, time);
  order_.link_newest(entry, slot);
  return slot;
}

// A row that is not of the key's newest session alone: at most two sessions are within the gap of it and not closed.
std::int32_t Sessions::take_earlier(std::size_t entry, std::int32_t key, std::int64_t time, Admitted &done) {
  const auto around = order_.around(entry, std::max(time, open_from_));
  const bool has_older = around.older != SessionOrder::kNone && session(around.older).last >= open_from_ &&
                         within_gap(session(around.older).last, time);
  const bool has_newer = around.newer != SessionOrder::kNone &&
                         (session(around.newer).first <= time || within_gap(time, session(around.newer).first));
  if (has_older && has_newer) return join(entry, around, done);
  if (has_older) {
    session(around.older).last = time;
    touch(around.older);
    return around.older;
  }
  if (has_newer) {
    begin_at(around.newer, std::min(session(around.newer).first, time));
    touch(around.newer);
    return around.newer;
  }
  if (time < open_from_) return kLate;
  const std::int32_t slot = create(key, time);
  order_.link(entry, around, slot);
  return slot;
}

std::int32_t Sessions::create(std::int32_t key, std::int64_t time) {
  std::size_t slot = capacity();
  const Session made{time, time, key, SessionOrder::kNone, 0};
  if (free_.empty()) {
    if (slot == SessionOrder::kMaxSlots) throw std::overflow_error("more than 1073741823 live sessions");
    free_.make_room(slot + 1);
    order_.sessions.push_back(made);
  } else {
    slot = free_.lowest();
    free_.remove(slot);
    order_.sessions[slot] = made;
  }
  ++size_;
  if (knows_starts()) note_start(static_cast<std::int32_t>(slot));
  if (stop_at_firing_ && fires_at(made) < watermark_) {
    // A late session is published when others fire next: it makes nothing fire itself.
    order_.sessions[slot].fired = true;
    closing_.push(closes_at(made), static_cast<std::int32_t>(slot));
  } else {
    await_firing(static_cast<std::int32_t>(slot));
  }
  return static_cast<std::int32_t>(slot);
}

std::int32_t Sessions::join(std::size_t entry, const SessionOrder::Around &around, Admitted &done) {
  const auto survivor = std::min(around.older, around.newer), source = std::max(around.older, around.newer);
  done.source.push_back(source);
  done.into.push_back(survivor);
  order_.join(entry, around, survivor);
  --size_;
  Session &kept = session(survivor), &gone = session(source);
  begin_at(survivor, std::min(kept.first, gone.first));
  kept.last = std::max(kept.last, gone.last);
  if (kept.fired && !gone.fired) await_firing(survivor);
  gone.fired = true;  // waits for nothing until its slot is freed
  touch(survivor);
  return survivor;
}

// A fired session that the watermark has not passed any more will fire anew.
void Sessions::touch(std::int32_t slot) {
  if (session(slot).fired && fires_at(session(slot)) >= watermark_) await_firing(slot);
}

void Sessions::await_firing(std::int32_t slot) {
  session(slot).fired = false;
  firing_.push(fires_at(session(slot)), slot);
  if (firing_.size() > 2 * size_ + 64) firing_.tidy(firing_time());
}

// Slots of sessions that went into others are free from now on, and rows show where their sessions are.
void Sessions::settle(Admitted &done) {
  for (std::size_t i = done.into.size(); i-- > 0;) {
    const std::int32_t into = done.into[i], source = done.source[i];
    session(source).older = is_live(into) ? into : std::int32_t{session(into).older};
    free_.add(static_cast<std::size_t>(source));
  }
  if (done.into.empty()) return;
  for (std::int32_t &slot : done.slots)
    if (slot >= 0 && !is_live(slot)) slot = session(slot).older;
}

bool Sessions::due(std::int64_t watermark) { return firing_.due(watermark, firing_time()); }

std::vector<std::int32_t> Sessions::fire(std::int64_t watermark) {
  owing_ = false;
  const auto slots = firing_.take(watermark, firing_time());
  for (const std::int32_t slot : slots) {
    session(slot).fired = true;
    closing_.push(closes_at(session(slot)), slot);
  }
  if (closing_.size() > 2 * size_ + 64) closing_.tidy(closing_time());
  return slots;
}

std::vector<std::int32_t> Sessions::closed(std::int64_t watermark) {
  auto slots = closing_.take(watermark, closing_time());
  for (const std::int32_t slot : slots) closing_.push(closes_at(session(slot)), slot);  // until they are dropped
  if (!due(watermark)) return slots;
  for (const std::int32_t slot : firing_.take(watermark, firing_time())) {
    firing_.push(fires_at(session(slot)), slot);
    if (closes_at(session(slot)) < watermark) slots.push_back(slot);
  }
  std::sort(slots.begin(), slots.end());
  return slots;
}

void Sessions::drop(std::span<const std::int32_t> slots) {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (is_live(slots[i])) {
      free_.add(static_cast<std::size_t>(slots[i]));
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) free_.remove(static_cast<std::size_t>(slots[j]));
    throw std::out_of_range("slots: " + std::to_string(slots[i]) + " holds no live session, or is named twice");
  }
  if (slots.size() == size_)
    order_.unlink_all();
  else
    order_.unlink(slots);
  size_ -= slots.size();
}

std::vector<std::int32_t> Sessions::live() const {
  std::vector<std::int32_t> slots;
  slots.reserve(size_);
  for (std::size_t first = 0; first < capacity(); first += 64) {
    const std::size_t n = std::min<std::size_t>(64, capacity() - first);
    std::uint64_t live = ~free_.words()[first / 64] & (~std::uint64_t{0} >> (64 - n));
    for (; live; live &= live - 1)
      slots.push_back(static_cast<std::int32_t>(first + static_cast<std::size_t>(std::countr_zero(live))));
  }
  return slots;
}

Sessions::Found Sessions::at(std::span<const std::int32_t> slots) const {
  Found found;
  found.keys.reserve(slots.size());
  found.firsts.reserve(slots.size());
  found.lasts.reserve(slots.size());
  for (const std::int32_t slot : slots) {
    if (!is_live(slot)) throw std::out_of_range("slots: " + std::to_string(slot) + " holds no live session");
    found.keys.push_back(session(slot).key);
    found.firsts.push_back(session(slot).first);
    found.lasts.push_back(session(slot).last);
  }
  return found;
}

}  // namespace streamstat
