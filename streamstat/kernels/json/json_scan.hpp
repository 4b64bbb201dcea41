// Strict RFC 8259 scanning. Every function reads forward from a pointer and never passes the byte that ends the record:
// callers guarantee one that is no part of any JSON (a newline behind a line, a control character behind records of any
// layout) and 64 readable bytes behind it, so that 16-byte loads need no bounds checks.
#pragma once

#include "events/scan.hpp"

#include <bit>
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace streamstat::json {

constexpr unsigned kMaxDepth = 1024;

// What may stand between the parts of an object: white space, which has no newline where a line is a record.
struct OneLine {
  static const Byte *skip(const Byte *p) { return skip_space(p); }
};

struct AnyLayout {
  static const Byte *skip(const Byte *p) {
    if (*p > ' ') [[likely]] return p;
    while (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r') ++p;
    return p;
  }
};

#if defined(__SSE2__)
// Which of 16 bytes end or interrupt plain text (quote, backslash, control, non-ASCII), a bit each.
inline std::uint64_t marks(const Byte *p) {
  const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
  const __m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'));
  const __m128i outside = _mm_cmplt_epi8(x, _mm_set1_epi8(0x20));  // signed: controls and bytes from 0x80
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), outside)));
}
#endif

// Offset of the first byte among 16 that ends or interrupts plain text, or 16.
inline unsigned plain_prefix(const Byte *p) {
#if defined(__SSE2__)
  return static_cast<unsigned>(std::countr_zero(marks(p) | 0x10000U));
#elif defined(__ARM_NEON)
  const uint8x16_t x = vld1q_u8(p);
  const uint8x16_t hit = vorrq_u8(vorrq_u8(vceqq_u8(x, vdupq_n_u8('"')), vceqq_u8(x, vdupq_n_u8('\\'))),
                                  vcltq_s8(vreinterpretq_s8_u8(x), vdupq_n_s8(0x20)));
  const std::uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(hit), 4)), 0);
  return mask ? static_cast<unsigned>(std::countr_zero(mask)) / 4 : 16;
#else
  for (unsigned i = 0; i < 16; ++i)
    if (p[i] == '"' || p[i] == '\\' || p[i] < 0x20 || p[i] >= 0x80) return i;
  return 16;
#endif
}

// The first byte that does so from p on, where 16 plain ones were already: four steps at once, as more are likely to follow.
inline const Byte *skip_long_plain(const Byte *p) {
#if defined(__SSE2__)
  for (;; p += 64) {
    const std::uint64_t mask = marks(p) | marks(p + 16) << 16 | marks(p + 32) << 32 | marks(p + 48) << 48;
    if (mask) return p + std::countr_zero(mask);
  }
#else
  for (unsigned n = 16; n == 16; p += n) n = plain_prefix(p);
  return p;
#endif
}

// p at a backslash.
inline const Byte *skip_escape(const Byte *p, Failure &failure) {
  switch (p[1]) {
    case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
      return p + 2;
    case 'u':
      for (int i = 2; i < 6; ++i)
        if (hex_digit(p[i]) < 0) return failure.set(Fault::bad_escape, p);
      return p + 6;
    default:
      return failure.set(Fault::bad_escape, p);
  }
}

// p behind the opening quote; returns the closing quote. `escaped` is set if a backslash was met.
inline const Byte *scan_string(const Byte *p, bool &escaped, Failure &failure) {
  for (;;) {
    const unsigned n = plain_prefix(p);
    p += n;
    if (n == 16) p = skip_long_plain(p);
    const Byte c = *p;
    if (c == '"') return p;
    if (c == '\\') {
      escaped = true;
      p = skip_escape(p, failure);
      if (!p) return nullptr;
    } else if (c >= 0x80) {
      const Byte *next = skip_utf8(p);
      if (!next) return failure.set(Fault::bad_utf8, p);
      p = next;
    } else {
      return failure.set(c == '\n' ? Fault::unterminated : Fault::control_character, p);
    }
  }
}

