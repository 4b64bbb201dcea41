// Membership by slot: Parquet's split-block Bloom filter, sized for a capacity; the hashes themselves while they
// are few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/prefetch.hpp"
#include "states/hash_set.hpp"
#include "states/slot_states.hpp"
#include "states/split_block.hpp"

namespace streamstat {

struct BloomSettings {
  explicit BloomSettings(std::int64_t values);
  std::size_t pairs() const { return blocks * split_block::kWords / 2; }  // of 32-bit words
  std::size_t bytes() const { return blocks * split_block::kBlockBytes; }
  std::size_t bits() const { return blocks * split_block::kBlockBits; }
  // Up to here the set of hashes takes at most half of the filter's memory.
  std::size_t most_hashes() const { return bytes() / 16 / 4 * 3; }
  bool operator==(const BloomSettings &) const = default;
  std::int64_t capacity;
  std::size_t blocks = 1;
};

class BloomSketch {
 public:
  using Settings = BloomSettings;
  static constexpr std::uint8_t kVersion = 2;

  void add(std::uint64_t hash, const Settings &settings) {
    if (filter_)
      split_block::Mask(hash).set(&filter_[split_block::block_of(hash, settings.blocks)]);
    else if (hashes_.insert(hash) && hashes_.size() > settings.most_hashes())
      make_filter(settings);
  }
  void prefetch(std::uint64_t hash, const Settings &settings) const {
    if (filter_)
      prefetch_line_to_write(&filter_[split_block::block_of(hash, settings.blocks)]);
    else
      hashes_.prefetch(hash);
  }
  void absorb(const BloomSketch &other, const Settings &settings);
  // Into zeroed words.
  void write_filter(std::uint64_t *filter, const Settings &settings) const;
  // Bits not set yet; `scratch` is the zeroed size of a filter, and is so again afterwards.
  std::size_t zeros(std::vector<std::uint64_t> &scratch, const Settings &settings) const;
  void write(Bytes &bytes, const Settings &settings) const;
  static BloomSketch read(Reader &reader, const Settings &settings);
  static BloomSketch of_filter(ByteSpan filter, const Settings &settings);

 private:
  void make_filter(const Settings &settings);

  HashSet hashes_;
  std::unique_ptr<std::uint64_t[]> filter_;  // none while there are few hashes
};

struct BloomEstimates {
  std::vector<std::uint8_t> kinds;
  std::vector<std::int64_t> numbers;
};

class BloomStates : public SketchStates<BloomSketch> {
 public:
  explicit BloomStates(std::int64_t capacity) : SketchStates(BloomSettings(capacity)) {}
  void update(Slots slots, std::span<const std::uint64_t> hashes, std::span<const std::uint8_t> kinds);
  BloomEstimates estimates(Slots slots) const;
  ByteStrings filters(Slots slots) const;
  void restore_filters(Slots slots, const TextColumn &states);
};

}  // namespace streamstat
