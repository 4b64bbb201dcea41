// Percentiles of sliding windows: every quantile keeps its bucket and how many numbers lie below, and walks to the
// next bucket in use as numbers come and go. An event moves the rank sought by at most two, so it costs a few steps.
#include <bit>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "sliding/slide.hpp"
#include "sliding/slide_buckets.hpp"
#include "sliding/slide_queue.hpp"
#include "states/extreme_keys.hpp"
#include "states/hdr.hpp"

namespace streamstat::slide {

namespace {

constexpr std::size_t kMostEvents = std::numeric_limits<std::uint32_t>::max();  // that counters can count

// The number of each bucket among those in use, in order; a bit a bucket and a running count a word.
class DenseBuckets {
 public:
  DenseBuckets(Bucket first, Bucket last) : first_(first), words_(offset(last) / 64 + 1), before_(words_.size() + 1) {}

  void use(Bucket bucket) { words_[offset(bucket) / 64] |= std::uint64_t{1} << offset(bucket) % 64; }
  void number() {
    for (std::size_t i = 0; i < words_.size(); ++i)
      before_[i + 1] = before_[i] + std::popcount(words_[i]);
  }
  std::size_t size() const { return static_cast<std::size_t>(before_.back()); }
  std::int32_t operator[](Bucket bucket) const {
    const std::uint64_t below = words_[offset(bucket) / 64] & ~(~std::uint64_t{0} << offset(bucket) % 64);
    return before_[offset(bucket) / 64] + std::popcount(below);
  }

  // The upper edges, in order.
  std::vector<double> edges(double step) const {
    std::vector<double> edges;
    edges.reserve(size());
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t word = words_[i]; word; word &= word - 1)
        edges.push_back(upper_edge(first_ + static_cast<Bucket>(64 * i) + std::countr_zero(word), step));
    return edges;
  }

 private:
  std::size_t offset(Bucket bucket) const { return static_cast<std::size_t>(bucket - first_); }

  Bucket first_;
  std::vector<std::uint64_t> words_;
  std::vector<std::int32_t> before_;
};

// What a sweep needs of each event: the number of its bucket among those in use, and whether it is a fraction.
struct Placed {
  std::vector<std::int32_t> places;  // none of events that are no numbers or not taken
  std::vector<std::uint8_t> fractions;
  std::vector<double> edges, whole_edges;  // by place

  static constexpr std::int32_t none = std::numeric_limits<Bucket>::min();
};

// Only the events [from, to) are in any range.
Placed place(const Values &values, std::size_t from, std::size_t to) {
  Placed placed{std::vector<Bucket>(to, Placed::none), std::vector<std::uint8_t>(to), {}, {}};
  Bucket first = kLastBucket, last = -kLastBucket;
  for (std::size_t i = from; i < to; ++i) {
    if (!values.taken[i]) continue;
    with_number(values.kinds[i], values.numbers[i], [&](auto value) {
      const Bucket bucket = bucket_of(value);
      placed.places[i] = bucket;
      if constexpr (std::is_same_v<decltype(value), double>) placed.fractions[i] = !is_whole(value);
      first = std::min(first, bucket);
      last = std::max(last, bucket);
    });
  }
  if (first > last) return placed;
  DenseBuckets buckets(first, last);
  for (std::size_t i = from; i < to; ++i)
    if (placed.places[i] != Placed::none) buckets.use(placed.places[i]);
  buckets.number();
  for (std::size_t i = from; i < to; ++i)
    if (placed.places[i] != Placed::none) placed.places[i] = buckets[placed.places[i]];
  placed.edges = buckets.edges(kAny);
  placed.whole_edges = buckets.edges(kWhole);
  return placed;
}

// Where the quantiles are: each at a place, with so many numbers below it.
class Quantiles {
 public:
  Quantiles(Hashes numerators, Hashes denominators) : fours_((numerators.size() + 3) / 4) {
    for (std::size_t k = 0; k < numerators.size(); ++k) fractions_.emplace_back(numerators[k], denominators[k]);
    ranks_.resize(fractions_.size());
  }

