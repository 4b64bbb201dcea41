// The text values of a JSON value at any depth, unescaped; names are none.
#pragma once

#include "json/json_text.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace streamstat {

namespace json_texts {

// Behind the string that begins at p, or null where it does not end, or has an escape that is none.
inline const Byte *behind_string(const Byte *p, const Byte *end, bool &escaped) {
  for (++p; p < end && *p != '"';) {
    if (*p != '\\') {
      ++p;
      continue;
    }
    escaped = true;
    const std::ptrdiff_t size = end - p > 1 && p[1] == 'u' ? 6 : 2;
    if (end - p < size) return nullptr;
    for (std::ptrdiff_t i = 2; i < size; ++i)
      if (hex_digit(p[i]) < 0) return nullptr;
    p += size;
  }
  return p < end ? p + 1 : nullptr;
}

}  // namespace json_texts

// Calls `take` with each; `room` is where texts are unescaped. What is behind bytes that are no JSON may be left out.
template <typename Take>
void for_each_text_value(std::string_view json, std::vector<Byte> &room, Take &&take) {
  const auto *p = reinterpret_cast<const Byte *>(json.data());
  const auto *const end = p + json.size();
  while (p < end) {
    if (*p != '"') {
      ++p;
      continue;
    }
    bool escaped = false;
    const Byte *const begin = p + 1;
    const Byte *const behind = json_texts::behind_string(p, end, escaped);
    if (!behind) return;
    for (p = behind; p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n');) ++p;
    if (p < end && *p == ':') continue;
    std::size_t size = static_cast<std::size_t>(behind - 1 - begin);
    const Byte *text = begin;
    if (escaped) {
      room.resize(size);
      size = static_cast<std::size_t>(json::unescape(begin, behind - 1, room.data()) - room.data());
      text = room.data();
    }
    take(std::string_view(reinterpret_cast<const char *>(text), size));
  }
}

}  // namespace streamstat
