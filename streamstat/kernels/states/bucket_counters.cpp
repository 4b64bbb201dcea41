#include "states/bucket_counters.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

#include "states/bucket_words.hpp"

namespace streamstat {

namespace {

// A window is made where it has at most 8 counters a used bucket, and given up beyond 12: between the two nothing
// flips back and forth.
constexpr std::uint64_t kDenseFrom = 8, kSparseFrom = 12;
constexpr std::size_t kFirstWords = 16;

// The place of the counter in which the sum reaches rank; in steps, as sums of many counters are cheap.
template <typename Word>
std::uint32_t place_of_rank(const Word *counters, std::uint32_t n, std::uint64_t rank) {
  constexpr std::uint32_t step = 64;
  std::uint32_t i = 0;
  for (; i + step < n; i += step) {
    Word sum = 0;  // no more than the total, which fits a word
    const Word *const part = counters + i;
    for (std::uint32_t k = 0; k < step; ++k) sum += part[k];
    if (sum >= rank) break;
    rank -= sum;
  }
  for (; i + 1 < n && counters[i] < rank; ++i) rank -= counters[i];
  return i;
}

}  // namespace

std::vector<BucketCount> BucketCounters::sorted() const {
  std::vector<BucketCount> counts;
  for_each([&](BucketCount entry) { counts.push_back(entry); });
  if (form_ != Form::sparse || sorted_ == size_) return counts;
  std::sort(counts.begin(), counts.end(), [](auto one, auto other) { return one.bucket < other.bucket; });
  std::size_t used = 0;
  for (const BucketCount entry : counts) {
    if (used && counts[used - 1].bucket == entry.bucket)
      counts[used - 1].count += entry.count;
    else
      counts[used++] = entry;
  }
  counts.resize(used);
  return counts;
}

Bucket BucketCounters::at_rank(std::uint64_t rank) {
  settle();
  if (form_ != Form::sparse) {
    std::uint32_t place = 0;
    with_window([&](const auto *counters) { place = place_of_rank(counters, width_, rank); });
    return first_ + static_cast<Bucket>(place);
  }
  std::uint32_t i = 0;
  const std::uint64_t *const all = words();
  for (; i + 1 < size_ && unpack(all[i]).count < rank; ++i) rank -= unpack(all[i]).count;
  return unpack(all[i]).bucket;
}

void BucketCounters::add_slowly(Bucket bucket, std::uint64_t count) {
  const std::uint64_t sum = total_ + count;
  if (sum > kMostNarrow && form_ != Form::wide) {
    const auto counts = sorted();
    Bounds bounds = {bucket, bucket};
    if (!counts.empty()) bounds = {std::min(bucket, counts.front().bucket), std::max(bucket, counts.back().bucket)};
    make_window(counts, bounds, Form::wide);
  }
  make_room(1);
  cover({bucket, bucket});
  if (form_ == Form::sparse)
    words()[size_++] = pack(bucket, count);
  else
    with_window([&]<typename Word>(Word *counters) { counters[bucket - first_] += static_cast<Word>(count); });
  total_ = sum;
}

// Sorts what stands behind the sorted words, and merges the two.
void BucketCounters::settle() {
  if (form_ != Form::sparse || sorted_ == size_) return;
  if (total_ > kMostNarrow) {
    const auto counts = sorted();
    make_window(counts, {counts.front().bucket, counts.back().bucket}, Form::wide);
    return;
  }
  size_ = sorted_ = static_cast<std::uint32_t>(settle_words({words(), size_}, sorted_));
}

// Room for n more words, or a window where that is no larger.
void BucketCounters::make_room(std::size_t n) {
  if (form_ != Form::sparse || size_ + n <= width_) return;
  if (width_ == kFew && size_ + n <= kFirstWords) {
    grow(kFirstWords);
    return;
  }
  settle();
  if (form_ != Form::sparse) return;
  const Bounds bounds = used_bounds();
  if (size_ && static_cast<std::uint64_t>(bounds.hi - bounds.lo) < kDenseFrom * size_)
    make_window(sorted(), bounds, Form::narrow);
  else if (size_ + std::max<std::size_t>(n, width_ / 2) > width_)
    grow(std::bit_ceil(std::max(size_ + n, std::size_t{width_} * 2)));
}

void BucketCounters::grow(std::size_t capacity) {
  auto *const grown = new std::uint64_t[capacity];
  std::copy_n(words(), size_, grown);
  if (width_ != kFew) delete[] words_;
  words_ = grown;
  width_ = static_cast<std::uint32_t>(capacity);
}

// Makes the window reach over these bounds, with room to spare where it grew; gives it up where it would be mostly
// empty and words can hold its counts.
void BucketCounters::cover(Bounds bounds) {
  if (form_ == Form::sparse) return;
  const Bucket last = first_ + static_cast<Bucket>(width_) - 1;
  if (bounds.lo >= first_ && bounds.hi <= last) return;
  const Bounds used = used_bounds();
  Bucket lo = std::min(bounds.lo, used.lo), hi = std::max(bounds.hi, used.hi);
  if (form_ == Form::narrow) {
    const auto n = static_cast<std::uint64_t>(std::count_if(narrow_, narrow_ + width_, std::identity()));
    if (static_cast<std::uint64_t>(hi - lo) >= kSparseFrom * (n + 1)) {
      make_sparse(sorted());
      return;
    }
  }
  const Bucket spare = (hi - lo) / 4;
  if (bounds.lo < first_) lo = std::max(lo - spare, -kLastBucket);
  if (bounds.hi > last) hi = std::min(hi + spare, kLastBucket);
  move_window(used, {lo, hi});
}

// Of what is not empty, where it is sorted or a window.
BucketCounters::Bounds BucketCounters::used_bounds() const {
  if (form_ == Form::sparse) return {unpack(words()[0]).bucket, unpack(words()[size_ - 1]).bucket};
  std::uint32_t lo = 0, hi = width_ - 1;
  const auto shrink = [&](const auto *counters) {
    while (lo < hi && !counters[lo]) ++lo;
    while (hi > lo && !counters[hi]) --hi;
  };
  if (form_ == Form::narrow)
    shrink(narrow_);
  else
    shrink(wide_);
  return {first_ + static_cast<Bucket>(lo), first_ + static_cast<Bucket>(hi)};
}

// The same counters, those in use, in a window with other bounds.
void BucketCounters::move_window(Bounds used, Bounds bounds) {
  const auto width = static_cast<std::uint32_t>(bounds.hi - bounds.lo) + 1;
  with_window([&]<typename Word>(Word *&counters) {
    auto *const moved = new Word[width]();
    std::copy(counters + (used.lo - first_), counters + (used.hi - first_) + 1, moved + (used.lo - bounds.lo));
    delete[] counters;
    counters = moved;
  });
  width_ = width;
  first_ = bounds.lo;
}

void BucketCounters::make_sparse(const std::vector<BucketCount> &counts) {
  BucketCounters sparse;
  sparse.grow(std::bit_ceil(std::max(counts.size() * 2, kFirstWords)));
  for (const auto &[bucket, count] : counts) sparse.words_[sparse.size_++] = pack(bucket, count);
  sparse.sorted_ = sparse.size_;
  sparse.total_ = total_;
  *this = std::move(sparse);
}

void BucketCounters::make_window(const std::vector<BucketCount> &counts, Bounds bounds, Form form) {
  BucketCounters window;
  const auto width = static_cast<std::uint32_t>(bounds.hi - bounds.lo) + 1;
  if (form == Form::narrow)
    window.narrow_ = new std::uint32_t[width]();
  else
    window.wide_ = new std::uint64_t[width]();
  window.form_ = form;
  window.width_ = width;
  window.first_ = bounds.lo;
  window.total_ = total_;
  window.with_window([&]<typename Word>(Word *counters) {
    for (const auto &[bucket, count] : counts) counters[bucket - bounds.lo] = static_cast<Word>(count);
  });
  *this = std::move(window);
}

void BucketCounters::steal(BucketCounters &other) noexcept {
  std::memcpy(static_cast<void *>(few_), other.few_, sizeof few_);
  total_ = other.total_;
  width_ = other.width_;
  size_ = other.size_;
  sorted_ = other.sorted_;
  form_ = other.form_;
  other.total_ = 0;
  other.width_ = kFew;
  other.size_ = other.sorted_ = 0;
  other.form_ = Form::sparse;
}

void BucketCounters::release() {
  if (form_ == Form::narrow)
    delete[] narrow_;
  else if (form_ == Form::wide)
    delete[] wide_;
  else if (width_ != kFew)
    delete[] words_;
}

}  // namespace streamstat
