// A bucket of a table of values: tags of 64 hashes in two lines of memory, two bytes of each, which are enough to tell
// nearly all values apart; then what else there is of each, but for the byte that all of a table have in common. It is
// filled from its front; a tag of zero is no entry.
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
  std::uint16_t *tag = nullptr;
  std::uint8_t *rest = nullptr;
  bool is_taken() const { return *tag != 0; }
};

namespace bucket {

constexpr std::size_t kEntries = 64, kTags = kEntries * sizeof(std::uint16_t), kRest = 13;

inline std::uint16_t tag_of(const Hash128 &hash) { return static_cast<std::uint16_t>(hash.low >> 48); }

inline std::uint16_t *tags(std::uint8_t *line) { return reinterpret_cast<std::uint16_t *>(line); }
inline const std::uint16_t *tags(const std::uint8_t *line) { return reinterpret_cast<const std::uint16_t *>(line); }

// Which tags are this one, a bit each.
inline std::uint64_t matches(const std::uint8_t *line, std::uint16_t tag) {
  std::uint64_t found = 0;
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi16(static_cast<short>(tag));
  for (int i = 0; i < 4; ++i) {
    const auto *const eights = reinterpret_cast<const __m128i *>(line) + 2 * i;
    const __m128i front = _mm_cmpeq_epi16(_mm_loadu_si128(eights), wanted);
    const __m128i back = _mm_cmpeq_epi16(_mm_loadu_si128(eights + 1), wanted);
    found |= static_cast<std::uint64_t>(_mm_movemask_epi8(_mm_packs_epi16(front, back))) << (16 * i);
  }
#else
  for (std::size_t i = 0; i < kEntries; ++i) found |= static_cast<std::uint64_t>(tags(line)[i] == tag) << i;
#endif
  return found;
}

inline std::uint64_t word_at(const std::uint8_t *from) {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// The 13 bytes are two words that overlap: a word that was written in parts is slow to read.
inline void write_rest(std::uint8_t *rest, const Hash128 &hash) {
  const std::uint64_t back = hash.high << 8 | (hash.low >> 40 & 0xFF);
  std::memcpy(rest, &hash.low, 8);
  std::memcpy(rest + 5, &back, 8);
}

// One half without its tag, and the other without its first byte, eight bits to the left.
inline std::uint64_t low_of(const std::uint8_t *rest) { return word_at(rest) << 16 >> 16; }
inline std::uint64_t high_of(const std::uint8_t *rest) { return word_at(rest + 5) >> 8 << 8; }

// Copies an entry to a place in front of it or elsewhere, with its mark, if it has one.
inline void write(std::uint8_t *line, std::size_t i, std::size_t stride, std::uint16_t tag, const std::uint8_t *from) {
  std::uint8_t *const to = line + kTags + i * stride;
  tags(line)[i] = tag;
  const std::uint64_t front = word_at(from), back = word_at(from + 5);
  std::memcpy(to, &front, 8);
  std::memcpy(to + 5, &back, 8);
  if (stride != kRest) std::memcpy(to + kRest, from + kRest, 8);
}

inline Spot spot_at(std::uint8_t *line, std::size_t stride, std::uint64_t places) {
  const auto i = static_cast<std::size_t>(std::countr_zero(places));
  return {tags(line) + i, line + kTags + i * stride};
}

// Where the hash is, or the first place that is free.
inline Spot find(std::uint8_t *line, std::size_t stride, const Hash128 &hash) {
  for (std::uint64_t found = matches(line, tag_of(hash)); found; found &= found - 1) {
    const Spot spot = spot_at(line, stride, found);
    if (low_of(spot.rest) == hash.low << 16 >> 16 && high_of(spot.rest) == hash.high << 8) return spot;
  }
  const std::uint64_t free = matches(line, 0);
  return free ? spot_at(line, stride, free) : Spot{};
}

// The same by tags alone, which are nearly always right.
inline Spot guessed(std::uint8_t *line, std::size_t stride, const Hash128 &hash) {
  std::uint64_t found = matches(line, tag_of(hash));
  if (!found) found = matches(line, 0);
  return found ? spot_at(line, stride, found) : Spot{};
}

}  // namespace bucket

}  // namespace streamstat
