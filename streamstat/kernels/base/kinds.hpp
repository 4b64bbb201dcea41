// The kinds of a JSON value, as streamstat.values.columns.Kind numbers them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace streamstat {

namespace kind {
inline constexpr std::uint8_t null = 0, no = 1, yes = 2, integer = 3, real = 4, text = 5, json = 6, huge = 7;
}

// Numbers are told apart by their spelling, whatever kind it makes them.
inline std::uint8_t identity_of(std::uint8_t kind) {
  return kind == kind::real || kind == kind::huge ? kind::integer : kind;
}

inline void require_kinds(std::span<const std::uint8_t> kinds) {
  std::uint8_t highest = 0;
  for (const std::uint8_t kind : kinds) highest = std::max(highest, kind);
  if (highest > kind::huge) throw std::invalid_argument("kinds: there is no kind " + std::to_string(highest));
}

}  // namespace streamstat
