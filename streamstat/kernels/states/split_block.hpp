// The split-block Bloom filter of the Parquet format (apache/parquet-format, BloomFilter.md): blocks of eight
// 32-bit words; a hash picks a block by its upper half and one bit in each word by its lower half.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace streamstat::split_block {

constexpr std::size_t kWords = 8, kBlockBytes = 32, kBlockBits = 256;

constexpr std::uint32_t kSalts[kWords] = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                        0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};

// Two words at a time, as a block lies in little-endian memory.
struct Mask {
  explicit Mask(std::uint64_t hash) {
    const auto key = static_cast<std::uint32_t>(hash);
    for (std::size_t i = 0; i < kWords; i += 2)
      bits[i / 2] = std::uint64_t{1} << ((key * kSalts[i]) >> 27) |
                    std::uint64_t{1} << (32 + ((key * kSalts[i + 1]) >> 27));
  }
  bool is_in(const std::uint64_t *block) const {
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < kWords / 2; ++i) missing |= bits[i] & ~block[i];
    return missing == 0;
  }
  void set(std::uint64_t *block) const {
    for (std::size_t i = 0; i < kWords / 2; ++i) block[i] |= bits[i];
  }
  std::uint64_t bits[kWords / 2];
};

// The block's first pair of words.
inline std::size_t block_of(std::uint64_t hash, std::size_t blocks) {
  return static_cast<std::size_t>(((hash >> 32) * blocks) >> 32) * (kWords / 2);
}

}  // namespace streamstat::split_block
