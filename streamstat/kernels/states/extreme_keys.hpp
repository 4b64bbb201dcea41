// Numbers as keys that order as they do, integers and doubles apart, and what the least keys say of the extreme.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include "states/slot_states.hpp"

namespace streamstat {

// Keys ascend with the number, or, flipped for a maximum, descend: the extreme is always the least key.
inline std::int64_t extreme_flip(bool minimum) { return minimum ? 0 : -1; }

// Doubles in order as integers in order, -0.0 just below 0.0; its own inverse.
inline std::int64_t ordered(std::int64_t bits) {
  return bits ^ static_cast<std::int64_t>(static_cast<std::uint64_t>(bits >> 63) >> 1);
}

struct LeastKeys {
  std::int64_t integer = std::numeric_limits<std::int64_t>::max();
  std::int64_t real = std::numeric_limits<std::int64_t>::max();
  std::uint64_t has = 0;  // bit 0: integers, bit 1: doubles
};

// Calls on_integer or on_real with the key of a value that is a number, else neither.
template <typename OnInteger, typename OnReal>
inline void with_key(std::uint8_t kind, std::int64_t number, std::int64_t flip, OnInteger on_integer,
                     OnReal on_real) {
  if (kind == kind::real) {
    if (((number >> 52) & 0x7ff) == 0x7ff) return;  // no JSON number is infinite
    on_real(ordered(number) ^ flip);
  } else if (kind == kind::integer || kind == kind::yes || kind == kind::no) {
    on_integer((kind == kind::integer ? number : kind == kind::yes) ^ flip);
  }
}

inline void push_extreme(NumberColumn &column, const LeastKeys &least, std::int64_t flip) {
  const std::int64_t whole = least.integer ^ flip;
  if (least.has == 0) {
    column.push_null();
  } else if (least.has == 1) {
    column.push_integer(whole);
  } else {
    // Rounding keeps order, so the extreme of the rounded is the rounded extreme.
    const auto rounded = std::bit_cast<std::int64_t>(static_cast<double>(whole));
    const std::int64_t key = least.has & 1 ? std::min(least.real, ordered(rounded) ^ flip) : least.real;
    const std::int64_t bits = ordered(key ^ flip);
    column.push(kind::real, bits == std::numeric_limits<std::int64_t>::min() ? 0 : bits);  // -0.0 is 0.0
  }
}

}  // namespace streamstat
