// Percentiles by slot: HdrHistogram's 3-digit buckets, for doubles of any size and sign.
// The bucket of a magnitude is the top of its own bits, bits >> 42: 1,024 buckets an octave, which for
// integers are those of HdrHistogram (http://hdrhistogram.org) with 3 significant digits.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "sketch_states.hpp"
#include "value_kinds.hpp"

namespace streamstat {

// Buckets in the order of their values: 0 holds zero, k > 0 the magnitudes whose bits >> 42 are k - 1, -k their
// mirror image.
using Bucket = std::int32_t;

constexpr int bucket_shift = 42;
constexpr Bucket last_bucket = (0x7FF << 10);

inline Bucket bucket_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t magnitude = bits & ~(std::uint64_t{1} << 63);
  if (magnitude == 0) return 0;
  const auto bucket = static_cast<Bucket>(magnitude >> bucket_shift) + 1;
  return bits == magnitude ? bucket : -bucket;
}

// Cut towards zero, as rounding could lift a number beyond 2^53 into the next bucket.
inline Bucket bucket_of(std::int64_t value) {
  auto magnitude = static_cast<std::uint64_t>(value);
  if (value < 0) magnitude = -magnitude;
  if (magnitude >> 53) magnitude &= ~std::uint64_t{0} << (11 - std::countl_zero(magnitude));
  const Bucket bucket = bucket_of(static_cast<double>(magnitude));
  return value < 0 ? -bucket : bucket;
}

// The lower edge of the magnitudes in a bucket k > 0; that of k + 1 is the upper edge.
inline double lower_edge(Bucket bucket) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(bucket - 1) << bucket_shift);
}

inline bool is_whole(double value) {
  return std::abs(value) >= 0x1p53 || static_cast<double>(static_cast<std::int64_t>(value)) == value;
}

// Calls use with the value as std::int64_t or double where it is a number, else not at all.
template <typename Use>
inline void with_number(std::uint8_t kind, std::int64_t number, Use use) {
  if (kind == kind_integer)
    use(number);
  else if (kind == kind_double && ((number >> 52) & 0x7FF) != 0x7FF)  // no JSON number is infinite
    use(std::bit_cast<double>(number));
  else if (kind == kind_true || kind == kind_false)
    use(std::int64_t{kind == kind_true});
}

// The largest value the bucket can hold, of the values that can be in it.
double upper_edge(Bucket bucket, bool whole);

// A quantile as a fraction; std::invalid_argument outside 0 to 1.
struct Fraction {
  Fraction(std::uint64_t numerator, std::uint64_t denominator);
  // Of n values, the smallest rank with at least this part of them at or below it; not below 1.
  std::uint64_t rank(std::uint64_t n) const;

  std::uint64_t numerator, denominator;
};

struct BucketCount {
  Bucket bucket;
  std::uint64_t count;
};

// Counters by bucket: a small hash table of (bucket, count) while they lie far apart, one window of counters
// when they lie close. Which of the two is never visible from outside.
class BucketCounters {
 public:
  void add(Bucket bucket) {
    if (dense_) {
      const std::uint32_t offset = static_cast<std::uint32_t>(bucket) - static_cast<std::uint32_t>(first_);
      if (offset < width_) {
        ++words_[offset];
        return;
      }
    } else if (words_) {
      std::uint64_t &word = words_[place(bucket)];
      if (word && unpack(word).count < most_in_table) {
        ++word;
        return;
      }
    }
    add_slowly(bucket, 1);
  }
  void add(Bucket bucket, std::uint64_t count) { add_slowly(bucket, count); }
  void prefetch(Bucket bucket) const;
  std::vector<BucketCount> sorted() const;
  Bucket at_rank(std::uint64_t rank) const;

  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::uint32_t i = 0; i < width_; ++i)
      if (words_[i]) visit(dense_ ? BucketCount{static_cast<Bucket>(first_ + i), words_[i]} : unpack(words_[i]));
  }

 private:
  static constexpr std::uint64_t most_in_table = 0xFFFFFFFFu;
  // A word of the hash table: the bucket above, a count below that must fit 32 bits; 0 is a free place.
  static BucketCount unpack(std::uint64_t word) {
    return {static_cast<Bucket>(word >> 32), word & most_in_table};
  }
  static std::uint64_t pack(Bucket bucket, std::uint64_t count) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(bucket)) << 32 | count;
  }
  void add_slowly(Bucket bucket, std::uint64_t count);
  std::uint32_t home(Bucket bucket) const {
    return (static_cast<std::uint32_t>(bucket) * 0x9E3779B9u) >> (std::countl_zero(width_) + 1);
  }
  // Where the bucket is in the table, or the free place it belongs to.
  std::uint32_t place(Bucket bucket) const {
    std::uint32_t i = home(bucket);
    while (words_[i] && unpack(words_[i]).bucket != bucket) i = (i + 1) & (width_ - 1);
    return i;
  }
  void grow_table();
  void make_table(const std::vector<BucketCount> &counts, std::uint32_t capacity);
  void make_window(const std::vector<BucketCount> &counts, Bucket lo, Bucket hi);
  void widen_window(Bucket bucket, std::uint64_t count);

  std::unique_ptr<std::uint64_t[]> words_;
  std::uint32_t width_ = 0;  // of the window, or capacity of the table: a power of two
  std::uint32_t used_ = 0;   // places of the table
  Bucket first_ = 0;         // of the window
  bool dense_ = false;
};

struct HdrSettings {
  bool operator==(const HdrSettings &) const = default;
};

class HdrSketch {
 public:
  using Settings = HdrSettings;
  static constexpr std::uint8_t version = 1;

  void add(std::int64_t value) { add(bucket_of(value), static_cast<double>(value)); }
  void add(double value) {
    whole_ = whole_ && is_whole(value);
    add(bucket_of(value), value + 0.0);
  }
  void prefetch(Bucket bucket) const { counters_.prefetch(bucket); }
  void absorb(const HdrSketch &other, const Settings &);
  std::uint64_t total() const { return total_; }
  double quantile(std::uint64_t rank) const;
  void append_payload(Bytes &bytes, int fraction_bits, int sign) const;
  void write(Bytes &bytes, const Settings &) const;
  static HdrSketch read(Reader &reader, const Settings &);

 private:
  void add(Bucket bucket, double value) {
    counters_.add(bucket);
    ++total_;
    if (value > highest_) highest_ = value;
  }
  void add_total(std::uint64_t count);

  BucketCounters counters_;
  std::uint64_t total_ = 0;
  double highest_ = -std::numeric_limits<double>::infinity();
  bool whole_ = true;
};

struct Quantiles {
  std::vector<std::uint8_t> kinds;
  std::vector<double> values;
};

class HdrStates : public SketchStates<HdrSketch> {
 public:
  HdrStates() : SketchStates(HdrSettings{}) {}
  void update(Slots slots, std::span<const std::uint8_t> kinds, std::span<const std::int64_t> numbers);
  Quantiles quantile(Slots slots, std::uint64_t numerator, std::uint64_t denominator) const;
  // The V2 payload of HdrHistogram(1, 2^63-1, 3) for floor(|value| * 2^fraction_bits) of the values >= 0
  // (sign 1) or < 0 (sign -1): the counters as ZigZag LEB128; empty without such values.
  ByteStrings payloads(Slots slots, int fraction_bits, int sign) const;
};

}  // namespace streamstat
