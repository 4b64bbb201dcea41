// profiles/ is what is in the fields of events, whatever they are called. It knows JSON objects, in which all formats can
// write their events, and the sketches of states/. Begin with field_profiles.hpp.
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

  // Values are told apart by their hashes. Of a longer one only the beginning is kept. Whether it had no counter, as
  // every value that is new.
  bool add(std::uint64_t hash, std::uint8_t kind, std::string_view spelling);

  // The first k by count, of equal ones in the order of rows.
  std::vector<Found> most(std::size_t k) const;

  static constexpr std::size_t kKept = 200, kCounters = 1024;

 private:
  struct Counter {
    std::uint64_t hash, count;
    std::uint64_t missed;  // how often it may have been taken away before it was counted
    std::uint64_t offset;  // of its spelling
    std::uint16_t size;
    std::uint8_t kind;
  };

  std::size_t place_of(std::uint64_t hash) const;
  void insert(std::size_t place, std::uint64_t hash, std::uint8_t kind, std::string_view spelling);
  void grow();
  void thin_out();
  void index();
  std::string_view spelling(const Counter &counter) const {
    return {reinterpret_cast<const char *>(spellings_.data()) + counter.offset, counter.size};
  }

  std::vector<Counter> counters_;
  std::vector<std::uint32_t> table_;  // open addressing, counter + 1
  Arena spellings_;
  std::uint64_t taken_ = 0;  // from each counter that was there all the time
};

}  // namespace streamstat
