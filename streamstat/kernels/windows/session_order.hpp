// The sessions of each key in the order of their last events, wherever their slots are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/prefetch.hpp"
#include "base/xxhash64.hpp"
#include "windows/crowd.hpp"

namespace streamstat {

struct Session {
  std::int64_t first, last;
  std::int32_t key;
  std::int32_t older : 31;  // the one before it of its key, -1 if none; means nothing in a crowd
  std::uint32_t fired : 1;
};

// A key's sessions are a chain from the newest back, which serves streams that are nearly in order. A walk that
// would be long turns the chain into a crowd first. Keys are found by open addressing with linear probing, at most
// half full; deletion shifts back. No two sessions of a key may have the same last event time.
class SessionOrder {
 public:
  static constexpr std::size_t kMaxSlots = (std::size_t{1} << 30) - 1;
  static constexpr std::int32_t kNone = -1;

  // What stands around a time: the session with the last `last` before it, and the one after that.
  struct Around {
    std::int32_t older = kNone, newer = kNone;
    std::int32_t beyond = kNone;  // the one after `newer`; known in chains only
    Crowd::Place place;              // of `newer`; in crowds only
  };

  std::vector<Session> sessions;  // by slot, free ones too

  // Rows to come: first their keys, then, nearer, their newest sessions are on their way from memory.
  void prefetch(std::span<const std::int32_t> keys, std::size_t row) const {
    constexpr std::size_t ahead = 24;
    if (entries_.size() <= kCachedEntries || row + ahead >= keys.size()) return;
    prefetch_line(&entries_[home(keys[row + ahead])]);
    const Entry &entry = entries_[home(keys[row + ahead / 2])];
    if (entry.newest != kNone) prefetch_line(&sessions[static_cast<std::size_t>(entry.newest)]);
  }

  // Where the key is kept, or would be. Any call that links or unlinks may move it.
  std::size_t find(std::int32_t key) const {
    std::size_t i = home(key);
    while (entries_[i].newest != kNone && entries_[i].key != key) i = (i + 1) & (entries_.size() - 1);
    return i;
  }
  std::int32_t newest(std::size_t entry) const { return entries_[entry].newest; }
  Around around(std::size_t entry, std::int64_t time);

  // Makes the session in this slot known: of a new key, as the newest of its key, or where it belongs.
  void link_first(std::int32_t slot);
  void link_newest(std::size_t entry, std::int32_t slot);
  void link(std::size_t entry, const Around &around, std::int32_t slot);
  // `older` and `newer` become one, in the slot of either.
  void join(std::size_t entry, const Around &around, std::int32_t survivor);
  void unlink(std::span<const std::int32_t> slots);
  void unlink_all();

 private:
  struct Entry {
    std::int32_t key = 0, newest = kNone, crowd = kNone;
  };

  std::size_t home(std::int32_t key) const { return (static_cast<std::uint32_t>(key) * xxh::kPrime1) >> shift_; }
  Session &session(std::int32_t slot) { return sessions[static_cast<std::size_t>(slot)]; }
  Crowd &crowd_of(const Entry &entry) { return crowds_[static_cast<std::size_t>(entry.crowd)]; }
  void gather(Entry &entry);
  void unlink_one(std::int32_t slot);
  void widen();
  void erase(std::size_t hole);

  static constexpr std::size_t kCachedEntries = 1 << 14;  // as many stay in the second-level cache by themselves
  std::vector<Entry> entries_ = std::vector<Entry>(64);
  int shift_ = 58;  // 64 - log2 of the number of entries
  std::size_t keys_ = 0;
  std::vector<Crowd> crowds_;
  std::vector<std::int32_t> spare_crowds_;
};

}  // namespace streamstat
