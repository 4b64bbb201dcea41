// As of: each event of the left side with the newest one of its key on the right side that is not later.
//
// Of one time the right side is worked on first, so a version of a key is the one that came last by then.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/state_bytes.hpp"
#include "joins/hashed_keys.hpp"
#include "joins/waiting.hpp"

namespace streamstat {

// longest: how old a version may be. pairs: left events with their version are told; alone: those that have none are.
// itself: both sides are of one input, in which an event may be on both and is never its own version.
struct VersionTerms {
  std::optional<std::int64_t> longest;
  bool pairs = true, alone = false, itself = false;
};

class VersionJoin {
 public:
  explicit VersionJoin(const VersionTerms &terms) : terms_(terms) {}

  void push(Side side, std::vector<JoinEvent> events) { waiting_[side].push(std::move(events)); }
  // As `IntervalJoin` has them.
  std::int64_t work(std::int64_t until, std::size_t most, JoinRows &rows);
  std::size_t open() const { return waiting_[0].size() + waiting_[1].size(); }
  std::int64_t latest() const;
  std::int64_t oldest(std::int64_t watermark) const { return watermark; }
  std::vector<std::int64_t> kept(Side side) const;

  Bytes snapshot() const;
  void restore(ByteSpan bytes);

 private:
  struct Version {
    std::int64_t time = 0, number = kNoEvent;
    bool is_there = false;  // not before the first event, nor from one on that deletes
  };
  // before: what there was before the newest one, where an event of its time may have to look past itself.
  struct Versions {
    Version newest, before;
  };
  struct Age {
    std::int64_t time;
    std::uint64_t low, high;
  };

  void become(const JoinEvent &event);
  void look_up(const JoinEvent &event, JoinRows &rows) const;
  void drop_deleted();
  void forget(std::int64_t until);

  VersionTerms terms_;
  std::array<WaitingEvents, 2> waiting_;
  HashedKeys<Versions> keys_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> deleted_;  // keys whose deletion may be what an event looks past
  std::deque<Age> ages_;  // of versions that become too old, in the order of time
};

}  // namespace streamstat
