// Which values of a stream are new: a Bloom filter that grows (Almeida, Baquero, Preguica, Hutchison, "Scalable
// Bloom Filters", 2007), made of Parquet's split-block filters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "states/slot_states.hpp"
#include "states/split_block.hpp"

namespace streamstat {

class FirstSeen {
 public:
  FirstSeen() { grow(); }
  FirstSeen(const FirstSeen &) = delete;
  FirstSeen &operator=(const FirstSeen &) = delete;
  std::vector<std::uint8_t> mark(Slots slots, std::span<const std::uint64_t> hashes,
                                 std::span<const std::uint8_t> kinds);
  Bytes snapshot() const;
  void restore(ByteSpan snapshot);

 private:
  struct Generation {
    explicit Generation(std::size_t blocks);
    std::uint64_t *block(std::uint64_t hash) const {
      return &bits[split_block::block_of(hash, blocks)];
    }
    std::size_t pairs() const { return blocks * split_block::kWords / 2; }
    std::unique_ptr<std::uint64_t[]> bits;
    std::size_t blocks;
  };
  static std::size_t blocks_of(std::size_t generation);
  static std::uint64_t capacity_of(std::size_t generation);
  bool insert(std::uint64_t hash);
  void grow();

  std::vector<Generation> generations_;
  std::uint64_t inserted_ = 0;  // into the newest
};

}  // namespace streamstat
