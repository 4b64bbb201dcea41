#include "states/hdr.hpp"

#include <algorithm>

#include "states/hdr_encoding.hpp"

namespace streamstat {

double upper_edge(Bucket bucket, double step) {
  if (bucket == 0) return 0;
  const double edge = bucket > 0 ? lower_edge(bucket + 1) : lower_edge(-bucket);
  // Every double from there on is a multiple.
  const bool is_any = step == kAny || edge > 0x1p53 * step;
  if (bucket > 0) return is_any ? edge : (std::ceil(edge / step) - 1) * step;
  return is_any ? -edge : -std::ceil(edge / step) * step;
}

constexpr int kMostFractionBits = 52;

// The step of values that are whole numbers of this unit.
static double step_of(double unit) {
  int exponent;
  const bool is_power = std::frexp(unit, &exponent) == 0.5;
  return is_power && unit >= std::ldexp(1, -kMostFractionBits) ? unit : kAny;
}

// As a byte: 1 of whole numbers, one more a halving, 0 of any.
static std::uint8_t step_code(double step) {
  return step == kAny ? 0 : static_cast<std::uint8_t>(1 - std::ilogb(step));
}

static double step_of_code(std::uint8_t code) {
  Reader::require(code <= 1 + kMostFractionBits);
  return code == 0 ? kAny : std::ldexp(1, 1 - code);
}

Fraction::Fraction(std::uint64_t top, std::uint64_t bottom) : numerator(top), denominator(bottom) {
  if (denominator == 0 || numerator > denominator) throw std::invalid_argument("quantile: not within 0 and 1");
}

std::uint64_t Fraction::rank(std::uint64_t n) const {
  std::uint64_t narrow;
  if (!__builtin_mul_overflow(numerator, n, &narrow) && !__builtin_add_overflow(narrow, denominator - 1, &narrow))
    return std::max<std::uint64_t>(narrow / denominator, 1);
  const auto product = static_cast<unsigned __int128>(numerator) * n;
  return std::max<std::uint64_t>(static_cast<std::uint64_t>((product + (denominator - 1)) / denominator), 1);
}

void HdrSketch::require_countable(std::uint64_t count) const {
  if (count > std::numeric_limits<std::uint64_t>::max() - total())
    throw std::invalid_argument("percentiles: more than 2^64 values");
}

void HdrSketch::absorb(const HdrSketch &other, const Settings &) {
  require_countable(other.total());
  highest_ = std::max(highest_, other.highest_);
  step_ = std::min(step_, other.step_);
  counters_.absorb(other.counters_);
}

double HdrSketch::quantile(std::uint64_t rank) {
  return std::min(upper_edge(counters_.at_rank(rank), step_), highest_) + 0.0;
}

static std::uint32_t payload_index(Bucket bucket, double scale) {
  if (bucket == 0) return 0;
  const double scaled = lower_edge(bucket) * scale;
  constexpr std::uint64_t highest = std::numeric_limits<std::int64_t>::max();
  const std::uint64_t value = scaled >= 0x1p63 ? highest : static_cast<std::uint64_t>(scaled);
  const int octave = std::max(static_cast<int>(std::bit_width(value)) - 11, 0);
  return (static_cast<std::uint32_t>(octave) << 10) + static_cast<std::uint32_t>(value >> octave);
}

void HdrSketch::append_payload(Bytes &bytes, int fraction_bits, int sign) const {
  auto counts = counters_.sorted();
  if (sign < 0) {
    std::reverse(counts.begin(), counts.end());
    for (auto &entry : counts) entry.bucket = -entry.bucket;
    // Zero, now first among what is left of the negatives, belongs to the other sign.
    std::erase_if(counts, [](auto entry) { return entry.bucket <= 0; });
  } else {
    std::erase_if(counts, [](auto entry) { return entry.bucket < 0; });
  }
  const double scale = std::ldexp(1.0, fraction_bits);
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < counts.size();) {
    const std::uint32_t index = payload_index(counts[i].bucket, scale);
    std::uint64_t count = 0;
    for (; i < counts.size() && payload_index(counts[i].bucket, scale) == index; ++i) count += counts[i].count;
    if (index > next) append_varint(bytes, static_cast<std::int64_t>(next) - index);
    append_varint(bytes, static_cast<std::int64_t>(count));
    next = index + 1;
  }
}

