// Which slots are free, and the lowest of them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace streamstat {

// A set of slots as bits, with a bit of the next level for each word that is not zero: 64^6 slots.
class FreeSlots {
 public:
  // Before slots below `size` can be added: nothing else allocates.
  void make_room(std::size_t size) {
    for (auto &level : levels_) {
      size = (size + 63) / 64;
      if (level.size() < size) level.resize(size);
    }
  }
  bool empty() const { return levels_.back().empty() || levels_.back()[0] == 0; }
  bool contains(std::size_t slot) const { return levels_[0][slot / 64] >> (slot % 64) & 1; }

  void add(std::size_t slot) {
    for (auto &level : levels_) {
      const bool was_empty = level[slot / 64] == 0;
      level[slot / 64] |= std::uint64_t{1} << (slot % 64);
      if (!was_empty) return;
      slot /= 64;
    }
  }
  void remove(std::size_t slot) {
    for (auto &level : levels_) {
      level[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
      if (level[slot / 64] != 0) return;
      slot /= 64;
    }
  }
  std::size_t lowest() const {
    std::size_t slot = 0;
    for (std::size_t level = levels_.size(); level-- > 0;)
      slot = slot * 64 + static_cast<std::size_t>(std::countr_zero(levels_[level][slot]));
    return slot;
  }
  const std::vector<std::uint64_t> &words() const { return levels_[0]; }

 private:
  std::array<std::vector<std::uint64_t>, 6> levels_;
};

}  // namespace streamstat
