// Values that were counted before, told apart by hashes of 128 bits.
//
// A value takes 15 bytes where values are never forgotten, else 23: its hash but for the byte that its table tells of it,
// and the watermark from which on it is as if it had never been there. There are 256 tables, each nearly full: values
// share buckets of 64, and what finds no room goes to the next one. One that is full grows by two fifths where it stands,
// at other sizes than the others: so the whole is full to some 82 %.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/state_bytes.hpp"
#include "keys/large_memory.hpp"
#include "keys/unique_bucket.hpp"

namespace streamstat {

class UniqueTable {
 public:
  // What is known of a row: it is left out, it is asked for and counts in no window, it counts unless it was there
  // before, or it may turn out to be late.
  enum Role : std::uint8_t { kLeftOut, kAskedFor, kCounts, kMayBeLate };
  // Rows of a block: hashes, the watermark from which on each is forgotten and the one before it, and what is known.
  struct Rows {
    std::span<const std::uint64_t> low, high;
    std::span<const std::int64_t> forgotten, before;
    std::span<const std::uint8_t> roles;
    // A tag of zero stands for nothing.
    Hash128 hash(std::size_t row) const {
      return {low[row] >> 48 ? low[row] : low[row] | std::uint64_t{1} << 48, high[row]};
    }
  };

  explicit UniqueTable(bool forgets);

  std::size_t size() const { return size_; }
  // Tells of rows from `begin` on whether they were there before, and remembers those that count. Stops before a row
  // with the value of one that may be late: `settle` says first whether that one was counted. The row where it stops.
  std::size_t sift(const Rows &rows, std::size_t begin, std::span<std::uint8_t> duplicates);
  // Of the rows that might have been late: those were not counted that are `lost`.
  void settle(std::span<const std::uint8_t> lost);

  Bytes snapshot() const;
  void restore(ByteSpan snapshot);

 private:
  struct HashOfHash {
    std::size_t operator()(const Hash128 &hash) const { return static_cast<std::size_t>(hash.low); }
  };
  struct Entry {
    Hash128 hash;
    std::int64_t mark;
  };
  // grown: how often it has become larger, or would have.
  struct Part {
    LargeMemory lines;
    std::size_t buckets = 0, size = 0, limit = 0;
    int grown = 0;
  };
  static constexpr int kPartBits = 8;
  static constexpr std::size_t kSweptFrom = 65'536;

  bool forgets() const { return stride_ != bucket::kRest; }
  std::size_t bucket_bytes() const { return bucket::kEntries * stride_ + bucket::kTags; }
  Part &part_of(const Hash128 &hash) { return parts_[hash.high >> (64 - kPartBits)]; }
  std::size_t home(const Part &part, std::uint64_t high) const;
  std::uint8_t *first_bucket(Part &part, const Hash128 &hash) const;
  void ask_for(const Rows &rows, std::size_t row);
  Spot find(Part &part, const Hash128 &hash) const;
  Hash128 hash_at(const Part &part, std::uint16_t tag, const std::uint8_t *rest) const;
  std::int64_t mark(const std::uint8_t *rest) const;
  bool is_known(const Spot &spot, std::int64_t before) const;
  void remember(const Entry &entry);
  void keep(Part &part, const Spot &spot, const Entry &entry);
  void write(const Spot &spot, const Entry &entry) const;
  std::size_t buckets_when_grown(const Part &part, int times) const;
  void grow(Part &part, int times);
  void move_on(Part &part, std::size_t b, std::vector<std::uint8_t> &used, std::vector<Entry> &left) const;
  void shrink(Part &part, std::size_t n, std::int64_t watermark);
  void sweep(std::int64_t watermark);
  template <typename Visit>
  void each_entry(const Part &part, Visit &&visit) const;

  std::size_t stride_;
  std::array<Part, std::size_t{1} << kPartBits> parts_;
  std::size_t size_ = 0;
  std::int64_t least_ = INT64_MAX;  // no mark is below it
  std::size_t swept_at_ = kSweptFrom;
  std::vector<std::pair<std::size_t, Entry>> pending_;  // rows that may be late
  std::unordered_set<Hash128, HashOfHash> pending_hashes_;
};

// Every entry of a part, bucket by bucket.
template <typename Visit>
void UniqueTable::each_entry(const Part &part, Visit &&visit) const {
  const std::uint8_t *line = part.lines.data();
  for (std::size_t b = 0; b < part.buckets; ++b, line += bucket_bytes())
    for (std::size_t i = 0; i < bucket::kEntries && bucket::tags(line)[i]; ++i) {
      const std::uint8_t *const rest = line + bucket::kTags + i * stride_;
      visit(Entry{hash_at(part, bucket::tags(line)[i], rest), mark(rest)});
    }
}

}  // namespace streamstat
