// How far events come behind the newest of their producer: the delay that each of them would have needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace streamstat {

class Disorder {
 public:
  struct Producer {
    std::int64_t newest;
    std::uint64_t events, behind;  // those that came behind a newer one
    std::int64_t furthest;         // behind, in microseconds
  };

  // Another input begins, whose events are not compared with those before.
  void begin_input();

  // Rows in order, of `producers` (empty: all of 0); those that are not `dated` (empty: all are) are left out. lateness: of each
  // row, -1 where it is left out. Nothing moves if an argument is refused.
  void take(std::span<const std::int64_t> times, std::span<const std::uint8_t> dated, std::span<const std::int32_t> producers,
            std::span<std::int64_t> lateness);

  const std::vector<Producer> &producers() const { return producers_; }

 private:
  std::vector<Producer> producers_;  // by code
};

}  // namespace streamstat
