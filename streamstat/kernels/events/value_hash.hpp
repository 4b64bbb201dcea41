// The hash of a value, by which `distinct`, Bloom filters and keys tell values apart.
#pragma once

#include "base/kinds.hpp"
#include "base/xxhash64.hpp"
#include "events/scan.hpp"

#include <cstring>
#include <vector>

namespace streamstat {

// Of a text its own bytes; of any other value its spelling behind a byte that no text has; of null 0.
inline std::uint64_t value_hash(std::uint8_t kind, const Byte *text, std::uint32_t size, std::uint64_t seed = 0) {
  constexpr Byte no_text = 0xFF;
  if (kind == kind::text) return xxhash64(text, size, seed);
  if (kind == kind::null) return 0;
  if (kind == kind::yes) text = reinterpret_cast<const Byte *>("true"), size = 4;
  if (kind == kind::no) text = reinterpret_cast<const Byte *>("false"), size = 5;
  if (size < 31) return xxhash64_behind(no_text, text, size, seed);
  std::vector<Byte> spelling(std::size_t{size} + 1, no_text);
  std::memcpy(spelling.data() + 1, text, size);
  return xxhash64(spelling.data(), spelling.size(), seed);
}

}  // namespace streamstat
