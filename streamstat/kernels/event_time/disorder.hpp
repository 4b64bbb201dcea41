// How far events come behind the newest of their producer: the delay that each of them would have needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/byte_strings.hpp"

namespace streamstat {

class Disorder {
 public:
  struct Producer {
    std::int64_t newest;
    std::uint64_t events, behind;  // those that came behind a newer one
    std::int64_t furthest;         // behind, in microseconds

    // Another event of its; returns how far it comes behind.
    std::int64_t late(std::int64_t time);
  };

  // Another input begins, whose events are not compared with those before.
  void begin_input();

  // Rows in order, those that are not `dated` (empty: all are) left out; lateness: of each row, -1 where it is left out.
  // producers: their hashes, and `names` their texts; empty: all rows are of one, whose hash is 0.
  void take(std::span<const std::int64_t> times, std::span<const std::uint8_t> dated, std::span<const std::uint64_t> producers,
            const TextColumn &names, std::span<std::int64_t> lateness);

  // In the order met, and their names.
  const std::vector<Producer> &producers() const { return producers_; }
  const std::vector<std::string> &names() const { return names_; }

 private:
  struct Entry {
    std::uint64_t hash;
    std::size_t number;  // of a producer, from 1; 0: none
  };

  std::size_t place_of(std::uint64_t hash) const;
  std::size_t number_of(std::uint64_t hash, std::string_view name);
  void grow();

  std::vector<Producer> producers_;
  std::vector<std::string> names_;
  std::vector<Entry> table_;  // open addressing
};

}  // namespace streamstat
