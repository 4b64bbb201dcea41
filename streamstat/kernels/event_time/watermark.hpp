// event_time/ is arithmetic on times: how far the stream has come, and where times lie on a grid. It knows no windows
// and no fields. Begin here; timing.hpp has the plain cases of correcting times and of cells.
//
// The watermark before each event, with one clock a producer.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/state_bytes.hpp"
#include "event_time/code_positions.hpp"
#include "event_time/minimum_tree.hpp"

namespace streamstat {

constexpr std::int64_t kMinusInfinity = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kPlusInfinity = std::numeric_limits<std::int64_t>::max();

enum Role : std::uint8_t { kMovesNothing = 0, kEvent = 1, kPromise = 2, kPromiseForAll = 3 };

class Watermark {
 public:
  struct Producer {
    std::int64_t newest, watermark;  // by events and promises
    std::int64_t seen;               // the newest event time alone
    std::int32_t code;
    bool counts;  // not idle
  };

  // No delay: events do not move the watermark. No idle: all producers count.
  Watermark(std::optional<std::int64_t> delay, std::optional<std::int64_t> idle);

  // `producers` may be empty: all rows are of `producer`. Nothing moves if an argument is refused.
  void advance(std::span<const std::int64_t> times, std::span<const std::int32_t> producers, std::int32_t producer,
               std::span<const std::uint8_t> roles, std::span<std::int64_t> before);
  void forget_promises() { promised_ = kMinusInfinity; }
  // Producers get the code that stands at their present one; those with -1 are forgotten.
  void renumber(std::span<const std::int32_t> codes);
  void finish() { watermark_ = kPlusInfinity; }
  void hold(bool held) { held_ = held; }

  bool held() const { return held_; }
  std::int64_t watermark() const { return watermark_; }
  std::int64_t newest() const { return newest_; }
  std::int64_t max_lateness() const;
  const std::vector<Producer> &producers() const { return producers_; }

  Bytes snapshot() const;
  void restore(ByteSpan snapshot);

 private:
  struct Reading {
    std::int64_t newest;
    std::int32_t position;
    auto operator<=>(const Reading &) const = default;
  };

  template <bool Finite>
  void advance_single(std::span<const std::int64_t> times, std::int32_t producer, std::span<const std::uint8_t> roles,
                      std::span<std::int64_t> before);
  void advance_many(std::span<const std::int64_t> times, std::span<const std::int32_t> producers,
                    std::int32_t producer, std::span<const std::uint8_t> roles, std::span<std::int64_t> before);
  void add(const Producer &producer);
  std::int32_t position_of(std::int32_t code);
  std::int32_t add_producer(std::int32_t code);
  void observe(std::int32_t position, std::int64_t time, bool promise);
  void settle(std::int32_t position);
  void leave_out_idle();
  void move();
  std::int64_t reached() const;
  bool lags(std::int64_t newest) const;
  std::int64_t behind(std::int64_t newest) const;

  bool has_delay_, has_idle_, held_ = false;
  std::int64_t delay_, idle_;
  std::int64_t watermark_ = kMinusInfinity, promised_ = kMinusInfinity, newest_ = kMinusInfinity;
  std::uint64_t max_lateness_ = 0;
  std::vector<Producer> producers_;  // in first-come order
  CodePositions positions_;
  MinimumTree watermarks_;          // of producers that count
  std::vector<Reading> readings_;  // heap, oldest first: one for each that counts, perhaps outdated
};

}  // namespace streamstat
