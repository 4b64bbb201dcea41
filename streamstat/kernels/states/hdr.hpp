// Percentiles by slot: HdrHistogram's 3-digit buckets, for doubles of any size and sign.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/kinds.hpp"
#include "states/bucket_counters.hpp"
#include "states/hdr_buckets.hpp"
#include "states/slot_states.hpp"

namespace streamstat {

inline bool is_whole(double value) {
  return std::abs(value) >= 0x1p53 || static_cast<double>(static_cast<std::int64_t>(value)) == value;
}

// Calls use with the value as std::int64_t or double where it is a number, else not at all.
template <typename Use>
inline void with_number(std::uint8_t kind, std::int64_t number, Use use) {
  if (kind == kind::integer)
    use(number);
  else if (kind == kind::real && ((number >> 52) & 0x7FF) != 0x7FF)  // no JSON number is infinite
    use(std::bit_cast<double>(number));
  else if (kind == kind::yes || kind == kind::no)
    use(std::int64_t{kind == kind::yes});
}

// A quantile as a fraction; std::invalid_argument outside 0 to 1.
struct Fraction {
  Fraction(std::uint64_t numerator, std::uint64_t denominator);
  // Of n values, the smallest rank with at least this part of them at or below it; not below 1.
  std::uint64_t rank(std::uint64_t n) const;

  std::uint64_t numerator, denominator;
};

struct HdrSettings {
  bool operator==(const HdrSettings &) const = default;
};

class HdrSketch {
 public:
  using Settings = HdrSettings;
  static constexpr std::uint8_t kVersion = 2;

  void add(std::int64_t value) { add(bucket_of(value), static_cast<double>(value)); }
  void add(double value) {
    if (!is_whole(value)) step_ = kAny;
    add(bucket_of(value), value + 0.0);
  }
  void prefetch(Bucket bucket) const { counters_.prefetch(bucket); }
  void absorb(const HdrSketch &other, const Settings &);
  std::uint64_t total() const { return counters_.total(); }
  double quantile(std::uint64_t rank);
  void append_payload(Bytes &bytes, int fraction_bits, int sign) const;
  // Adds what an encoded histogram counts, of values (sign 1) or of the magnitudes of negative ones (sign -1).
  void add_histogram(ByteSpan encoded, int sign);
  void write(Bytes &bytes, const Settings &) const;
  static HdrSketch read(Reader &reader, const Settings &);

 private:
  void add(Bucket bucket, double value) {
    counters_.add(bucket);
    if (value > highest_) highest_ = value;
  }
  void require_countable(std::uint64_t count) const;

  [[no_unique_address]] BucketCounters counters_;
  double highest_ = -std::numeric_limits<double>::infinity();
  double step_ = kWhole;
};

struct Quantiles {
  std::vector<std::uint8_t> kinds;
  std::vector<double> values;
};

class HdrStates : public SketchStates<HdrSketch> {
 public:
  HdrStates() : SketchStates(HdrSettings{}) {}
  void update(Slots slots, std::span<const std::uint8_t> kinds, std::span<const std::int64_t> numbers);
  Quantiles quantile(Slots slots, std::uint64_t numerator, std::uint64_t denominator);
  // The V2 payload of HdrHistogram(1, 2^63-1, 3) for floor(|value| * 2^fraction_bits) of the values >= 0
  // (sign 1) or < 0 (sign -1): the counters as ZigZag LEB128; empty without such values.
  ByteStrings payloads(Slots slots, int fraction_bits, int sign) const;
  // Into each slot what two encoded histograms count, whatever their settings; none in an empty string.
  void restore_histograms(Slots slots, const TextColumn &positive, const TextColumn &negative);
};

}  // namespace streamstat
