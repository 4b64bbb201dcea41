// All values of a block's rows, field by field, whatever the fields are called.
#pragma once

#include "base/kinds.hpp"
#include "events/scan.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace streamstat {

// Kinds of noted values, as kind:: numbers them, and objects apart from arrays.
constexpr std::uint8_t kObjectKind = kind::huge + 1;

// A value as it was found in an object, where it is spelt [begin, begin + size): of a text without the quotes.
struct NotedValue {
  std::uint64_t hash;  // see value_hash.hpp
  std::int64_t number;  // int64, or the bits of a double; of a text the order of its beginning: see beginning_of
  std::uint32_t begin, size;
  std::uint32_t row;
  std::uint8_t kind;
  bool is_escaped;  // it is not what is spelt
};

// Texts are in the order of these numbers, unless they are equal: then their first bytes are.
// 8 bytes are readable.
inline std::int64_t beginning_of(const Byte *text, std::size_t size) {
  if (size == 0) return std::numeric_limits<std::int64_t>::min();
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < 8; ++i) bytes = bytes << 8 | text[i];  // a load and a swap, as compilers know
  if (size < 8) bytes &= ~std::uint64_t{0} << (64 - 8 * size);
  return static_cast<std::int64_t>(bytes ^ std::uint64_t{1} << 63);
}

// The values that stand under one path, no more than one a row.
struct NotedField {
  std::string path;
  std::vector<NotedValue> values;
};

}  // namespace streamstat
