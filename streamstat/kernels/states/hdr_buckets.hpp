// The buckets of percentile sketches: HdrHistogram's for 3 significant digits, over doubles of any size and sign.
// The bucket of a magnitude is the top of its own bits, bits >> 42: 1,024 buckets an octave, which for
// integers are those of HdrHistogram (http://hdrhistogram.org) with 3 significant digits.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace streamstat {

// In the order of their values: 0 holds zero, k > 0 the magnitudes whose bits >> 42 are k - 1, -k their mirror image.
using Bucket = std::int32_t;

constexpr int kBucketShift = 42;
constexpr Bucket kLastBucket = (0x7FF << 10);

inline Bucket bucket_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t magnitude = bits & ~(std::uint64_t{1} << 63);
  if (magnitude == 0) return 0;
  const auto bucket = static_cast<Bucket>(magnitude >> kBucketShift) + 1;
  return bits == magnitude ? bucket : -bucket;
}

// Cut towards zero, as rounding could lift a number beyond 2^53 into the next bucket.
inline double cut(std::uint64_t magnitude) {
  if (magnitude >> 53) magnitude &= ~std::uint64_t{0} << (11 - std::countl_zero(magnitude));
  return static_cast<double>(magnitude);
}

inline Bucket bucket_of(std::int64_t value) {
  const auto magnitude = static_cast<std::uint64_t>(value);
  return value < 0 ? -bucket_of(cut(-magnitude)) : bucket_of(cut(magnitude));
}

// The lower edge of the magnitudes in a bucket k > 0; that of k + 1 is the upper edge.
inline double lower_edge(Bucket bucket) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(bucket - 1) << kBucketShift);
}

// Values are multiples of their step: a power of two, at most 1, or 0 where they may be any.
constexpr double kWhole = 1, kAny = 0;

// The largest value the bucket can hold, of the multiples of this step.
double upper_edge(Bucket bucket, double step);

struct BucketCount {
  Bucket bucket;
  std::uint64_t count;
};

}  // namespace streamstat