// A histogram reads as the highest of the values that a counter cannot tell apart; of negative ones that is the lowest
// magnitude. What was below its unit stays below zero, in the bucket next to it.
void HdrSketch::add_histogram(ByteSpan encoded, int sign) {
  EncodedHistogram histogram(encoded);
  const double unit = histogram.unit(), step = step_of(unit);
  while (const auto counter = histogram.next()) {
    require_countable(counter->count);
    const double magnitude = static_cast<double>(sign > 0 ? counter->highest : counter->lowest) * unit;
    const Bucket bucket = sign > 0 ? bucket_of(cut(counter->highest) * unit) : -std::max(bucket_of(magnitude), 1);
    counters_.add(bucket, counter->count);
    highest_ = std::max(highest_, sign * magnitude + 0.0);
    step_ = std::min(step_, step);
  }
}

void HdrSketch::write(Bytes &bytes, const Settings &) const {
  const auto counts = counters_.sorted();
  write_value(bytes, static_cast<std::uint64_t>(counts.size()));
  if (counts.empty()) return;
  bytes.push_back(step_code(step_));
  write_value(bytes, highest_);
  for (const auto &[bucket, count] : counts) {
    write_value(bytes, bucket);
    write_value(bytes, count);
  }
}

HdrSketch HdrSketch::read(Reader &reader, const Settings &) {
  HdrSketch sketch;
  const std::size_t n = reader.read_count(sizeof(Bucket) + sizeof(std::uint64_t));
  if (n == 0) return sketch;
  sketch.step_ = step_of_code(reader.read<std::uint8_t>());
  sketch.highest_ = reader.read<double>();
  std::int64_t previous = -kLastBucket - 1;
  for (std::size_t i = 0; i < n; ++i) {
    const auto bucket = reader.read<Bucket>();
    const auto count = reader.read<std::uint64_t>();
    Reader::require(bucket > previous && bucket <= kLastBucket && count > 0, "not a list of buckets");
    sketch.require_countable(count);
    sketch.counters_.add(bucket, count);
    previous = bucket;
  }
  // Integers beyond 2^53 may round into the next bucket.
  Reader::require(std::isfinite(sketch.highest_) && std::abs(bucket_of(sketch.highest_) - previous) <= 1,
                  "its highest value is not in its highest bucket");
  return sketch;
}

void HdrStates::update(Slots slots, std::span<const std::uint8_t> kinds, std::span<const std::int64_t> numbers) {
  require_size(slots.size(), kinds.size(), "kinds");
  require_size(slots.size(), numbers.size(), "numbers");
  for_each_row(
      slots,
      [=](HdrSketch &sketch, std::size_t row) {
        with_number(kinds[row], numbers[row], [&](auto value) { sketch.add(value); });
      },
      [=](const HdrSketch &sketch, std::size_t row) {
        const bool is_double = kinds[row] == kind::real;
        sketch.prefetch(is_double ? bucket_of(std::bit_cast<double>(numbers[row])) : bucket_of(numbers[row]));
      });
}

Quantiles HdrStates::quantile(Slots slots, std::uint64_t numerator, std::uint64_t denominator) {
  require_slots_exist(slots, size());
  const Fraction fraction(numerator, denominator);
  Quantiles found;
  found.kinds.reserve(slots.size());
  found.values.reserve(slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    fetch_ahead(slots, i);
    HdrSketch &sketch = sketches_[slots[i]];
    const bool empty = sketch.total() == 0;
    found.kinds.push_back(empty ? kind::null : kind::real);
    found.values.push_back(empty ? 0 : sketch.quantile(fraction.rank(sketch.total())));
  }
  return found;
}

ByteStrings HdrStates::payloads(Slots slots, int fraction_bits, int sign) const {
  require_slots_exist(slots, size());
  if (fraction_bits < 0 || fraction_bits > kMostFractionBits)
    throw std::invalid_argument("fraction_bits: " + std::to_string(fraction_bits) + ", possible are 0 to 52");
  ByteStrings payloads;
  for (const std::int32_t slot : slots) {
    sketches_[slot].append_payload(payloads.data, fraction_bits, sign);
    payloads.end_string();
  }
  return payloads;
}

void HdrStates::restore_histograms(Slots slots, const TextColumn &positive, const TextColumn &negative) {
  restore_each(*this, slots, [&](std::size_t i) {
    HdrSketch sketch;
    if (!positive[i].empty()) sketch.add_histogram(bytes_in(positive[i]), 1);
    if (!negative[i].empty()) sketch.add_histogram(bytes_in(negative[i]), -1);
    return sketch;
  });
}

}  // namespace streamstat
