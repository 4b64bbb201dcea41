#include "keys/unique.hpp"

#include <algorithm>
#include <cmath>

namespace streamstat {

namespace {

constexpr std::size_t kAhead = 24;            // rows whose memory is asked for before they are looked at
constexpr std::size_t kFewestBuckets = 64, kManyBuckets = 4096;

bool is_full(std::size_t size, std::size_t buckets) { return size * 16 >= buckets * bucket::kEntries * 15; }

std::size_t more_buckets(std::size_t buckets) { return buckets + buckets / (buckets < kManyBuckets ? 2 : 4) + 1; }

// A first byte of zero stands for nothing.
Hash128 told_apart(std::uint64_t low, std::uint64_t high) {
  return {low >> 56 ? low : low | (std::uint64_t{1} << 56), high};
}

}  // namespace

// The bucket that is looked at first: in the order of hashes, so that all go forward when there are more buckets.
std::size_t UniqueTable::home(const Part &part, const Hash128 &hash) const {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(hash.high << kPartBits) * part.buckets) >> 64);
}

// Where the hash is, or would be. The part has buckets, and room in one of them.
Spot UniqueTable::find(Part &part, const Hash128 &hash) const {
  std::uint8_t *const end = part.lines.data() + part.buckets * bucket_bytes();
  for (std::uint8_t *line = part.lines.data() + home(part, hash) * bucket_bytes();;) {
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
  if (is_full(part.size, part.buckets)) grow(part, more_buckets(part.buckets));
}

// The part of a hash, no two of which begin with the same size, lest they all grow at the same time.
UniqueTable::Part &UniqueTable::with_buckets(const Hash128 &hash) {
  Part &part = parts_[hash.high >> (64 - kPartBits)];
  if (!part.buckets) {
    const double phase = static_cast<double>(&part - parts_.data()) / static_cast<double>(parts_.size());
    grow(part, static_cast<std::size_t>(kFewestBuckets * std::pow(5.0 / 4, phase)));
  }
  return part;
}

// At least so many buckets, as many as fit in the memory that there is. Entries go forward, so the last one is first: a
// bucket is taken out, and each of its entries finds its place among buckets that are done. The few that do not come last.
void UniqueTable::grow(Part &part, std::size_t buckets) {
  part.lines.grow(buckets * bucket_bytes());
  const std::size_t before = part.buckets;
  part.buckets = part.lines.size() / bucket_bytes();
  std::vector<std::uint8_t> taken(bucket_bytes()), left, used(part.buckets);
  for (std::size_t b = before; b-- > 0;) {
    std::uint8_t *const line = part.lines.data() + b * bucket_bytes();
    std::memcpy(taken.data(), line, taken.size());
    std::memset(line, 0, bucket::kEntries);
    for (std::size_t i = 0; i < bucket::kEntries && taken[i]; ++i) {
      const std::uint8_t *const rest = taken.data() + bucket::kEntries + i * stride_;
      std::size_t to = home(part, bucket::hash_at(taken[i], rest));
      if (to >= b)
        while (to < part.buckets && used[to] == bucket::kEntries) ++to;
      if (to >= b && to < part.buckets) {
        bucket::write(part.lines.data() + to * bucket_bytes(), used[to]++, stride_, taken[i], rest);
        continue;
      }
      left.push_back(taken[i]);
      left.insert(left.end(), rest, rest + stride_);
    }
  }
  put_back(part, left);
}

// They are different from all that is there, so none has to be compared.
void UniqueTable::put_back(Part &part, std::span<const std::uint8_t> entries) {
  std::uint8_t *const end = part.lines.data() + part.buckets * bucket_bytes();
  for (std::size_t e = 0; e < entries.size(); e += 1 + stride_) {
    const std::uint8_t *const rest = entries.data() + e + 1;
    std::uint8_t *line = part.lines.data() + home(part, bucket::hash_at(entries[e], rest)) * bucket_bytes();
    while (!bucket::put(line, stride_, entries[e], rest))
      if ((line += bucket_bytes()) == end) line = part.lines.data();
  }
}

// The entries of a part that are not forgotten at this watermark, in fewer buckets.
void UniqueTable::shrink(Part &part, std::size_t n, std::int64_t watermark) {
  std::vector<std::uint8_t> left;
  left.reserve(n * (1 + stride_));
  each_entry(part, [&](std::uint8_t tag, const std::uint8_t *rest) {
    if (mark(rest) <= watermark) return;
    left.push_back(tag);
    left.insert(left.end(), rest, rest + stride_);
  });
  size_ -= part.size - n;
  part = Part{};
  grow(part, n / (bucket::kEntries * 3 / 4) + kFewestBuckets);
  part.size = n;
  put_back(part, left);
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
    if (left != part.size) shrink(part, left, watermark);
  }
  swept_at_ = std::max(2 * size_, kSweptFrom);
}

std::size_t UniqueTable::sift(const Rows &rows, std::size_t begin, std::span<std::uint8_t> duplicates) {
  const std::size_t n = rows.roles.size();
  if (begin < n && forgets() && size_ >= swept_at_ && rows.before[begin] >= least_) sweep(rows.before[begin]);
  for (std::size_t i = begin; i < n; ++i) {
    if (i + kAhead < n) {
      const Hash128 next{rows.low[i + kAhead], rows.high[i + kAhead]};
      Part &ahead = with_buckets(next);
      const std::uint8_t *const line = ahead.lines.data() + home(ahead, next) * bucket_bytes();
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
