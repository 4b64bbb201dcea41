// Different values of sliding windows: each value is counted where it last was, so one that comes again moves, and one
// whose last event leaves the window is gone.
#include <bit>
#include <memory>

#include "base/prefetch.hpp"
#include "sliding/slide.hpp"

namespace streamstat::slide {

namespace {

constexpr std::size_t kAhead = 16;  // events; memory answers in about that time

// The event where each hash last was, one more than its index: open addressing, linear probing, at most 3/4 full.
// Events that have left the window stay until a full table is made anew, so nothing is ever deleted.
class LastEvents {
 public:
  LastEvents() { resize(6); }

  void prefetch(std::uint64_t hash) const { prefetch_line_to_write(&entries_[home(hash)]); }

  // To be overwritten; 0 if the hash is new. Of the events up to `gone` none is in the window, `present` hashes are.
  std::size_t &of(std::uint64_t hash, std::size_t gone, std::size_t present) {
    std::size_t place = find(hash);
    if (entries_[place].event) return entries_[place].event;
    if (used_ == capacity() / 4 * 3) {
      rebuild(gone, present);
      place = find(hash);
    }
    ++used_;
    entries_[place].hash = hash;
    return entries_[place].event;
  }

 private:
  struct Entry {
    std::uint64_t hash;
    std::size_t event;  // 0 marks a free place
  };

  std::size_t capacity() const { return std::size_t{1} << bits_; }
  // The golden ratio spreads hashes that are no hashes, such as small numbers in tests.
  std::size_t home(std::uint64_t hash) const { return (hash * 0x9E3779B97F4A7C15ULL) >> (64 - bits_); }
  std::size_t find(std::uint64_t hash) const {
    std::size_t place = home(hash);
    while (entries_[place].event && entries_[place].hash != hash) place = (place + 1) & (capacity() - 1);
    return place;
  }

  void resize(int bits) {
    bits_ = bits;
    used_ = 0;
    entries_ = std::make_unique<Entry[]>(capacity());
  }

  // At most 3/8 full afterwards: the next time is as many new hashes away, which pays for this.
  void rebuild(std::size_t gone, std::size_t present) {
    const auto old = std::move(entries_);
    const std::size_t old_capacity = capacity();
    resize(std::max(6, static_cast<int>(std::bit_width(present * 8 / 3))));
    for (std::size_t i = 0; i < old_capacity; ++i) {
      if (old[i].event <= gone) continue;
      entries_[find(old[i].hash)] = old[i];
      ++used_;
    }
  }

  std::unique_ptr<Entry[]> entries_;
  int bits_ = 0;
  std::size_t used_ = 0;
};

}  // namespace

std::vector<std::int64_t> distinct(Hashes hashes, ByteSpan kinds, Taken taken, const Ranges &ranges) {
  LastEvents last;
  std::vector<std::uint8_t> is_last(hashes.size());  // the event is counted: no later one in the window has its value
  std::vector<std::int64_t> result(ranges.size());
  std::size_t present = 0, gone = 0;
  const auto add = [&](std::size_t i) {
    if (i + kAhead < hashes.size()) last.prefetch(hashes[i + kAhead]);
    if (!taken[i] || kinds[i] == kind::null) return;
    std::size_t &event = last.of(hashes[i], gone, present);
    if (event > gone)
      is_last[event - 1] = 0;
    else
      ++present;
    event = i + 1;
    is_last[i] = 1;
  };
  const auto remove = [&](std::size_t i) {
    present -= is_last[i];
    gone = i + 1;
  };
  sweep(ranges, add, remove, [&](std::size_t row) { result[row] = static_cast<std::int64_t>(present); });
  return result;
}

}  // namespace streamstat::slide
