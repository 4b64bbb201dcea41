// The counters of one percentile sketch: table or window, whatever is smaller.
#include <algorithm>

#include "hdr.hpp"

namespace streamstat {

// A window is made where it has at most 8 counters a used bucket, and given up beyond 12: between the two nothing
// flips back and forth.
constexpr std::uint64_t dense_from = 8, sparse_from = 12;

void BucketCounters::prefetch(Bucket bucket) const {
  if (!words_) return;
  const std::uint32_t offset = static_cast<std::uint32_t>(bucket) - static_cast<std::uint32_t>(first_);
  if (!dense_)
    __builtin_prefetch(&words_[home(bucket)], 1);
  else if (offset < width_)
    __builtin_prefetch(&words_[offset], 1);
}

std::vector<BucketCount> BucketCounters::sorted() const {
  std::vector<BucketCount> counts;
  if (dense_) {
    for_each([&](BucketCount entry) { counts.push_back(entry); });
    return counts;
  }
  // With its sign bit flipped a word sorts as its bucket does, and words sort faster than pairs.
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  std::vector<std::uint64_t> words;
  words.reserve(used_);
  for (std::uint32_t i = 0; i < width_; ++i)
    if (words_[i]) words.push_back(words_[i] ^ sign);
  std::sort(words.begin(), words.end());
  counts.reserve(used_);
  for (const std::uint64_t word : words) counts.push_back(unpack(word ^ sign));
  return counts;
}

Bucket BucketCounters::at_rank(std::uint64_t rank) const {
  if (dense_) {
    std::uint32_t i = 0;
    for (; i + 1 < width_ && words_[i] < rank; ++i) rank -= words_[i];
    return first_ + static_cast<Bucket>(i);
  }
  const auto counts = sorted();
  std::size_t i = 0;
  for (; i + 1 < counts.size() && counts[i].count < rank; ++i) rank -= counts[i].count;
  return counts[i].bucket;
}

void BucketCounters::add_slowly(Bucket bucket, std::uint64_t count) {
  if (!words_) make_table({}, 4);
  if (!dense_) {
    std::uint32_t i = place(bucket);
    if (!words_[i] && used_ + 1 > width_ / 4 * 3) {
      grow_table();
      if (!dense_) i = place(bucket);
    }
    if (!dense_) {
      const std::uint64_t before = words_[i] ? unpack(words_[i]).count : 0;
      if (before + count <= most_in_table) {
        used_ += words_[i] == 0;
        words_[i] = pack(bucket, before + count);
        return;
      }
      const auto counts = sorted();
      const Bucket lo = counts.empty() ? bucket : std::min(bucket, counts.front().bucket);
      const Bucket hi = counts.empty() ? bucket : std::max(bucket, counts.back().bucket);
      make_window(counts, lo, hi);
    }
  }
  const Bucket end = first_ + static_cast<Bucket>(width_);
  if (bucket >= first_ && bucket < end) {
    words_[static_cast<std::uint32_t>(bucket - first_)] += count;
    return;
  }
  widen_window(bucket, count);
  add_slowly(bucket, count);
}

void BucketCounters::grow_table() {
  const auto counts = sorted();
  const Bucket lo = counts.front().bucket, hi = counts.back().bucket;
  if (static_cast<std::uint64_t>(hi - lo) < dense_from * counts.size())
    make_window(counts, lo, hi);
  else
    make_table(counts, width_ * 2);
}

void BucketCounters::make_table(const std::vector<BucketCount> &counts, std::uint32_t capacity) {
  words_ = std::make_unique<std::uint64_t[]>(capacity);
  width_ = capacity;
  used_ = static_cast<std::uint32_t>(counts.size());
  first_ = 0;
  dense_ = false;
  for (const auto &[bucket, count] : counts) words_[place(bucket)] = pack(bucket, count);
}

void BucketCounters::make_window(const std::vector<BucketCount> &counts, Bucket lo, Bucket hi) {
  const auto width = static_cast<std::uint32_t>(hi - lo + 1);
  words_ = std::make_unique<std::uint64_t[]>(width);
  width_ = width;
  first_ = lo;
  dense_ = true;
  for (const auto &[bucket, count] : counts) words_[static_cast<std::uint32_t>(bucket - lo)] = count;
}

// Widens with room to spare on the side that grew; gives the window up where it would be mostly empty and the
// table can hold its counts.
void BucketCounters::widen_window(Bucket bucket, std::uint64_t count) {
  const auto counts = sorted();
  Bucket lo = first_, hi = first_ + static_cast<Bucket>(width_) - 1;
  if (!counts.empty()) {
    lo = counts.front().bucket;
    hi = counts.back().bucket;
  }
  lo = std::min(lo, bucket);
  hi = std::max(hi, bucket);
  const bool fits_table =
      count <= most_in_table &&
      std::all_of(counts.begin(), counts.end(), [](auto entry) { return entry.count <= most_in_table; });
  if (fits_table && static_cast<std::uint64_t>(hi - lo) >= sparse_from * (counts.size() + 1)) {
    make_table(counts, static_cast<std::uint32_t>(std::bit_ceil(counts.size() * 4 / 3 + 4)));
    return;
  }
  const Bucket spare = (hi - lo) / 4;
  if (bucket == lo)
    lo = std::max(lo - spare, -last_bucket);
  else
    hi = std::min(hi + spare, last_bucket);
  make_window(counts, lo, hi);
}

}  // namespace streamstat
