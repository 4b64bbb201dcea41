// Session windows: which slot holds the state of each session, and when it fires and closes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/state_bytes.hpp"
#include "event_time/time_distance.hpp"
#include "event_time/watermark.hpp"
#include "windows/alarms.hpp"
#include "windows/free_slots.hpp"
#include "windows/session_order.hpp"

namespace streamstat {

// Sessions of a key that are not closed lie more than the gap apart, so their order by first and by last event is one.
// Closed ones end before all of those, whatever lies between their ends: the order is by last event.
class Sessions {
 public:
  struct Admitted {
    std::size_t end = 0;
    std::vector<std::int32_t> slots;
    std::vector<std::uint8_t> late;
    std::vector<std::int32_t> into, source;
  };
  struct Found {
    std::vector<std::int32_t> keys;
    std::vector<std::int64_t> firsts, lasts;
  };

  // A lateness of kPlusInfinity has no end.
  Sessions(std::int64_t gap, std::int64_t lateness, bool stop_at_firing, bool promises, bool stop_at_each);

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return order_.sessions.size(); }
  // Spans of one length; rows from `begin` on. If it stops at firings, up to the first before which sessions must fire:
  // only a row behind the watermark can change them, so other rows go on, and what is due then fires together later,
  // unless it stops at each.
  Admitted admit(std::span<const std::int32_t> keys, std::span<const std::int64_t> times,
                 std::span<const std::int64_t> before, std::span<const std::uint8_t> take, std::size_t begin);
  // What came of other events: all from firsts[i] to lasts[i] are of one session. None is late, no watermark moves.
  Admitted admit_spans(std::span<const std::int32_t> keys, std::span<const std::int64_t> firsts,
                       std::span<const std::int64_t> lasts);
  bool due(std::int64_t watermark);
  std::vector<std::int32_t> fire(std::int64_t watermark);
  std::vector<std::int32_t> closed(std::int64_t watermark);
  // Of the sessions that are open at this watermark, which is that of all rows to come; kPlusInfinity if none is.
  std::int64_t least_start(std::int64_t watermark);
  void drop(std::span<const std::int32_t> slots);
  std::vector<std::int32_t> live() const;
  Found at(std::span<const std::int32_t> slots) const;

  Bytes snapshot() const;
  void restore(ByteSpan snapshot);

 private:
  Session &session(std::int32_t slot) { return order_.sessions[static_cast<std::size_t>(slot)]; }
  const Session &session(std::int32_t slot) const { return order_.sessions[static_cast<std::size_t>(slot)]; }
  bool is_live(std::int32_t slot) const {
    const auto index = static_cast<std::size_t>(slot);
    return slot >= 0 && index < capacity() && !free_.contains(index);
  }
  bool within_gap(std::int64_t lo, std::int64_t hi) const {
    return from_earliest(hi) - from_earliest(lo) <= static_cast<std::uint64_t>(gap_);
  }
  std::int64_t fires_at(const Session &session) const { return later(session.last, static_cast<std::uint64_t>(gap_)); }
  std::int64_t closes_at(const Session &session) const { return later(session.last, reach_); }
  auto firing_time() const;
  auto closing_time() const;
  auto open_start() const;

  void move(std::int64_t watermark) {
    if (watermark <= watermark_) return;
    watermark_ = watermark;
    open_from_ = earlier(watermark, reach_);
  }
  void make_room(Admitted &done, std::size_t rows, std::size_t most) const;
  std::int32_t take_row(std::int32_t key, std::int64_t time, Admitted &done);
  std::int32_t take_span(std::int32_t key, std::int64_t first, std::int64_t last, Admitted &done);
  std::int32_t take_earlier(std::size_t entry, std::int32_t key, std::int64_t time, Admitted &done);
  std::int32_t create(std::int32_t key, std::int64_t time);
  std::int32_t join(std::size_t entry, const SessionOrder::Around &around, Admitted &done);
  void begin_at(std::int32_t slot, std::int64_t first);
  void note_start(std::int32_t slot);
  bool begins_too_early(std::int64_t time);
  bool knows_starts() const { return promises_ || stop_at_each_; }
  void touch(std::int32_t slot);
  void await_firing(std::int32_t slot);
  void settle(Admitted &done);
  void restore_session(std::int32_t slot);

  std::int64_t gap_, lateness_;
  std::uint64_t reach_;  // from a session's last event to where it closes
  bool stop_at_firing_, promises_, stop_at_each_;
  std::int64_t watermark_ = kMinusInfinity;  // the highest before any row so far
  bool owing_ = false;  // what has fired was changed since, and is to be published again
  std::int64_t open_from_ = kMinusInfinity;  // sessions whose last event is earlier are closed there
  SessionOrder order_;
  FreeSlots free_;
  std::size_t size_ = 0;
  Alarms firing_;   // of sessions not fired
  Alarms closing_;  // of those fired
  Alarms starts_;   // of all, if somebody asks for them
};

}  // namespace streamstat
