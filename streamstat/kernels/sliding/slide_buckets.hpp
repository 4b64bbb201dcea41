// Counters of a fixed number of buckets, of which few may be in use: the next one in use, up or down, is found in a
// hierarchy of bits, 64 to a word.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace streamstat::slide {

class BucketRow {
 public:
  explicit BucketRow(std::size_t size) : counts_(size) {
    do {
      size = (size + 63) / 64;
      levels_.emplace_back(size);
    } while (size > 1);
  }

  std::uint32_t operator[](std::size_t bucket) const { return counts_[bucket]; }

  void add(std::size_t bucket) {
    if (counts_[bucket]++) return;
    for (auto &level : levels_) {
      const std::uint64_t before = level[bucket / 64];
      level[bucket / 64] = before | std::uint64_t{1} << bucket % 64;
      if (before) return;
      bucket /= 64;
    }
  }

  void remove(std::size_t bucket) {
    if (--counts_[bucket]) return;
    for (auto &level : levels_) {
      if (level[bucket / 64] &= ~(std::uint64_t{1} << bucket % 64)) return;
      bucket /= 64;
    }
  }

  // The next bucket in use above this one; there must be one.
  std::size_t above(std::size_t bucket) const {
    std::size_t level = 0;
    std::uint64_t word;
    // Two shifts, as one by 64 is undefined.
    while (!(word = levels_[level][bucket / 64] & (~std::uint64_t{0} << bucket % 64 << 1))) {
      bucket /= 64;
      ++level;
    }
    bucket = bucket / 64 * 64 + static_cast<std::size_t>(std::countr_zero(word));
    while (level) bucket = bucket * 64 + static_cast<std::size_t>(std::countr_zero(levels_[--level][bucket]));
    return bucket;
  }

  // The next bucket in use below this one; there must be one.
  std::size_t below(std::size_t bucket) const {
    std::size_t level = 0;
    std::uint64_t word;
    while (!(word = levels_[level][bucket / 64] & ~(~std::uint64_t{0} << bucket % 64))) {
      bucket /= 64;
      ++level;
    }
    bucket = bucket / 64 * 64 + highest(word);
    while (level) bucket = bucket * 64 + highest(levels_[--level][bucket]);
    return bucket;
  }

 private:
  static std::size_t highest(std::uint64_t word) { return static_cast<std::size_t>(std::bit_width(word)) - 1; }

  std::vector<std::uint32_t> counts_;
  std::vector<std::vector<std::uint64_t>> levels_;  // a bit says that the word below it is not zero
};

}  // namespace streamstat::slide
