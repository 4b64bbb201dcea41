// What every format steps over bytes with. Callers guarantee a newline behind the bytes that are walked, and 64 readable
// bytes behind it, so that 16-byte loads need no bounds checks.
#pragma once

#include "events/faults.hpp"

#include <cstdint>

namespace streamstat {

using Byte = std::uint8_t;

struct Failure {
  Fault fault = Fault::none;
  const Byte *where = nullptr;
  const Byte *set(Fault reason, const Byte *at) {
    fault = reason;
    where = at;
    return nullptr;
  }
};

inline const Byte *skip_space(const Byte *p) {
  if (*p > ' ') [[likely]] return p;
  while (*p == ' ' || *p == '\t' || *p == '\r') ++p;
  return p;
}

inline bool is_digit(Byte c) { return static_cast<Byte>(c - '0') < 10; }

inline int hex_digit(Byte c) {
  if (is_digit(c)) return c - '0';
  const Byte lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Well-formed UTF-8 as in table 3-7 of the Unicode standard; p at a byte >= 0x80. Null if ill-formed.
inline const Byte *skip_utf8(const Byte *p) {
  const auto tail = [](Byte c) { return (c & 0xC0) == 0x80; };
  const Byte c = *p;
  if (c >= 0xC2 && c <= 0xDF) return tail(p[1]) ? p + 2 : nullptr;
  if (c >= 0xE0 && c <= 0xEF) {
    const bool second = c == 0xE0 ? (p[1] & 0xE0) == 0xA0 : c == 0xED ? (p[1] & 0xE0) == 0x80 : tail(p[1]);
    return second && tail(p[2]) ? p + 3 : nullptr;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const bool second = c == 0xF0 ? p[1] >= 0x90 && p[1] <= 0xBF : c == 0xF4 ? (p[1] & 0xF0) == 0x80 : tail(p[1]);
    return second && tail(p[2]) && tail(p[3]) ? p + 4 : nullptr;
  }
  return nullptr;
}

}  // namespace streamstat
