// Searches within one line. As in events/scan.hpp a newline stands behind the line, which ends every search.
#pragma once

#include "events/columns.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat {

// [begin, end) of a line.
struct Span {
  const Byte *begin = nullptr, *end = nullptr;
  std::size_t size() const { return static_cast<std::size_t>(end - begin); }
  bool is(std::string_view text) const {
    return size() == text.size() && std::memcmp(begin, text.data(), text.size()) == 0;
  }
};

// The first of these bytes, or the newline, from p on.
template <Byte... kStops>
inline const Byte *find_any(const Byte *p) {
#if defined(__SSE2__)
  for (;; p += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    __m128i hit = _mm_cmpeq_epi8(x, _mm_set1_epi8('\n'));
    ((hit = _mm_or_si128(hit, _mm_cmpeq_epi8(x, _mm_set1_epi8(kStops)))), ...);
    if (const auto hits = static_cast<unsigned>(_mm_movemask_epi8(hit))) return p + std::countr_zero(hits);
  }
#else
  while (*p != '\n' && ((*p != kStops) && ...)) ++p;
  return p;
#endif
}

// The first space or control character from p on, and before it the first of these bytes.
template <Byte... kStops>
inline const Byte *find_blank_or(const Byte *p) {
#if defined(__SSE2__)
  for (;; p += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    __m128i hit = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(' ')), x);
    ((hit = _mm_or_si128(hit, _mm_cmpeq_epi8(x, _mm_set1_epi8(kStops)))), ...);
    if (const auto hits = static_cast<unsigned>(_mm_movemask_epi8(hit))) return p + std::countr_zero(hits);
  }
#else
  while (*p > ' ' && ((*p != kStops) && ...)) ++p;
  return p;
#endif
}

// Where `text`, which is not empty and holds no newline, stands first in [p, end); null: nowhere.
inline const Byte *find_text(const Byte *p, const Byte *end, std::string_view text) {
  const auto size = static_cast<std::ptrdiff_t>(text.size());
#if defined(__SSE2__)
  if (size == 1) {
    const __m128i only = _mm_set1_epi8(text[0]);
    for (; p < end; p += 16) {
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
      const auto hits = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, only)));
      if (!hits) continue;
      const Byte *const at = p + std::countr_zero(hits);
      return at < end ? at : nullptr;
    }
    return nullptr;
  }
  const __m128i first = _mm_set1_epi8(text[0]), second = _mm_set1_epi8(text[1]);
  for (; end - p >= size; p += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    const __m128i y = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p + 1));
    const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(x, first), _mm_cmpeq_epi8(y, second));
    for (auto hits = static_cast<unsigned>(_mm_movemask_epi8(both)); hits; hits &= hits - 1) {
      const Byte *const at = p + std::countr_zero(hits);
      if (end - at < size) return nullptr;
      if (size == 2 || std::memcmp(at, text.data(), text.size()) == 0) return at;
    }
  }
  return nullptr;
#else
  const Byte *const at = std::search(p, end, text.begin(), text.end(),
                                     [](Byte a, char b) { return a == static_cast<Byte>(b); });
  return at == end ? nullptr : at;
#endif
}

// Whether [p, end) has neither a backslash nor a byte that is not ASCII.
inline bool is_plain(const Byte *p, const Byte *end) {
#if defined(__SSE2__)
  for (; p < end; p += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    const __m128i hit = _mm_or_si128(x, _mm_cmpeq_epi8(x, _mm_set1_epi8('\\')));
    auto hits = static_cast<unsigned>(_mm_movemask_epi8(hit));
    if (end - p < 16) hits &= (1U << (end - p)) - 1;
    if (hits) return false;
  }
  return true;
#else
  return std::none_of(p, end, [](Byte c) { return c == '\\' || c >= 0x80; });
#endif
}

}  // namespace streamstat
