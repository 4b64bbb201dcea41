// The spaces between the words of a line, found 64 bytes at a time.
#pragma once

#include "events/scan.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat::syslog {

// Quick where words are asked for from the front to the back. 64 bytes behind the end of the line are readable.
class LineWords {
 public:
  LineWords() = default;
  LineWords(const Byte *begin, const Byte *end) : base_(begin), end_(end), spaces_(spaces_at(begin)) {}

  // The first space from p on, or the end of the line.
  const Byte *space_from(const Byte *p) {
    if (static_cast<std::size_t>(p - base_) >= 64) move(p);  // in front of them, too
    std::uint64_t left = spaces_ & ~std::uint64_t{0} << (p - base_);
    while (!left) {
      if (end_ - base_ <= 64) return end_;
      move(base_ + 64);
      left = spaces_;
    }
    const Byte *const space = base_ + std::countr_zero(left);
    return space < end_ ? space : end_;
  }

 private:
  void move(const Byte *to) {
    base_ = to;
    spaces_ = spaces_at(to);
  }

  // Which of 64 bytes are spaces, the first one the lowest bit.
  static std::uint64_t spaces_at(const Byte *p) {
    std::uint64_t spaces = 0;
#if defined(__SSE2__)
    for (int i = 0; i < 4; ++i) {
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p + 16 * i));
      const auto here = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8(' '))));
      spaces |= std::uint64_t{here} << 16 * i;
    }
#else
    for (int i = 0; i < 64; ++i) spaces |= std::uint64_t{p[i] == ' '} << i;
#endif
    return spaces;
  }

  const Byte *base_ = nullptr, *end_ = nullptr;
  std::uint64_t spaces_ = 0;  // of the 64 bytes from base_ on
};

}  // namespace streamstat::syslog
