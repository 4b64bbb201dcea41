// Whether bytes are UTF-8, sixteen at a time where they are ASCII.
#pragma once

#include "events/scan.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat {

// The first byte of [p, end) that begins nothing well-formed, or null if all is; 64 bytes behind `end` are readable.
inline const Byte *ill_formed_utf8(const Byte *p, const Byte *end) {
  while (p < end) {
#if defined(__SSE2__)
    if (!_mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p)))) {
      p += 16;
      continue;
    }
#endif
    if (*p < 0x80) {
      ++p;
      continue;
    }
    const Byte *const next = skip_utf8(p);
    if (!next || next > end) return p;
    p = next;
  }
  return nullptr;
}

}  // namespace streamstat
