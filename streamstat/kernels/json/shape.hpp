// Walks an object by the members that were met before: the next one of the same shape goes fast.
#pragma once

#include "json/json_text.hpp"

#include <cstring>
#include <string>
#include <vector>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat {

// A member as it was met before: the bytes from the brace or comma to the first byte of the value. The next line most
// likely has the same bytes at the same place, and then needs one comparison instead of a scan and a look-up.
template <typename Name>
struct Member {
  alignas(16) Byte bytes[64];
  unsigned size;
  unsigned last;  // the bytes of its last 16 that are its own, a bit each
  Name *name;     // what is known of it; null: its value is not wanted
};

template <typename Name>
using Shape = std::vector<Member<Name>>;

constexpr std::size_t kMaxMembers = 128;  // a shape; beyond it, names differ too much to be remembered

template <typename Name>
inline bool same_bytes(const Byte *p, const Member<Name> &member) {
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
template <typename Name>
inline const Member<Name> *find_member(const Member<Name> *next, const Member<Name> *end, const Byte *p) {
  for (int tries = 0; tries < 3 && next < end; ++tries, ++next)
    if (same_bytes(p, *next)) return next;
  return nullptr;
}

// Remembers the member [begin, end) as the one at `at`; whether there was room for it.
template <typename Name>
inline bool learn_member(Shape<Name> &shape, std::size_t at, const Byte *begin, const Byte *end, Name *name) {
  const auto size = static_cast<std::size_t>(end - begin);
  if (size > sizeof(Member<Name>::bytes) || shape.size() >= kMaxMembers) return false;
  Member<Name> member{};
  std::memcpy(member.bytes, begin, size);
  member.size = static_cast<unsigned>(size);
  member.last = (1U << ((size - 1) % 16 + 1)) - 1;
  member.name = name;
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(at), member);
  return true;
}

namespace json {

// p at the name of a member; returns the first byte of its value, or null with `failure` set.
template <typename Layout>
inline const Byte *member_name(const Byte *p, std::string &key, Failure &failure) {
  if (*p != '"') return failure.set(Fault::expected_key, p);
  const Byte *const begin = p + 1;
  bool escaped = false;
  const Byte *const end = scan_string(begin, escaped, failure);
  if (!end) return nullptr;
  key.assign(reinterpret_cast<const char *>(begin), static_cast<std::size_t>(end - begin));
  if (escaped) {
    auto *out = reinterpret_cast<Byte *>(key.data());
    key.resize(static_cast<std::size_t>(unescape(begin, end, out) - out));
  }
  p = Layout::skip(end + 1);
  if (*p != ':') return failure.set(Fault::expected_colon, p);
  return Layout::skip(p + 1);
}

// p at the opening brace; returns the first byte behind the closing one, or null with `failure` set. named(key) gives what
// is known of a name, which is asked for it each time if not `remembers`; use(p, name) the first byte behind its value.
template <typename Layout, typename Name, typename Named, typename Use>
inline const Byte *walk_members(const Byte *p, Shape<Name> &shape, bool remembers, Failure &failure, Named named, Use use) {
  const Member<Name> *next = shape.data(), *end = next + (remembers ? shape.size() : 0);
  for (;;) {
    Name *name;
    if (const Member<Name> *const known = find_member(next, end, p)) {
      next = known + 1;
      name = known->name;
      p = Layout::skip(p + known->size);
    } else {
      const Byte *const begin = p;
      p = Layout::skip(p + 1);
      if (*begin == '{' && *p == '}') return p + 1;
      std::string key;
      p = member_name<Layout>(p, key, failure);
      if (!p) return nullptr;
      name = named(key);
      const auto at = static_cast<std::size_t>(next - shape.data());
      const bool learnt = learn_member(shape, at, begin, p, name);
      next = shape.data() + at + learnt;
      end = shape.data() + (remembers ? shape.size() : 0);
    }
    p = use(p, name);
    if (!p) return nullptr;
    p = Layout::skip(p);
    if (*p == '}') return p + 1;
    if (*p != ',') return no_comma(p, failure);
  }
}

}  // namespace json

}  // namespace streamstat
