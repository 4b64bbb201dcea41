// A set of 64-bit hashes that costs 16 bytes while empty: open addressing, linear probing, at most 3/4 full.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace streamstat {

class HashSet {
 public:
  std::size_t size() const { return size_; }

  void prefetch(std::uint64_t hash) const {
    if (table_) __builtin_prefetch(&table_[place(hash)], 1);
  }

  // Tells whether the hash was new.
  bool insert(std::uint64_t hash) {
    if (hash == 0) {  // 0 marks a free place, so the hash 0 is kept beside the table
      if (has_zero_) return false;
      has_zero_ = true;
      ++size_;
      return true;
    }
    if (!table_) resize_table(2);
    std::size_t i = place(hash);
    for (; table_[i]; i = (i + 1) & mask())
      if (table_[i] == hash) return false;
    if (size_ + 1 > capacity() / 4 * 3) {
      resize_table(bits_ + 1);
      i = free_place(hash);
    }
    table_[i] = hash;
    ++size_;
    return true;
  }

  template <typename Visit>
  void for_each(Visit visit) const {
    if (has_zero_) visit(std::uint64_t{0});
    if (!table_) return;
    for (std::size_t i = 0; i < capacity(); ++i)
      if (table_[i]) visit(table_[i]);
  }

  std::vector<std::uint64_t> sorted() const {
    std::vector<std::uint64_t> hashes;
    hashes.reserve(size_);
    for_each([&](std::uint64_t hash) { hashes.push_back(hash); });
    std::sort(hashes.begin(), hashes.end());
    return hashes;
  }

 private:
  std::size_t capacity() const { return std::size_t{1} << bits_; }
  std::size_t mask() const { return capacity() - 1; }
  // The golden ratio spreads hashes that are no hashes, such as small numbers in tests.
  std::size_t place(std::uint64_t hash) const { return (hash * 0x9E3779B97F4A7C15ULL) >> (64 - bits_); }
  std::size_t free_place(std::uint64_t hash) const {
    std::size_t i = place(hash);
    while (table_[i]) i = (i + 1) & mask();
    return i;
  }

  void resize_table(unsigned bits) {
    auto grown = std::make_unique<std::uint64_t[]>(std::size_t{1} << bits);
    const auto old = std::exchange(table_, std::move(grown));
    const std::size_t old_capacity = old ? capacity() : 0;
    bits_ = static_cast<std::uint8_t>(bits);
    for (std::size_t i = 0; i < old_capacity; ++i)
      if (old[i]) table_[free_place(old[i])] = old[i];
  }

  std::unique_ptr<std::uint64_t[]> table_;
  std::uint32_t size_ = 0;
  std::uint8_t bits_ = 0;
  bool has_zero_ = false;
};

}  // namespace streamstat
