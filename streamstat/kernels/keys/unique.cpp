#include "keys/unique.hpp"

#include <algorithm>
#include <cmath>

namespace streamstat {

namespace {

constexpr std::size_t kAhead = 24;            // rows whose memory is asked for before they are looked at
constexpr std::int64_t kNothing = INT64_MIN;  // a watermark at which nothing is forgotten
constexpr std::size_t kFewestBuckets = 64, kManyBuckets = 2048;

bool is_full(std::size_t size, std::size_t buckets) { return size * 16 >= buckets * bucket::kEntries * 15; }

std::size_t more_buckets(std::size_t buckets) { return buckets + buckets / (buckets < kManyBuckets ? 2 : 6) + 1; }

// A first byte of zero stands for nothing.
Hash128 told_apart(std::uint64_t low, std::uint64_t high) {
  return {low >> 56 ? low : low | (std::uint64_t{1} << 56), high};
}

}  // namespace

// In the order of hashes, so that a table that grows is read and written from its beginning to its end.
std::uint8_t *UniqueTable::home(Part &part, const Hash128 &hash) const {
  __extension__ using Wide = unsigned __int128;
  const auto place = static_cast<std::size_t>((static_cast<Wide>(hash.high << kPartBits) * part.buckets) >> 64);
  return part.lines.data() + place * bucket_bytes();
}

// Where the hash is, or would be. The part has buckets, and room in one of them.
Spot UniqueTable::find(Part &part, const Hash128 &hash) const {
  std::uint8_t *const end = part.lines.data() + part.buckets * bucket_bytes();
  for (std::uint8_t *line = home(part, hash);;) {
    if (const Spot spot = bucket::find(line, stride_, hash); spot.tag) return spot;
    if ((line += bucket_bytes()) == end) line = part.lines.data();
  }
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
void UniqueTable::remember(const Hash128 &hash, std::int64_t mark) {
  Part &part = with_buckets(hash);
  keep(part, find(part, hash), hash, mark);
}

// At the place where it was found, or would be. One that was forgotten is there again.
void UniqueTable::keep(Part &part, const Spot &spot, const Hash128 &hash, std::int64_t mark) {
  if (!spot.is_taken()) {
    *spot.tag = bucket::tag_of(hash);
    bucket::write_rest(spot.rest, hash);
    ++part.size, ++size_;
  }
  if (forgets()) std::memcpy(spot.rest + bucket::kRest, &mark, sizeof mark);
  least_ = std::min(least_, mark);
  if (is_full(part.size, part.buckets)) rebuild(part, more_buckets(part.buckets), kNothing);
}

// The part of a hash, no two of which begin with the same size, lest they all grow at the same time.
UniqueTable::Part &UniqueTable::with_buckets(const Hash128 &hash) {
  Part &part = parts_[hash.high >> (64 - kPartBits)];
  if (!part.buckets) {
    const double phase = static_cast<double>(&part - parts_.data()) / static_cast<double>(parts_.size());
    rebuild(part, static_cast<std::size_t>(kFewestBuckets * std::pow(7.0 / 6, phase)), kNothing);
  }
  return part;
}

// The entries of a part that are not forgotten at this watermark, in so many buckets, which have room for all of them.
void UniqueTable::rebuild(Part &part, std::size_t buckets, std::int64_t watermark) {
  const std::size_t needed = buckets * bucket_bytes();
  moving_.reserve(part.size * (1 + stride_));
  std::uint8_t *to = moving_.data();
  each_entry(part, [&](std::uint8_t tag, const std::uint8_t *rest) {
    if (mark(rest) <= watermark) return;
    *to = tag;
    bucket::copy_rest(to + 1, rest, forgets());
    to += 1 + stride_;
  });
  if (needed < part.lines.size() / 2) part.lines = GrowingMemory();
  part.lines.reserve(needed);
  for (std::size_t b = 0; b < buckets; ++b) std::memset(part.lines.data() + b * bucket_bytes(), 0, bucket::kEntries);
  size_ -= part.size;
  part.buckets = buckets;
  part.size = static_cast<std::size_t>(to - moving_.data()) / (1 + stride_);
  size_ += part.size;
  put_back(part);
}

// They are different, so none has to be compared with another.
void UniqueTable::put_back(Part &part) {
  std::uint8_t *const end = part.lines.data() + part.buckets * bucket_bytes();
  const std::uint8_t *entry = moving_.data();
  for (std::size_t n = part.size; n; --n, entry += 1 + stride_) {
    std::uint8_t *line = home(part, bucket::hash_at(entry[0], entry + 1));
    std::uint64_t free;
    while (!(free = bucket::matches(line, 0)))
      if ((line += bucket_bytes()) == end) line = part.lines.data();
    const auto i = static_cast<std::size_t>(std::countr_zero(free));
    line[i] = entry[0];
    bucket::copy_rest(line + bucket::kEntries + i * stride_, entry + 1, forgets());
  }
}

void UniqueTable::sweep(std::int64_t watermark) {
  least_ = INT64_MAX;
  for (Part &part : parts_) {
    std::size_t left = 0;
    each_entry(part, [&](std::uint8_t, const std::uint8_t *rest) {
      if (mark(rest) <= watermark) return;
      ++left;
      least_ = std::min(least_, mark(rest));
    });
    if (left != part.size) rebuild(part, std::min(part.buckets, left / (bucket::kEntries * 3 / 4) + kFewestBuckets), watermark);
  }
  swept_at_ = std::max(2 * size_, kSweptFrom);
}

std::size_t UniqueTable::sift(const Rows &rows, std::size_t begin, std::span<std::uint8_t> duplicates) {
  const std::size_t n = rows.roles.size();
  if (begin < n && forgets() && size_ >= swept_at_ && rows.before[begin] >= least_) sweep(rows.before[begin]);
  for (std::size_t i = begin; i < n; ++i) {
    if (i + kAhead < n) {
      const Hash128 next{rows.low[i + kAhead], rows.high[i + kAhead]};
      const std::uint8_t *const line = home(with_buckets(next), next);
      __builtin_prefetch(line);
      __builtin_prefetch(line + bucket_bytes());  // where it goes on if the first is full
    }
    duplicates[i] = 0;
    if (rows.roles[i] == kLeftOut) continue;
    const Hash128 hash = told_apart(rows.low[i], rows.high[i]);
    Part &part = with_buckets(hash);
    const Spot spot = find(part, hash);
    if (is_known(spot, rows.before[i])) {
      duplicates[i] = 1;
      continue;
    }
    if (!pending_.empty() && pending_hashes_.contains(hash)) return i;
    if (rows.roles[i] == kCounts) {
      keep(part, spot, hash, rows.forgotten[i]);
    } else if (rows.roles[i] == kMayBeLate) {
      pending_.push_back({i, {hash, rows.forgotten[i]}});
      pending_hashes_.insert(hash);
    }
  }
  return n;
}

void UniqueTable::settle(std::span<const std::uint8_t> lost) {
  for (const auto &[row, entry] : pending_)
    if (row >= lost.size() || !lost[row]) remember(entry.hash, entry.mark);
  pending_.clear();
  pending_hashes_.clear();
}

}  // namespace streamstat
