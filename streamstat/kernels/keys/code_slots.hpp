// The hash table under keys and tuples, which number what they see in first-come order.
#pragma once

#include "base/prefetch.hpp"
#include "base/sizes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace streamstat {

// Which codes have hash h: open addressing, linear probing, at most 5 of 8 slots taken. The owner compares keys.
class CodeSlots {
 public:
  void prefetch(std::uint64_t hash) const { prefetch_line(&slots_[hash & mask_]); }

  // The code with that hash for which `equal(code)` holds, else -1.
  template <typename Equal>
  std::int32_t find(std::uint64_t hash, Equal &&equal) const {
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
      if (slots_[i].code < 0) return -1;
      if (slots_[i].tag == tag && equal(slots_[i].code)) [[likely]]
        return slots_[i].code;
    }
  }
  // The code that `find` would compare first, or -1: to fetch what it is compared with.
  std::int32_t candidate(std::uint64_t hash) const {
    return find(hash, [](std::int32_t) { return true; });
  }
  // `hash_of(code)` tells the hashes of codes 0 .. size - 1 when room must be made for one more.
  template <typename HashOf>
  void make_room(std::size_t size, HashOf &&hash_of) {
    if ((size + 1) * 8 <= slots_.size() * 5) return;
    CodeSlots wider;
    wider.slots_.assign(slots_.size() * 2, {});
    wider.mask_ = wider.slots_.size() - 1;
    for (std::size_t code = 0; code < size; ++code) wider.insert(hash_of(code), static_cast<std::int32_t>(code));
    *this = std::move(wider);
  }
  void insert(std::uint64_t hash, std::int32_t code) {
    std::size_t i = hash & mask_;
    while (slots_[i].code >= 0) i = (i + 1) & mask_;
    slots_[i] = {static_cast<std::uint32_t>(hash >> 32), code};
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::int32_t code = -1;
  };
  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::size_t mask_ = 63;
};

// Rows hashed and prefetched together, so that their cache misses overlap.
constexpr std::size_t kChunk = 64;

inline void require_room(std::size_t size) {
  if (size >= std::numeric_limits<std::int32_t>::max())
    throw std::overflow_error("more than 2147483647 different keys");
}

inline void require_live(std::span<const std::uint8_t> live, std::size_t size) {
  require_size(size, live.size(), "live");
}

inline void require_codes(std::span<const std::int32_t> codes, std::size_t size) {
  std::uint32_t highest = 0;  // a negative code is a high one
  for (const std::int32_t code : codes) highest = std::max(highest, static_cast<std::uint32_t>(code));
  if (!codes.empty() && highest >= size) throw std::out_of_range("codes: a code that was never given");
}

}  // namespace streamstat
