#include "lines/log_text.hpp"

#include <vector>

namespace streamstat {

// Writes the bytes that the spelling stands for.
static Byte *unescaped(const Byte *p, const Byte *end, Byte *out) {
  while (p < end) {
    if (*p == '\\' && end - p >= 2) {
      if (p[1] == '"' || p[1] == '\\') {
        *out++ = p[1];
        p += 2;
        continue;
      }
      if (p[1] == 'x' && end - p >= 4 && hex_digit(p[2]) >= 0 && hex_digit(p[3]) >= 0) {
        *out++ = static_cast<Byte>(hex_digit(p[2]) << 4 | hex_digit(p[3]));
        p += 4;
        continue;
      }
    }
    *out++ = *p++;
  }
  return out;
}

// Of an ill-formed sequence at p: how many of its bytes could begin a well-formed one, or 1.
static std::size_t broken_part(const Byte *p, const Byte *end) {
  const Byte lead = *p;
  if (lead < 0xE0 || lead > 0xF4 || end - p < 2) return 1;
  const Byte low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const Byte high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (p[1] < low || p[1] > high) return 1;
  return lead >= 0xF0 && end - p >= 3 && (p[2] & 0xC0) == 0x80 ? 3 : 2;
}

Byte *undo_log_escapes(const Byte *begin, const Byte *end, Byte *out) {
  // The bytes go to the end of the room; what is written in front of them grows by at most three bytes for each that is
  // read, and so never reaches those that are not read yet.
  const auto size = static_cast<std::size_t>(end - begin);
  Byte *const bytes = out + 2 * size;
  const Byte *const bytes_end = unescaped(begin, end, bytes);
  for (const Byte *p = bytes; p < bytes_end;) {
    if (*p < 0x80) {
      *out++ = *p++;
      continue;
    }
    Byte sequence[4] = {};
    const auto most = std::min<std::ptrdiff_t>(4, bytes_end - p);
    std::copy(p, p + most, sequence);
    if (const Byte *const next = skip_utf8(sequence)) {
      out = std::copy(static_cast<const Byte *>(sequence), next, out);
      p += next - sequence;
    } else {
      p += broken_part(p, bytes_end);
      out = std::copy_n(reinterpret_cast<const Byte *>("\xEF\xBF\xBD"), 3, out);
    }
  }
  return out;
}

// A number's spelling that something else ends than what stands behind it.
static Byte *ended(const Byte *begin, const Byte *end, Byte *out) {
  out = std::copy(begin, end, out);
  *out = '\n';
  return out;
}

Cell number_before_more(const Byte *begin, const Byte *end) {
  std::vector<Byte> copy(begin, end);
  copy.resize(copy.size() + kNumberReach);
  Cell cell = text_cell(begin, end);
  read_number(copy.data(), copy.data() + (end - begin), cell);
  if (cell.kind == kind::real) cell.unescape = ended;  // it is read again where it is a time
  return cell;
}

}  // namespace streamstat
