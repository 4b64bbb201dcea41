// The counters of one percentile sketch, as small as what they hold: four buckets lie in the object itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/prefetch.hpp"
#include "states/hdr_buckets.hpp"

namespace streamstat {

// Sparse: words of (bucket, count), of which the first are sorted; what came since stands behind them as it came, and
// is sorted in when there is no more room: a value costs a store. Narrow and wide: a window of counters, of 32 bits
// while their sum has no more. Which of these it is can never be seen from outside.
class BucketCounters {
 public:
  BucketCounters() = default;
  BucketCounters(BucketCounters &&other) noexcept { steal(other); }
  BucketCounters &operator=(BucketCounters &&other) noexcept {
    if (this == &other) return *this;
    release();
    steal(other);
    return *this;
  }
  ~BucketCounters() { release(); }

  // Of all counters. The sum after an addition must fit.
  std::uint64_t total() const { return total_; }

  void add(Bucket bucket) {
    if (form_ == Form::sparse) {
      if (size_ < width_) [[likely]] {
        words()[size_++] = pack(bucket, 1);
        ++total_;
        return;
      }
    } else if (form_ == Form::narrow) {
      const std::uint32_t offset = static_cast<std::uint32_t>(bucket) - static_cast<std::uint32_t>(first_);
      if (offset < width_ && total_ < kMostNarrow) [[likely]] {
        ++narrow_[offset];
        ++total_;
        return;
      }
    }
    add_slowly(bucket, 1);
  }
  void add(Bucket bucket, std::uint64_t count) { add_slowly(bucket, count); }
  void absorb(const BucketCounters &other);
  void prefetch(Bucket bucket) const {
    if (form_ == Form::sparse) {
      if (width_ != kFew) prefetch_line_to_write(words_ + size_);
    } else if (form_ == Form::narrow) {
      const std::uint32_t offset = static_cast<std::uint32_t>(bucket) - static_cast<std::uint32_t>(first_);
      if (offset < width_) prefetch_line_to_write(narrow_ + offset);
    }
  }

  // The buckets in use, ascending.
  std::vector<BucketCount> sorted() const;
  // The bucket of the value with this rank, 1 to total(). Sorts, so that asking for another rank is cheap.
  Bucket at_rank(std::uint64_t rank);

 private:
  enum class Form : std::uint8_t { sparse, narrow, wide };
  static constexpr std::uint32_t kFew = 4;
  static constexpr std::uint64_t kMostNarrow = std::numeric_limits<std::uint32_t>::max();

  struct Bounds {
    Bucket lo, hi;
  };

  // Words sort as their buckets do.
  static std::uint64_t pack(Bucket bucket, std::uint64_t count) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(bucket) ^ 0x80000000u) << 32 | count;
  }
  static BucketCount unpack(std::uint64_t word) {
    return {static_cast<Bucket>(static_cast<std::uint32_t>(word >> 32) ^ 0x80000000u), word & kMostNarrow};
  }

  std::uint64_t *words() { return width_ == kFew ? few_ : words_; }
  const std::uint64_t *words() const { return width_ == kFew ? few_ : words_; }
  template <typename Use>
  void with_window(Use use) {
    if (form_ == Form::narrow)
      use(narrow_);
    else
      use(wide_);
  }
  template <typename Visit>
  void for_each(Visit visit) const;

  void add_slowly(Bucket bucket, std::uint64_t count);
  void absorb_words(const BucketCounters &other);
  void absorb_window(const BucketCounters &other);
  void copy(const BucketCounters &other);
  void settle();
  void make_room(std::size_t n);
  void grow(std::size_t capacity);
  void cover(Bounds bounds);
  Bounds used_bounds() const;
  void move_window(Bounds used, Bounds bounds);
  void make_sparse(const std::vector<BucketCount> &counts);
  void make_window(const std::vector<BucketCount> &counts, Bounds bounds, Form form);
  void steal(BucketCounters &other) noexcept;
  void release();

  union {
    std::uint64_t few_[kFew] = {};
    std::uint64_t *words_;
    std::uint32_t *narrow_;
    std::uint64_t *wide_;
  };
  std::uint64_t total_ = 0;
  std::uint32_t width_ = kFew;  // of the window; the words there is room for
  std::uint32_t size_ = 0;     // words
  union {
    std::uint32_t sorted_ = 0;  // words
    Bucket first_;              // of the window
  };
  Form form_ = Form::sparse;
};

template <typename Visit>
void BucketCounters::for_each(Visit visit) const {
  const auto visit_window = [&](const auto *counters) {
    for (std::uint32_t i = 0; i < width_; ++i)
      if (counters[i]) visit(BucketCount{first_ + static_cast<Bucket>(i), counters[i]});
  };
  if (form_ == Form::narrow)
    visit_window(narrow_);
  else if (form_ == Form::wide)
    visit_window(wide_);
  else
    for (std::uint32_t i = 0; i < size_; ++i) visit(unpack(words()[i]));
}

}  // namespace streamstat
