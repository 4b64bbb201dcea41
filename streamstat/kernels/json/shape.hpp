// The members of an object as they were met before, by which the next object of the same shape is walked fast.
#pragma once

#include "json/path_tree.hpp"

#include <cstring>
#include <vector>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat {

// A member as it was met before: the bytes from the brace or comma to the first byte of the value. The next line most
// likely has the same bytes at the same place, and then needs one comparison instead of a scan and a look-up.
struct Member {
  alignas(16) Byte bytes[64];
  unsigned size;
  unsigned last;              // the bytes of its last 16 that are its own, a bit each
  const PathTree::Edge *edge;  // null: its value is not wanted
};

using Shape = std::vector<Member>;

constexpr std::size_t kMaxMembers = 128;  // a shape; beyond it, names differ too much to be remembered

inline bool same_bytes(const Byte *p, const Member &member) {
#if defined(__SSE2__)
  for (unsigned at = 0;; at += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p + at));
    const __m128i y = _mm_load_si128(reinterpret_cast<const __m128i *>(member.bytes + at));
    const auto equal = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)));
    if (member.size <= at + 16) return (~equal & member.last) == 0;
    if (equal != 0xFFFF) return false;
  }
#else
  return std::memcmp(p, member.bytes, member.size) == 0;
#endif
}

// The remembered member that stands at p: the next one, or one of the two behind it (an optional name is missing).
inline const Member *find_member(const Member *next, const Member *end, const Byte *p) {
  for (int tries = 0; tries < 3 && next < end; ++tries, ++next)
    if (same_bytes(p, *next)) return next;
  return nullptr;
}

// Remembers the member [begin, end) as the one at `at`; whether there was room for it.
inline bool learn_member(Shape &shape, std::size_t at, const Byte *begin, const Byte *end,
                         const PathTree::Edge *edge) {
  const auto size = static_cast<std::size_t>(end - begin);
  if (size > sizeof(Member::bytes) || shape.size() >= kMaxMembers) return false;
  Member member{};
  std::memcpy(member.bytes, begin, size);
  member.size = static_cast<unsigned>(size);
  member.last = (1U << ((size - 1) % 16 + 1)) - 1;
  member.edge = edge;
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(at), member);
  return true;
}

}  // namespace streamstat