// p at a minus or digit; returns the first byte behind the number.
inline const Byte *skip_number(const Byte *p, Failure &failure) {
  const Byte *const begin = p;
  p += *p == '-';
  if (!is_digit(*p)) return failure.set(Fault::bad_number, begin);
  if (*p == '0') ++p;
  else while (is_digit(*p)) ++p;
  if (*p == '.') {
    if (!is_digit(*++p)) return failure.set(Fault::bad_number, begin);
    while (is_digit(*p)) ++p;
  }
  if ((*p | 0x20) == 'e') {
    ++p;
    p += *p == '+' || *p == '-';
    if (!is_digit(*p)) return failure.set(Fault::bad_number, begin);
    while (is_digit(*p)) ++p;
  }
  if (is_digit(*p)) return failure.set(Fault::bad_number, begin);
  return p;
}

// p at t, f or n; returns the first byte behind the word.
inline const Byte *skip_word(const Byte *p, Failure &failure) {
  if (p[0] == 't' && p[1] == 'r' && p[2] == 'u' && p[3] == 'e') return p + 4;
  if (p[0] == 'n' && p[1] == 'u' && p[2] == 'l' && p[3] == 'l') return p + 4;
  if (p[0] == 'f' && p[1] == 'a' && p[2] == 'l' && p[3] == 's' && p[4] == 'e') return p + 5;
  return failure.set(Fault::expected_value, p);
}

// p at a value that is no container.
inline const Byte *skip_scalar(const Byte *p, Failure &failure) {
  if (*p == '"') {
    bool escaped;
    p = scan_string(p + 1, escaped, failure);
    return p ? p + 1 : nullptr;
  }
  if (is_digit(*p) || *p == '-') return skip_number(p, failure);
  return skip_word(p, failure);
}

// p at a key; returns the first byte of its value.
template <typename Layout = OneLine>
inline const Byte *skip_key(const Byte *p, Failure &failure) {
  if (*p != '"') return failure.set(Fault::expected_key, p);
  bool escaped;
  p = scan_string(p + 1, escaped, failure);
  if (!p) return nullptr;
  p = Layout::skip(p + 1);
  if (*p != ':') return failure.set(Fault::expected_colon, p);
  return Layout::skip(p + 1);
}

// p where a comma or the end of a container must be, and is not.
inline const Byte *no_comma(const Byte *p, Failure &failure) {
  return failure.set(*p == '\n' ? Fault::unterminated : Fault::expected_comma, p);
}

// p at the brace or bracket of a container of nesting `depth`; returns the first byte behind it. No recursion: a bit a
// level says whether it is an object.
template <typename Layout = OneLine>
inline const Byte *skip_container(const Byte *p, unsigned depth, Failure &failure) {
  std::uint64_t objects[kMaxDepth / 64 + 1] = {};
  unsigned level = 0;
  const auto in_object = [&] { return objects[level / 64] >> (level % 64) & 1; };
  for (;;) {  // p at an opening brace or bracket
    if (depth + level > kMaxDepth) return failure.set(Fault::too_deep, p);
    const bool object = *p == '{';
    ++level;
    const std::uint64_t bit = std::uint64_t{1} << (level % 64);
    objects[level / 64] = object ? objects[level / 64] | bit : objects[level / 64] & ~bit;
    p = Layout::skip(p + 1);
    bool value_next = *p != (object ? '}' : ']');
    if (value_next && object && !(p = skip_key<Layout>(p, failure))) return nullptr;
    for (;;) {
      if (value_next) {
        if (*p == '{' || *p == '[') break;
        if (!(p = skip_scalar(p, failure))) return nullptr;
        p = Layout::skip(p);
      }
      if (*p == ',' && value_next) {
        p = Layout::skip(p + 1);
        if (in_object() && !(p = skip_key<Layout>(p, failure))) return nullptr;
      } else if (*p == (in_object() ? '}' : ']')) {
        ++p;
        if (--level == 0) return p;
        p = Layout::skip(p);
        // The closed container was a value of the one around it: look for its comma or end.
        while (*p != ',') {
          if (*p != (in_object() ? '}' : ']')) return no_comma(p, failure);
          ++p;
          if (--level == 0) return p;
          p = Layout::skip(p);
        }
        p = Layout::skip(p + 1);
        if (in_object() && !(p = skip_key<Layout>(p, failure))) return nullptr;
        value_next = true;
      } else {
        return no_comma(p, failure);
      }
    }
  }
}

}  // namespace streamstat::json
