// A bucket of a table of values: the first byte of 64 hashes in one line of memory, and behind them what else there is of
// each. It is filled from its front; a first byte of zero is no entry.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat {

struct Hash128 {
  std::uint64_t low, high;
  bool operator==(const Hash128 &) const = default;
};

// Where a hash is in its bucket, or would be; its rest, and behind that its mark. Null: the bucket is full of others.
struct Spot {
  std::uint8_t *tag = nullptr, *rest = nullptr;
  bool is_taken() const { return *tag != 0; }
};

namespace bucket {

constexpr std::size_t kEntries = 64, kRest = 15;

inline std::uint8_t tag_of(const Hash128 &hash) { return static_cast<std::uint8_t>(hash.low >> 56); }

// Where bytes of the line are this one, a bit each.
inline std::uint64_t matches(const std::uint8_t *line, std::uint8_t byte) {
  std::uint64_t found = 0;
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi8(static_cast<char>(byte));
  for (int i = 0; i < 4; ++i) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i *>(line + 16 * i));
    found |= static_cast<std::uint64_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(some, wanted))) << (16 * i);
  }
#else
  for (std::size_t i = 0; i < kEntries; ++i) found |= static_cast<std::uint64_t>(line[i] == byte) << i;
#endif
  return found;
}

inline void write_rest(std::uint8_t *rest, const Hash128 &hash) {
  std::memcpy(rest, &hash.low, 7);
  std::memcpy(rest + 7, &hash.high, 8);
}

inline Hash128 hash_at(std::uint8_t tag, const std::uint8_t *rest) {
  Hash128 hash{};
  std::memcpy(&hash.low, rest, 7);
  std::memcpy(&hash.high, rest + 7, 8);
  hash.low |= static_cast<std::uint64_t>(tag) << 56;
  return hash;
}

// With its mark, if it has one.
inline void copy_rest(std::uint8_t *to, const std::uint8_t *from, bool is_marked) {
  std::memcpy(to, from, 8);
  std::memcpy(to + 7, from + 7, 8);
  if (is_marked) std::memcpy(to + kRest, from + kRest, 8);
}

inline void write(std::uint8_t *line, std::size_t i, std::size_t stride, std::uint8_t tag, const std::uint8_t *rest) {
  line[i] = tag;
  copy_rest(line + kEntries + i * stride, rest, stride != kRest);
}

// Adds an entry; false if the bucket is full.
inline bool put(std::uint8_t *line, std::size_t stride, std::uint8_t tag, const std::uint8_t *rest) {
  const std::uint64_t free = matches(line, 0);
  if (!free) return false;
  write(line, static_cast<std::size_t>(std::countr_zero(free)), stride, tag, rest);
  return true;
}

// Where the hash is, or the first place that is free.
inline Spot find(std::uint8_t *line, std::size_t stride, const Hash128 &hash) {
  std::uint8_t *const rests = line + kEntries;
  for (std::uint64_t found = matches(line, tag_of(hash)); found; found &= found - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(found));
    if (hash_at(line[i], rests + i * stride) == hash) return {line + i, rests + i * stride};
  }
  const std::uint64_t free = matches(line, 0);
  if (!free) return {};
  const auto i = static_cast<std::size_t>(std::countr_zero(free));
  return {line + i, rests + i * stride};
}

}  // namespace bucket

}  // namespace streamstat
