// From a valid JSON string's spelling to its UTF-8, and from a value's to its shortest.
#pragma once

#include "json/json_scan.hpp"

#include <algorithm>
#include <cstddef>

namespace streamstat::json {

inline unsigned hex4(const Byte *p) {
  return static_cast<unsigned>(hex_digit(p[0]) << 12 | hex_digit(p[1]) << 8 | hex_digit(p[2]) << 4 | hex_digit(p[3]));
}

inline Byte *put_utf8(Byte *out, unsigned code) {
  if (code < 0x80) {
    *out++ = static_cast<Byte>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<Byte>(0xC0 | code >> 6);
    *out++ = static_cast<Byte>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out++ = static_cast<Byte>(0xE0 | code >> 12);
    *out++ = static_cast<Byte>(0x80 | (code >> 6 & 0x3F));
    *out++ = static_cast<Byte>(0x80 | (code & 0x3F));
  } else {
    *out++ = static_cast<Byte>(0xF0 | code >> 18);
    *out++ = static_cast<Byte>(0x80 | (code >> 12 & 0x3F));
    *out++ = static_cast<Byte>(0x80 | (code >> 6 & 0x3F));
    *out++ = static_cast<Byte>(0x80 | (code & 0x3F));
  }
  return out;
}

// Unescapes [p, end), already validated, to `out`, which has room for end - p bytes (UTF-8 is never longer than its
// escapes). Lone surrogates become U+FFFD. Returns the end of what was written.
inline Byte *unescape(const Byte *p, const Byte *end, Byte *out) {
  while (p < end) {
    if (*p != '\\') {
      *out++ = *p++;
      continue;
    }
    const Byte c = p[1];
    p += 2;
    switch (c) {
      case 'b': *out++ = '\b'; break;
      case 'f': *out++ = '\f'; break;
      case 'n': *out++ = '\n'; break;
      case 'r': *out++ = '\r'; break;
      case 't': *out++ = '\t'; break;
      case 'u': {
        unsigned code = hex4(p);
        p += 4;
        if (code >= 0xD800 && code < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
          const unsigned low = hex4(p + 2);
          if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            p += 6;
          }
        }
        if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
        out = put_utf8(out, code);
        break;
      }
      default: *out++ = c;
    }
  }
  return out;
}

// A valid value without the white space between its parts.
inline Byte *compact(const Byte *p, const Byte *end, Byte *out) {
  while (p < end) {
    if (*p <= ' ') {
      ++p;
    } else if (*p != '"') {
      *out++ = *p++;
    } else {
      const Byte *const begin = p++;
      while (*p != '"') p += *p == '\\' ? 2 : 1;
      out = std::copy(begin, ++p, out);
    }
  }
  return out;
}

// What a text's spelling stands for, or a value of another kind without the white space.
inline Byte *meant(bool is_text, const Byte *p, const Byte *end, Byte *out) {
  return is_text ? unescape(p, end, out) : compact(p, end, out);
}

}  // namespace streamstat::json
