// Finds separators, quotes and newlines, 64 bytes at a time.
#pragma once

#include "events/scan.hpp"

#include <bit>
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat {

// Walks over newlines and two more characters, which may be the same. 64 bytes from each newline on must be readable, and
// nothing is asked for behind the last one.
class Marks {
 public:
  Marks(const Byte *begin, Byte one, Byte other) : one_(one), other_(other) { load(begin); }

  // The next mark, in order.
  const Byte *next() {
    while (!left_) load(base_ + 64);
    const Byte *const mark = base_ + std::countr_zero(left_);
    left_ &= left_ - 1;
    return mark;
  }

  // Goes on at p, wherever that is.
  void seek(const Byte *p) { load(p); }

  // Whether a byte from 0x80 on may stand among those that were walked since this was asked last.
  bool met_non_ascii() {
    const bool met = met_;
    met_ = met_here_;
    return met;
  }

 private:
  void load(const Byte *base) {
    base_ = base;
    left_ = 0;
#if defined(__SSE2__)
    const __m128i newline = _mm_set1_epi8('\n'), one = _mm_set1_epi8(static_cast<char>(one_)),
                  other = _mm_set1_epi8(static_cast<char>(other_));
    __m128i all = _mm_setzero_si128();
    for (unsigned i = 0; i < 64; i += 16) {
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(base + i));
      const __m128i hit =
          _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, one), _mm_cmpeq_epi8(x, other)), _mm_cmpeq_epi8(x, newline));
      left_ |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(hit))} << i;
      all = _mm_or_si128(all, x);
    }
    met_here_ = _mm_movemask_epi8(all) != 0;
#else
    Byte all = 0;
    for (unsigned i = 0; i < 64; ++i) {
      const Byte c = base[i];
      left_ |= std::uint64_t{c == one_ || c == other_ || c == '\n'} << i;
      all |= c;
    }
    met_here_ = all >= 0x80;
#endif
    met_ = met_ || met_here_;
  }

  const Byte *base_ = nullptr;
  std::uint64_t left_ = 0;
  Byte one_, other_;
  bool met_ = false, met_here_ = false;
};

}  // namespace streamstat
