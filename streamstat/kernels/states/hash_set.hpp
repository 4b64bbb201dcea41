// A set of 64-bit hashes; four of them lie in the object itself, more in a table with open addressing and linear
// probing, at most 3/4 full.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "base/prefetch.hpp"

namespace streamstat {

class HashSet {
 public:
  HashSet() = default;
  HashSet(HashSet &&other) noexcept { steal(other); }
  HashSet &operator=(HashSet &&other) noexcept {
    if (this == &other) return *this;
    if (bits_) delete[] table_;
    steal(other);
    return *this;
  }
  ~HashSet() {
    if (bits_) delete[] table_;
  }

  std::size_t size() const { return size_; }

  void prefetch(std::uint64_t hash) const {
    if (bits_) prefetch_line_to_write(&table_[place(hash)]);
  }

  // Tells whether the hash was new.
  bool insert(std::uint64_t hash) {
    if (bits_) return insert_in_table(hash);
    for (std::size_t i = 0; i < size_; ++i)
      if (few_[i] == hash) return false;
    if (size_ == kFew) {
      make_table();
      return insert_in_table(hash);
    }
    few_[size_++] = hash;
    return true;
  }

  HashSet copy() const {
    HashSet copied;
    if (bits_) {
      auto *const table = new std::uint64_t[capacity()];
      std::copy_n(table_, capacity(), table);
      copied.table_ = table;
    } else {
      std::copy_n(few_, kFew, copied.few_);
    }
    copied.size_ = size_;
    copied.bits_ = bits_;
    copied.has_zero_ = has_zero_;
    return copied;
  }

  template <typename Visit>
  void for_each(Visit visit) const {
    if (!bits_) {
      for (std::size_t i = 0; i < size_; ++i) visit(few_[i]);
      return;
    }
    if (has_zero_) visit(std::uint64_t{0});
    // Which places are taken is chance: pressed together first, no branch has to guess it.
    std::uint64_t pressed[std::size_t{1} << kFirstBits];
    for (std::size_t lo = 0; lo < capacity(); lo += std::size(pressed)) {
      std::size_t n = 0;
      for (std::size_t i = lo; i < lo + std::size(pressed); ++i) {
        pressed[n] = table_[i];
        n += table_[i] != 0;
      }
      for (std::size_t i = 0; i < n; ++i) visit(pressed[i]);
    }
  }

  std::vector<std::uint64_t> sorted() const {
    std::vector<std::uint64_t> hashes;
    hashes.reserve(size_);
    for_each([&](std::uint64_t hash) { hashes.push_back(hash); });
    std::sort(hashes.begin(), hashes.end());
    return hashes;
  }

 private:
  static constexpr std::size_t kFew = 4;
  static constexpr std::uint8_t kFirstBits = 4;

  std::size_t capacity() const { return std::size_t{1} << bits_; }
  std::size_t mask() const { return capacity() - 1; }
  // The golden ratio spreads hashes that are no hashes, such as small numbers in tests.
  std::size_t place(std::uint64_t hash) const { return (hash * 0x9E3779B97F4A7C15ULL) >> (64 - bits_); }
  std::size_t free_place(std::uint64_t hash) const {
    std::size_t i = place(hash);
    while (table_[i]) i = (i + 1) & mask();
    return i;
  }

  bool insert_in_table(std::uint64_t hash) {
    if (hash == 0) {  // 0 marks a free place, so the hash 0 is kept beside the table
      if (has_zero_) return false;
      has_zero_ = true;
      ++size_;
      return true;
    }
    std::size_t i = place(hash);
    for (; table_[i]; i = (i + 1) & mask())
      if (table_[i] == hash) return false;
    if (size_ + 1 > capacity() / 4 * 3) {
      resize_table(static_cast<std::uint8_t>(bits_ + 1));
      i = free_place(hash);
    }
    table_[i] = hash;
    ++size_;
    return true;
  }

  void make_table() {
    std::uint64_t held[kFew];
    std::copy_n(few_, kFew, held);
    table_ = new std::uint64_t[std::size_t{1} << kFirstBits]();
    bits_ = kFirstBits;
    size_ = 0;
    for (const std::uint64_t hash : held) insert_in_table(hash);
  }

  void resize_table(std::uint8_t bits) {
    auto *const grown = new std::uint64_t[std::size_t{1} << bits]();
    const std::uint64_t *const old = std::exchange(table_, grown);
    const std::size_t old_capacity = capacity();
    bits_ = bits;
    for (std::size_t i = 0; i < old_capacity; ++i)
      if (old[i]) table_[free_place(old[i])] = old[i];
    delete[] old;
  }

  void steal(HashSet &other) noexcept {
    std::memcpy(static_cast<void *>(few_), other.few_, sizeof few_);
    size_ = std::exchange(other.size_, 0);
    bits_ = std::exchange(other.bits_, std::uint8_t{0});
    has_zero_ = std::exchange(other.has_zero_, false);
  }

  union {
    std::uint64_t few_[kFew] = {};
    std::uint64_t *table_;
  };
  std::uint32_t size_ = 0;
  std::uint8_t bits_ = 0;  // of a place in the table; none without one
  bool has_zero_ = false;  // in the table
};

}  // namespace streamstat
