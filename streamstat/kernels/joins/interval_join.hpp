// Pairs of equal keys whose times are no further apart than two bounds say.
//
// Events are worked on in the order of time, of one time those of the left side first. So each meets all those of the
// other side that come before it: a symmetric hash join whose events leave when nothing can meet them any more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/state_bytes.hpp"
#include "joins/hashed_keys.hpp"
#include "joins/met_events.hpp"
#include "joins/waiting.hpp"

namespace streamstat {

enum class Pick : std::uint8_t { kAll, kFirst, kLast, kNearest };

// least, most: of the right time minus the left one, both included. pairs: pairs are told. alone: of each side, whether
// events without a partner are. once: the left event alone is told in place of pairs (semi). itself: both sides are of one
// input, in which an event may be on both and never meets itself.
struct IntervalTerms {
  std::int64_t least, most;
  Pick pick = Pick::kAll;
  bool pairs = true, once = false, itself = false;
  std::array<bool, 2> alone{};
};

class IntervalJoin {
 public:
  explicit IntervalJoin(const IntervalTerms &terms);

  void push(Side side, std::vector<JoinEvent> events) { waiting_[side].push(std::move(events)); }
  // Works on the events before `until`, on about `most` of them, or until there are so many rows. The time up to which all
  // that is decided is told; `rows` are in order then.
  std::int64_t work(std::int64_t until, std::size_t most, JoinRows &rows);

  std::size_t open() const { return waiting_[0].size() + waiting_[1].size() + met_[0].size() + met_[1].size(); }
  // The last time at which anything is decided; the least int64 for none.
  std::int64_t latest() const;
  // The earliest time that a row decided from here on may have, where that is before the watermark.
  std::int64_t oldest(std::int64_t watermark) const;
  // The numbers of the events of a side that rows may still ask for, ascending.
  std::vector<std::int64_t> kept(Side side) const;

  Bytes snapshot() const;
  void restore(ByteSpan bytes);

 private:
  struct Chain {
    std::array<std::int64_t, 2> head{kNowhere, kNowhere}, tail{kNowhere, kNowhere};
  };

  bool takes_one() const { return terms_.pick == Pick::kLast || terms_.pick == Pick::kNearest; }
  // How much later than its own time nothing more can be decided of an event.
  std::int64_t span(Side side) const;
  bool can_be_met(Side side) const;
  std::int64_t work_on_some(std::int64_t until, std::size_t &worked, JoinRows &rows);
  std::optional<std::int64_t> take_next(std::int64_t until, std::size_t enough, std::int64_t &now);
  void fetch_ahead() const;
  void work_on(Side side, const JoinEvent &event, JoinRows &rows);
  void meet_left(MetEvent &right, std::int32_t key, JoinRows &rows);
  void meet_right(MetEvent &left, std::int32_t key, JoinRows &rows);
  void pair(MetEvent &left, MetEvent &right, JoinRows &rows);
  void keep(Side side, const MetEvent &event, std::int32_t key);
  void unlink_first(Side side, std::int32_t key);
  void drop_if_empty(std::int32_t key);
  void decide(Side side, const MetEvent &event, JoinRows &rows) const;
  void leave(std::int64_t until, JoinRows &rows);

  struct Next {
    Side side;
    JoinEvent event;
  };

  IntervalTerms terms_;
  std::array<WaitingEvents, 2> waiting_;
  std::array<MetEvents, 2> met_;
  HashedKeys<Chain> keys_;
  std::vector<Next> next_;  // those that are worked on now
};

}  // namespace streamstat
