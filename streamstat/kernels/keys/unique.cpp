#include "keys/unique.hpp"

#include <algorithm>
#include <cmath>

#include "base/prefetch.hpp"

namespace streamstat {

namespace {

constexpr std::size_t kAhead = 24, kTagsAhead = 8;  // rows whose memory is asked for before they are looked at
constexpr std::size_t kBucketsAhead = 4;            // buckets, when a part grows
constexpr double kFewestBuckets = 4, kGrowth = 1.4;

}  // namespace

UniqueTable::UniqueTable(bool forgets) : stride_(bucket::kRest + (forgets ? sizeof(std::int64_t) : 0)) {
  for (Part &part : parts_) grow(part, 0);
}

// The bucket that is looked at first, by the half of a hash without its first byte: in the order of hashes, so that all go
// forward when there are more buckets.
std::size_t UniqueTable::home(const Part &part, std::uint64_t high) const {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(high) * part.buckets) >> 64);
}

std::uint8_t *UniqueTable::first_bucket(Part &part, const Hash128 &hash) const {
  return part.lines.data() + home(part, hash.high << kPartBits) * bucket_bytes();
}

// Asks for the tags of a row that comes later, and by the tags of one that comes sooner, which are here by now, for the
// place that it will need. Without it, a large table waits for its memory most of the time. GCC leaves out calls that do
// nothing else, so it must be a part of its caller.
[[gnu::always_inline]] inline void UniqueTable::ask_for(const Rows &rows, std::size_t row) {
  if (row + kAhead < rows.low.size()) {
    const Hash128 hash = rows.hash(row + kAhead);
    const std::uint8_t *const line = first_bucket(part_of(hash), hash);
    prefetch_line_to_write(line);
    prefetch_line_to_write(line + 64);
  }
  if (row + kTagsAhead < rows.low.size()) {
    const Hash128 hash = rows.hash(row + kTagsAhead);
    if (const Spot spot = bucket::guessed(first_bucket(part_of(hash), hash), stride_, hash); spot.tag) {
      prefetch_line_to_write(spot.rest);
      prefetch_line_to_write(spot.rest + stride_ - 1);
    }
  }
}

// Where the hash is, or would be. There is room in one of the buckets.
[[gnu::always_inline]] inline Spot UniqueTable::find(Part &part, const Hash128 &hash) const {
  std::uint8_t *const end = part.lines.data() + part.buckets * bucket_bytes();
  for (std::uint8_t *line = first_bucket(part, hash);;) {
    if (const Spot spot = bucket::find(line, stride_, hash); spot.tag) return spot;
    if ((line += bucket_bytes()) == end) line = part.lines.data();
  }
}

Hash128 UniqueTable::hash_at(const Part &part, std::uint16_t tag, const std::uint8_t *rest) const {
  const auto first = static_cast<std::uint64_t>(&part - parts_.data());
  return {bucket::low_of(rest) | static_cast<std::uint64_t>(tag) << 48,
          bucket::high_of(rest) >> kPartBits | first << (64 - kPartBits)};
}

std::int64_t UniqueTable::mark(const std::uint8_t *rest) const {
  std::int64_t mark = INT64_MAX;
  if (forgets()) std::memcpy(&mark, rest + bucket::kRest, sizeof mark);
  return mark;
}

bool UniqueTable::is_known(const Spot &spot, std::int64_t before) const {
  return spot.is_taken() && before < mark(spot.rest);
}

// The value counts: from now on it was there.
void UniqueTable::remember(const Entry &entry) {
  Part &part = part_of(entry.hash);
  keep(part, find(part, entry.hash), entry);
}

// At the place where it was found, or would be. One that was forgotten is there again.
void UniqueTable::keep(Part &part, const Spot &spot, const Entry &entry) {
  const bool is_new = !spot.is_taken();
  write(spot, entry);
  least_ = std::min(least_, entry.mark);
  if (!is_new) return;
  ++part.size, ++size_;
  if (part.size == part.limit) grow(part, part.grown + 1);
}

void UniqueTable::write(const Spot &spot, const Entry &entry) const {
  *spot.tag = bucket::tag_of(entry.hash);
  bucket::write_rest(spot.rest, entry.hash);
  if (forgets()) std::memcpy(spot.rest + bucket::kRest, &entry.mark, sizeof entry.mark);
}

// No two parts have the same sizes, lest they all grow at the same time.
std::size_t UniqueTable::buckets_when_grown(const Part &part, int times) const {
  const double phase = static_cast<double>(&part - parts_.data()) / static_cast<double>(parts_.size());
  return static_cast<std::size_t>(kFewestBuckets * std::pow(kGrowth, times + phase));
}

