// Between the records of JSON in any layout: what stands there, and where reading goes on behind a bad record. Who cuts
// blocks and who decodes them both go by this, so that they find the same records. Every function reads up to a kEnd.
#pragma once

#include "json/json_scan.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace streamstat::json {

// Put behind the bytes that are read: in no JSON, no white space, and no NUL.
constexpr Byte kEnd = 3;

// How the records from a place on are read.
struct Standing {
  bool inside = false;        // in an array at the top level
  std::int64_t column = 0;    // characters of its line before it
  std::int64_t seeking = -1;  // a bad record that began at this column has no end yet; -1: there is none
};

inline bool at_byte_order_mark(const Byte *p) { return p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF; }

// p between two records; returns the first byte of the next one or of NULs, or the end.
inline const Byte *skip_separators(const Byte *p, bool &inside) {
  for (;; ++p) {
    p = AnyLayout::skip(p);
    if (*p == '[' && !inside)
      inside = true;
    else if (*p == ']')
      inside = false;
    else if (at_byte_order_mark(p))  // files that were joined
      p += 2;
    else if (*p != ',')
      return p;
  }
}

// The column of `to`, from that of `from`. Byte-order marks and NULs have no width.
inline std::int64_t column_at(const Byte *from, std::int64_t column, const Byte *to) {
  constexpr std::ptrdiff_t kStep = 4096;
  const Byte *line = to;
  for (bool found = false; !found && line > from;) {
    const Byte *const piece = line - std::min(kStep, line - from);
    if (std::memchr(piece, '\n', static_cast<std::size_t>(line - piece))) {
      while (line[-1] != '\n') --line;
      found = true;
      column = 0;
    } else {
      line = piece;
    }
  }
  for (const Byte *p = line; p < to; ++p) column += (*p & 0xC0) != 0x80 && *p != 0;
  while ((line = static_cast<const Byte *>(std::memchr(line, 0xEF, static_cast<std::size_t>(to - line))))) {
    column -= at_byte_order_mark(line);
    ++line;
  }
  return column;
}

// The next line in [p, end) whose first character is a '{' no further in than `column`, or that begins with a NUL. If
// there is none, null; from `resume` on it is then looked for when there is more.
inline const Byte *next_line(const Byte *p, const Byte *end, std::int64_t column, const Byte *&resume) {
  for (;;) {
    const auto *const newline = static_cast<const Byte *>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    resume = newline ? newline : end;
    if (!newline) return nullptr;
    const Byte *const line = newline + 1;
    for (p = line; *p == ' ' || *p == '\t' || *p == '\r';) ++p;
    if (p >= end) return nullptr;
    if (*line == 0 || (*p == '{' && p - line <= column)) return line;
  }
}

}  // namespace streamstat::json
