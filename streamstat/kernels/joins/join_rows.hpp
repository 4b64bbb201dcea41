// joins/ brings events of two sides together whose keys are equal and whose times fit. It knows events by their numbers,
// and keys by hashes of 128 bits. Begin here (what comes out), then waiting.hpp (events that are not worked on yet), then
// interval_join.hpp and version_join.hpp, which are the two ways to fit.
//
// Rows of joins: which event of each side, and when it was decided that they belong together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

namespace streamstat {

constexpr std::int64_t kNoEvent = -1;
constexpr std::int64_t kLastTime = std::numeric_limits<std::int64_t>::max();

enum Side : std::uint8_t { kLeft = 0, kRight = 1 };

// An event of a side: its time, its place in the input of that side, and the hash of its key.
struct JoinEvent {
  std::int64_t time, number;
  std::uint64_t low, high;
  bool has_key;  // one without has no partner
  bool deletes;  // of versions: from here on there is none

  bool comes_before(const JoinEvent &other) const {
    return time != other.time ? time < other.time : number < other.number;
  }
};

// moment: when it is decided. The time of an event that is not there comes behind all others.
struct JoinRow {
  std::int64_t moment, left_time, right_time, left, right;

  static JoinRow pair(std::int64_t moment, std::int64_t left_time, std::int64_t left, std::int64_t right_time,
                      std::int64_t right) {
    return {moment, left_time, right_time, left, right};
  }
  static JoinRow alone(Side side, std::int64_t moment, std::int64_t time, std::int64_t number) {
    return side == kLeft ? JoinRow{moment, time, kLastTime, number, kNoEvent}
                         : JoinRow{moment, kLastTime, time, kNoEvent, number};
  }
  auto order() const {
    return std::tuple(moment, left_time, right_time, static_cast<std::uint64_t>(left), static_cast<std::uint64_t>(right));
  }
};

using JoinRows = std::vector<JoinRow>;

// Puts rows from a place on in order. Mostly they come in the order of their moments, and few have one moment.
inline void put_in_order(JoinRows &all, std::size_t from) {
  const std::span rows(all.begin() + static_cast<std::ptrdiff_t>(from), all.end());
  const auto sooner = [](const JoinRow &a, const JoinRow &b) { return a.moment < b.moment; };
  const auto earlier = [](const JoinRow &a, const JoinRow &b) { return a.order() < b.order(); };
  if (!std::is_sorted(rows.begin(), rows.end(), sooner)) std::stable_sort(rows.begin(), rows.end(), sooner);
  for (auto begin = rows.begin(); begin != rows.end();) {
    auto end = begin + 1;
    while (end != rows.end() && end->moment == begin->moment) ++end;
    if (end - begin > 1) std::sort(begin, end, earlier);
    begin = end;
  }
}

// A time so much later; the last one of all where there is none.
inline std::int64_t so_much_later(std::int64_t time, std::int64_t by) {
  std::int64_t later;
  if (!__builtin_add_overflow(time, by, &later)) return later;
  return by > 0 ? kLastTime : std::numeric_limits<std::int64_t>::min();
}

}  // namespace streamstat
