// Very many slots of one key in their order, in blocks: to insert or remove one moves a block, not all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace streamstat {

// The caller knows the order: it inserts where `first_not` says that the new slot belongs.
class Crowd {
 public:
  struct Place {
    std::size_t block = 0, index = 0;  // the end is {number of blocks, 0}
  };

  bool empty() const { return blocks_.empty(); }
  std::int32_t newest() const { return empty() ? -1 : blocks_.back().back(); }

  // The place of the first slot for which `is_before` does not hold.
  template <typename IsBefore>
  Place first_not(IsBefore &&is_before) const {
    // Streams mostly speak of the newest block.
    const std::size_t n = blocks_.size();
    auto block = blocks_.begin() + static_cast<std::ptrdiff_t>(n ? n - 1 : 0);
    if (n > 1 && !is_before(blocks_[n - 2].back()))
      block = std::partition_point(blocks_.begin(), block, [&](const Block &each) { return is_before(each.back()); });
    if (block == blocks_.end() || is_before(block->back())) return {n, 0};
    const auto slot = std::partition_point(block->begin(), block->end(), is_before);
    return {static_cast<std::size_t>(block - blocks_.begin()), static_cast<std::size_t>(slot - block->begin())};
  }

  // -1 where there is none.
  std::int32_t at(Place place) const {
    return place.block < blocks_.size() ? blocks_[place.block][place.index] : -1;
  }
  std::int32_t before(Place place) const {
    if (place.index > 0) return blocks_[place.block][place.index - 1];
    return place.block > 0 ? blocks_[place.block - 1].back() : -1;
  }

  void append(std::int32_t slot) {
    if (empty() || blocks_.back().size() >= kFull) blocks_.emplace_back();
    blocks_.back().push_back(slot);
  }
  void insert(Place place, std::int32_t slot) {
    if (place.block == blocks_.size()) return append(slot);
    if (blocks_[place.block].size() >= kFull) place = split(place);
    Block &block = blocks_[place.block];
    block.insert(block.begin() + static_cast<std::ptrdiff_t>(place.index), slot);
  }
  void erase(Place place) {
    Block &block = blocks_[place.block];
    block.erase(block.begin() + static_cast<std::ptrdiff_t>(place.index));
    if (block.empty()) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block));
  }
  // Puts one slot where there were two: the one at this place and the one before it.
  void join(Place place, std::int32_t slot) {
    blocks_[place.block][place.index] = slot;
    if (place.index > 0)
      erase({place.block, place.index - 1});
    else
      erase({place.block - 1, blocks_[place.block - 1].size() - 1});
  }

 private:
  using Block = std::vector<std::int32_t>;
  static constexpr std::size_t kFull = 256;

  // Halves a full block; gives where the place has gone.
  Place split(Place place) {
    const Block upper(blocks_[place.block].begin() + kFull / 2, blocks_[place.block].end());
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block) + 1, upper);
    blocks_[place.block].resize(kFull / 2);
    return place.index < kFull / 2 ? place : Place{place.block + 1, place.index - kFull / 2};
  }

  std::vector<Block> blocks_;  // none is empty
};

}  // namespace streamstat
