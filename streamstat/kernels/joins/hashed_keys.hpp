// What is known of each key, by its hash of 128 bits; keys come and go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/prefetch.hpp"

namespace streamstat {

// Open addressing with linear probing, at most 5 of 8 slots taken; entries lie in a pool whose places are used again.
template <typename Entry>
class HashedKeys {
 public:
  static constexpr std::int32_t kNone = -1;

  std::size_t size() const { return pool_.size() - free_.size(); }
  Entry &operator[](std::int32_t place) { return pool_[static_cast<std::size_t>(place)].entry; }
  const Entry &operator[](std::int32_t place) const { return pool_[static_cast<std::size_t>(place)].entry; }
  std::pair<std::uint64_t, std::uint64_t> hash(std::int32_t place) const {
    const Kept &kept = pool_[static_cast<std::size_t>(place)];
    return {kept.low, kept.high};
  }
  void prefetch(std::uint64_t low) const { prefetch_line(&slots_[home(tag(low))]); }
  // The place that `find` would compare first, or kNone: to fetch what is there.
  std::int32_t candidate(std::uint64_t low) const { return slots_[home(tag(low))].place; }
  void prefetch_entry(std::int32_t place) const {
    if (place >= 0) prefetch_line(&pool_[static_cast<std::size_t>(place)]);
  }
  // What `erase` looks at.
  void prefetch_slot(std::int32_t place) const {
    if (place >= 0) prefetch(pool_[static_cast<std::size_t>(place)].low);
  }

  std::int32_t find(std::uint64_t low, std::uint64_t high) const {
    const std::size_t slot = slot_of(low, high);
    return slots_[slot].place;
  }
  std::int32_t find_or_add(std::uint64_t low, std::uint64_t high) {
    std::size_t slot = slot_of(low, high);
    if (slots_[slot].place >= 0) return slots_[slot].place;
    if ((size() + 1) * 8 > slots_.size() * 5) {
      grow();
      slot = slot_of(low, high);
    }
    const std::int32_t place = take_place();
    pool_[static_cast<std::size_t>(place)] = {low, high, Entry{}};
    slots_[slot] = {tag(low), place};
    return place;
  }
  // Calls visit(place) for each key.
  template <typename Visit>
  void each(Visit &&visit) const {
    for (const Slot &slot : slots_)
      if (slot.place >= 0) visit(slot.place);
  }
  void erase(std::int32_t place) {
    std::size_t hole = home(tag(hash(place).first));
    while (slots_[hole].place != place) hole = next(hole);
    // What was pushed on by the one that goes moves back, so that no probe ends too early.
    for (std::size_t i = next(hole); slots_[i].place >= 0; i = next(i)) {
      const std::size_t wanted = home(slots_[i].tag);
      if (((i - wanted) & mask_) < ((i - hole) & mask_)) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole] = {};
    free_.push_back(place);
  }

 private:
  struct Kept {
    std::uint64_t low, high;
    Entry entry;
  };
  struct Slot {
    std::uint32_t tag = 0;
    std::int32_t place = kNone;
  };

  static std::uint32_t tag(std::uint64_t low) { return static_cast<std::uint32_t>(low); }
  std::size_t home(std::uint32_t tag) const { return tag & mask_; }
  std::size_t next(std::size_t slot) const { return (slot + 1) & mask_; }
  // The slot of a key, or the free one where it would stand.
  std::size_t slot_of(std::uint64_t low, std::uint64_t high) const {
    for (std::size_t i = home(tag(low));; i = next(i)) {
      if (slots_[i].place < 0) return i;
      if (slots_[i].tag != tag(low)) continue;
      const Kept &kept = pool_[static_cast<std::size_t>(slots_[i].place)];
      if (kept.low == low && kept.high == high) return i;
    }
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    if (old.size() > std::uint64_t{1} << 32) throw std::overflow_error("more keys than a join can hold");
    std::swap(old, slots_);
    mask_ = slots_.size() - 1;
    for (const Slot &slot : old) {
      if (slot.place < 0) continue;
      std::size_t i = home(slot.tag);
      while (slots_[i].place >= 0) i = next(i);
      slots_[i] = slot;
    }
  }
  std::int32_t take_place() {
    if (!free_.empty()) {
      const std::int32_t place = free_.back();
      free_.pop_back();
      return place;
    }
    if (pool_.size() >= std::numeric_limits<std::int32_t>::max())
      throw std::overflow_error("more keys than a join can hold");
    pool_.emplace_back();
    return static_cast<std::int32_t>(pool_.size()) - 1;
  }

  std::vector<Kept> pool_;
  std::vector<std::int32_t> free_;
  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::size_t mask_ = 63;
};

}  // namespace streamstat