  std::size_t size() const { return fractions_.size(); }

  void add(std::int32_t place) {
    ++total_;
    for (Four &four : fours_)
      for (int k = 0; k < 4; ++k) four.below[k] += place < four.place[k];
  }

  void remove(std::int32_t place) {
    --total_;
    for (Four &four : fours_)
      for (int k = 0; k < 4; ++k) four.below[k] -= place < four.place[k];
  }

  // Needs numbers.
  std::size_t find(std::size_t k, const BucketRow &counters) {
    if (ranked_ != total_) rank();
    const std::uint32_t rank = ranks_[k];
    std::uint32_t below = fours_[k / 4].below[k % 4];
    auto place = static_cast<std::size_t>(fours_[k / 4].place[k % 4]);
    while (below >= rank) below -= counters[place = counters.below(place)];
    for (; below + counters[place] < rank; place = counters.above(place)) below += counters[place];
    fours_[k / 4].below[k % 4] = below;
    fours_[k / 4].place[k % 4] = static_cast<std::int32_t>(place);
    return place;
  }

 private:
  struct alignas(16) Four {  // one addition of the processor
    std::int32_t place[4] = {};
    std::uint32_t below[4] = {};
  };

  void rank() {
    for (std::size_t k = 0; k < size(); ++k) ranks_[k] = static_cast<std::uint32_t>(fractions_[k].rank(total_));
    ranked_ = total_;
  }

  std::vector<Four> fours_;
  std::vector<Fraction> fractions_;
  std::vector<std::uint32_t> ranks_;  // of so many numbers as ranked_ says
  std::uint32_t total_ = 0, ranked_ = 0;
};

}  // namespace

QuantileColumns quantiles(const Values &values, const Ranges &ranges, Hashes numerators, Hashes denominators) {
  require_size(numerators.size(), denominators.size(), "denominators");
  if (values.kinds.size() > kMostEvents) throw std::invalid_argument("kinds: more than 2^32 - 1 events");
  Quantiles quantiles(numerators, denominators);
  const std::size_t rows = ranges.size();
  QuantileColumns columns{std::vector<std::uint8_t>(quantiles.size() * rows, kind::null),
                          std::vector<double>(quantiles.size() * rows)};
  if (rows == 0) return columns;
  const Placed placed =
      place(values, static_cast<std::size_t>(ranges.lo.front()), static_cast<std::size_t>(ranges.hi.back()));
  BucketRow counters(placed.edges.size());
  MonotoneQueue greatest;
  std::size_t fractions = 0;
  const auto add = [&](std::size_t i) {
    const std::int32_t place = placed.places[i];
    if (place == Placed::none) return;
    counters.add(static_cast<std::size_t>(place));
    quantiles.add(place);
    fractions += placed.fractions[i];
    with_number(values.kinds[i], values.numbers[i], [&](auto value) {
      greatest.push(~ordered(std::bit_cast<std::int64_t>(static_cast<double>(value))), i);
    });
  };
  const auto remove = [&](std::size_t i) {
    const std::int32_t place = placed.places[i];
    if (place == Placed::none) return;
    counters.remove(static_cast<std::size_t>(place));
    quantiles.remove(place);
    fractions -= placed.fractions[i];
  };
  sweep(ranges, add, remove, [&](std::size_t row) {
    greatest.expire(static_cast<std::size_t>(ranges.lo[row]));
    if (greatest.is_empty()) return;
    const auto most = std::bit_cast<double>(ordered(~greatest.least()));
    const auto &edges = fractions ? placed.edges : placed.whole_edges;
    for (std::size_t k = 0; k < quantiles.size(); ++k) {
      columns.kinds[k * rows + row] = kind::real;
      columns.values[k * rows + row] = std::min(edges[quantiles.find(k, counters)], most) + 0.0;  // -0.0 is 0.0
    }
  });
  return columns;
}

}  // namespace streamstat::slide
