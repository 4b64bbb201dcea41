#include "states/first_seen.hpp"

#include <iterator>

#include "base/kinds.hpp"
#include "base/prefetch.hpp"

namespace streamstat {

constexpr char kTag[] = "first seen 2\n";

// Generation i has 64 * 4^i blocks and takes this many values per 64 blocks before the next begins: as many as
// leave it wrong about at most 1 % / ((i + 1) (i + 2)) of new values. These sum to 1 % however many there are, and
// unlike the paper's geometric shares they ask for few more bits from one generation to the next.
// tests/kernels/test_bloom.py derives the table.
constexpr std::uint64_t kValuesPer64Blocks[] = {1342, 1073, 935, 847, 783, 734, 694, 662,
                                                  634,  610,  589, 571, 554, 539, 526, 513};

std::size_t FirstSeen::blocks_of(std::size_t generation) { return std::size_t{64} << (2 * generation); }

std::uint64_t FirstSeen::capacity_of(std::size_t generation) {
  return kValuesPer64Blocks[generation] << (2 * generation);
}

FirstSeen::Generation::Generation(std::size_t count)
    : bits(std::make_unique<std::uint64_t[]>(count * split_block::kWords / 2)), blocks(count) {}

void FirstSeen::grow() {
  if (generations_.size() == std::size(kValuesPer64Blocks)) throw std::length_error("new(): too many values");
  generations_.emplace_back(blocks_of(generations_.size()));
  inserted_ = 0;
}

bool FirstSeen::insert(std::uint64_t hash) {
  const split_block::Mask mask(hash);
  for (auto generation = generations_.rbegin(); generation != generations_.rend(); ++generation)
    if (mask.is_in(generation->block(hash))) return false;
  if (inserted_ == capacity_of(generations_.size() - 1)) grow();
  mask.set(generations_.back().block(hash));
  ++inserted_;
  return true;
}

std::vector<std::uint8_t> FirstSeen::mark(Slots slots, std::span<const std::uint64_t> hashes,
                                          std::span<const std::uint8_t> kinds) {
  require_size(slots.size(), hashes.size(), "hashes");
  require_size(slots.size(), kinds.size(), "kinds");
  const std::size_t n = slots.size();
  constexpr std::size_t ahead = 12;
  std::vector<std::uint8_t> marks(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (i + ahead < n)
      for (std::size_t k = generations_.size(); k > 0 && k + 3 > generations_.size(); --k)
        prefetch_line_to_write(generations_[k - 1].block(hashes[i + ahead]));
    if (slots[i] >= 0 && kinds[i] != kind::null) marks[i] = insert(hashes[i]);
  }
  return marks;
}

Bytes FirstSeen::snapshot() const {
  Bytes bytes = tagged(kTag);
  write_value(bytes, static_cast<std::uint8_t>(generations_.size()));
  write_value(bytes, inserted_);
  for (const Generation &generation : generations_)
    write_bytes(bytes, generation.bits.get(), generation.blocks * split_block::kBlockBytes);
  return bytes;
}

void FirstSeen::restore(ByteSpan snapshot) {
  Reader reader(snapshot, kTag);
  const std::size_t n = reader.read<std::uint8_t>();
  const auto inserted = reader.read<std::uint64_t>();
  const bool is_sound = n > 0 && n <= std::size(kValuesPer64Blocks) && inserted <= capacity_of(n - 1);
  Reader::require(is_sound, "not a growing filter");
  std::vector<Generation> generations;
  for (std::size_t i = 0; i < n; ++i) {
    const ByteSpan filter = reader.read_bytes(blocks_of(i) * split_block::kBlockBytes);
    generations.emplace_back(blocks_of(i));
    std::memcpy(generations.back().bits.get(), filter.data(), filter.size());
  }
  reader.require_end();
  generations_ = std::move(generations);
  inserted_ = inserted;
}

}  // namespace streamstat
