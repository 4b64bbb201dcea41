// profiles/ is what is in the fields of events, whatever they are called: of values as events/noted.hpp has them, and of
// events as they were written, in which json/ notes them. It knows the sketches of states/. Begin with field_profiles.hpp.
//
// The most frequent values of a field in bounded memory: exact while few are different, then the sketch of Anderson et al.,
// "A High-Performance Algorithm for Identifying Frequent Items in Data Streams" (2017): when all counters are taken, the
// median of all is taken from each, and those that have nothing left go.
#pragma once

#include "base/buffer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace streamstat {

class FrequentValues {
 public:
  // The true count lies in [count - error, count].
  struct Found {
    std::uint8_t kind;
    std::string spelling;
    std::uint64_t count, error;
  };

  // Counts a value, told by its hash, if it has a counter; whether it has one.
  bool count(std::uint64_t hash);

  // The first of a value that has none. Of a longer spelling only the beginning is kept. Where it stays at its place, it
  // is not looked at before `settle`: most values of a field that has many are gone by then.
  void insert(std::uint64_t hash, std::uint8_t kind, std::string_view spelling, bool stays);

  // From now on no spelling need stay at its place.
  void settle();

  // The first k by count, of equal ones in the order of rows.
  std::vector<Found> most(std::size_t k) const;

  static constexpr std::size_t kKept = 200, kCounters = 1024;

 private:
  struct Counter {
    std::uint64_t hash, count;
    std::uint64_t missed;  // how often it may have been taken away before it was counted
    const char *place;     // of its spelling, if it is not kept
    std::size_t offset;    // else where it is
    std::uint16_t size;
    std::uint8_t kind;
  };

  // An entry of the table: the number of a counter, from 1, and behind it bits of the hash, which spare most looks at it.
  static constexpr unsigned kNumberBits = 11;
  static std::uint32_t tag(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32) & ~0U << kNumberBits; }
  static std::size_t number(std::uint32_t entry) { return entry & ~(~0U << kNumberBits); }

  void keep(Counter &counter);
  void thin_out();
  void index(std::size_t size);
  void enter(std::size_t number);
  std::uint64_t median() const;
  std::string_view spelling(const Counter &counter) const {
    return {reinterpret_cast<const char *>(spellings_.data()) + counter.offset, counter.size};
  }

  std::vector<Counter> counters_;
  std::vector<std::uint32_t> table_;  // open addressing; no entry is 0
  Arena spellings_;
  std::uint64_t taken_ = 0;  // from each counter that was there all the time
};

}  // namespace streamstat