// To the size of one that has grown so often. Entries go forward, so the last bucket is first. The few that would go back
// come last, when all others have their places.
void UniqueTable::grow(Part &part, int times) {
  const std::size_t before = part.buckets;
  part.grown = times;
  part.buckets = buckets_when_grown(part, times);
  part.limit = part.buckets * bucket::kEntries * 31 / 32;
  part.lines.grow(part.buckets * bucket_bytes());
  std::vector<std::uint8_t> used(part.buckets);
  std::vector<Entry> left;
  for (std::size_t b = before; b-- > 0;) {
    const std::size_t next = b - std::min(b, kBucketsAhead), goes_to = next * part.buckets / before;
    for (std::size_t at = 0; at < bucket_bytes(); at += 64) {
      prefetch_line(part.lines.data() + next * bucket_bytes() + at);
      prefetch_line_to_write(part.lines.data() + goes_to * bucket_bytes() + at);
    }
    move_on(part, b, used, left);
  }
  for (const Entry &entry : left) write(find(part, entry.hash), entry);
}

// The entries of a bucket find their places in those behind it, or in itself, in front of where they were.
void UniqueTable::move_on(Part &part, std::size_t b, std::vector<std::uint8_t> &used, std::vector<Entry> &left) const {
  std::uint8_t *const line = part.lines.data() + b * bucket_bytes();
  std::size_t i = 0;
  for (; i < bucket::kEntries && bucket::tags(line)[i]; ++i) {
    const std::uint16_t tag = bucket::tags(line)[i];
    const std::uint8_t *const rest = line + bucket::kTags + i * stride_;
    std::size_t to = home(part, bucket::high_of(rest));
    while (to < part.buckets && used[to] == bucket::kEntries) ++to;
    if (to >= b && to < part.buckets)
      bucket::write(part.lines.data() + to * bucket_bytes(), used[to]++, stride_, tag, rest);
    else
      left.push_back({hash_at(part, tag, rest), mark(rest)});
  }
  std::memset(bucket::tags(line) + used[b], 0, (i - used[b]) * sizeof(std::uint16_t));
}

// The entries of a part that are not forgotten at this watermark, `n` of them, in as few buckets as have room.
void UniqueTable::shrink(Part &part, std::size_t n, std::int64_t watermark) {
  std::vector<Entry> left;
  left.reserve(n);
  each_entry(part, [&](const Entry &entry) {
    if (entry.mark > watermark) left.push_back(entry);
  });
  size_ -= part.size - n;
  int times = 0;
  while (buckets_when_grown(part, times) * bucket::kEntries * 3 / 4 <= n) ++times;
  part.lines = LargeMemory();
  part.buckets = 0;
  part.size = n;
  grow(part, times);
  for (const Entry &entry : left) write(find(part, entry.hash), entry);
}

void UniqueTable::sweep(std::int64_t watermark) {
  least_ = INT64_MAX;
  for (Part &part : parts_) {
    std::size_t left = 0;
    each_entry(part, [&](const Entry &entry) {
      if (entry.mark <= watermark) return;
      ++left;
      least_ = std::min(least_, entry.mark);
    });
    if (left != part.size) shrink(part, left, watermark);
  }
  swept_at_ = std::max(2 * size_, kSweptFrom);
}

std::size_t UniqueTable::sift(const Rows &rows, std::size_t begin, std::span<std::uint8_t> duplicates) {
  const std::size_t n = rows.roles.size();
  if (begin < n && forgets() && size_ >= swept_at_ && rows.before[begin] >= least_) sweep(rows.before[begin]);
  for (std::size_t i = begin; i < n; ++i) {
    ask_for(rows, i);
    duplicates[i] = 0;
    if (rows.roles[i] == kLeftOut) continue;
    const Hash128 hash = rows.hash(i);
    Part &part = part_of(hash);
    const Spot spot = find(part, hash);
    if (is_known(spot, rows.before[i])) {
      duplicates[i] = 1;
      continue;
    }
    if (!pending_.empty() && pending_hashes_.contains(hash)) return i;
    if (rows.roles[i] == kCounts) {
      keep(part, spot, {hash, rows.forgotten[i]});
    } else if (rows.roles[i] == kMayBeLate) {
      pending_.push_back({i, {hash, rows.forgotten[i]}});
      pending_hashes_.insert(hash);
    }
  }
  return n;
}

void UniqueTable::settle(std::span<const std::uint8_t> lost) {
  for (const auto &[row, entry] : pending_)
    if (row >= lost.size() || !lost[row]) remember(entry);
  pending_.clear();
  pending_hashes_.clear();
}

}  // namespace streamstat
