// Values as written, for `top` and `values`: what makes two of them one, how they are ordered, how they are printed.
#pragma once

#include <cstdint>
#include <string_view>

#include "states/slot_states.hpp"

namespace streamstat::top {

// In the order of rows.
enum Rank : std::uint8_t { number, text, no, yes, json };

// Two values are one if rank and spelling are; false and true have no spelling.
struct Value {
  Rank rank;
  std::string_view spelling;

  std::uint64_t hash() const;
  bool operator==(const Value &) const = default;
};

// Of any kind but NULL.
Value value_of(std::uint8_t kind, std::string_view spelling);

// Throws where a row that has a slot is a number without its spelling.
void require_spelt(Slots slots, std::span<const std::uint8_t> kinds, const TextColumn &texts);

// Below, at or above 0 as a stands before, with or after b: numbers by value (exactly, of any size), then spelling.
int compare(const Value &a, const Value &b);

void append_json(Bytes &bytes, const Value &value);
void append_json(Bytes &bytes, std::uint64_t count);

}  // namespace streamstat::top
