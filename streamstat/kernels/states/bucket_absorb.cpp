// How the counters of one sketch take in those of another, whatever their forms.
#include <algorithm>
#include <utility>

#include "states/bucket_counters.hpp"

namespace streamstat {

namespace {

void add_to(std::uint32_t *into, const std::uint32_t *counts, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) into[i] += counts[i];
}

}  // namespace

void BucketCounters::absorb(const BucketCounters &other) {
  if (&other == this) {
    for (const auto &[bucket, count] : sorted()) add(bucket, count);
  } else if (total_ == 0) {
    copy(other);
  } else if (total_ + other.total_ > kMostNarrow) {
    other.for_each([&](BucketCount entry) { add(entry.bucket, entry.count); });
  } else if (other.form_ == Form::sparse) {
    absorb_words(other);
  } else {
    absorb_window(other);
  }
}

// Neither has more than 32 bits of values from here on.
void BucketCounters::absorb_words(const BucketCounters &other) {
  make_room(other.size_);
  if (form_ == Form::sparse) {
    std::copy_n(other.words(), other.size_, words() + size_);
    size_ += other.size_;
    total_ += other.total_;
    return;
  }
  other.for_each([&](BucketCount entry) {
    const std::uint32_t offset = static_cast<std::uint32_t>(entry.bucket) - static_cast<std::uint32_t>(first_);
    if (form_ == Form::narrow && offset < width_) {
      narrow_[offset] += static_cast<std::uint32_t>(entry.count);
      total_ += entry.count;
    } else {
      add_slowly(entry.bucket, entry.count);
    }
  });
}

void BucketCounters::absorb_window(const BucketCounters &other) {
  if (form_ == Form::sparse) {
    BucketCounters mine = std::move(*this);
    copy(other);
    absorb_words(mine);
    return;
  }
  const Bounds bounds = other.used_bounds();
  cover(bounds);
  if (form_ == Form::sparse) {
    other.for_each([&](BucketCount entry) { add(entry.bucket, entry.count); });
    return;
  }
  add_to(narrow_ + (bounds.lo - first_), other.narrow_ + (bounds.lo - other.first_),
         static_cast<std::size_t>(bounds.hi - bounds.lo) + 1);
  total_ += other.total_;
}

void BucketCounters::copy(const BucketCounters &other) {
  BucketCounters copied;
  if (other.form_ == Form::narrow) {
    copied.narrow_ = new std::uint32_t[other.width_];
    std::copy_n(other.narrow_, other.width_, copied.narrow_);
  } else if (other.form_ == Form::wide) {
    copied.wide_ = new std::uint64_t[other.width_];
    std::copy_n(other.wide_, other.width_, copied.wide_);
  } else {
    if (other.width_ != kFew) copied.words_ = new std::uint64_t[other.width_];
    std::copy_n(other.words(), other.size_, other.width_ == kFew ? copied.few_ : copied.words_);
  }
  copied.form_ = other.form_;
  copied.width_ = other.width_;
  copied.first_ = other.first_;
  copied.size_ = other.size_;
  copied.total_ = other.total_;
  *this = std::move(copied);
}

}  // namespace streamstat
