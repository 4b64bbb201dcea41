#include "text/escape.hpp"

#include <array>

namespace streamstat {

namespace {

constexpr char kHex[] = "0123456789abcdef";

// Printable ASCII but quote and backslash: what every writer here copies as it is.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned byte = 0x20; byte < 0x7f; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

std::size_t plain_run(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && kPlain[static_cast<unsigned char>(text[i])]) ++i;
  return i;
}

void put_hex(TextBuffer &out, char letter, std::uint32_t value, int digits) {
  out.put('\\');
  out.put(letter);
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.put(kHex[value >> shift & 15]);
}

// Copies plain runs and hands everything else, one character at a time, to `put_other`.
template <typename PutOther>
void put_characters(TextBuffer &out, std::string_view text, PutOther put_other) {
  while (!text.empty()) {
    const std::size_t run = plain_run(text);
    out.put(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) return;
    const CodePoint next = decode_utf8(text);
    put_other(next, text.substr(0, next.size));
    text.remove_prefix(next.size);
  }
}

void put_unicode(TextBuffer &out, const CodePoint &next, std::string_view bytes) {
  if (!next.valid)
    out.put("\xef\xbf\xbd");
  else if (steers_terminal(next.value))
    put_hex(out, 'u', next.value, 4);
  else
    out.put(bytes);
}

}  // namespace

CodePoint decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {lead, 1, false};
  std::uint32_t value = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {lead, 1, false};
    value = value << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < smallest[size] || value > 0x10ffff || surrogate) return {lead, 1, false};
  return {value, size, true};
}

bool steers_terminal(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void put_visible(TextBuffer &out, std::string_view text) {
  put_characters(out, text, [&](const CodePoint &next, std::string_view bytes) {
    if (next.valid && !steers_terminal(next.value))
      out.put(bytes);
    else if (next.value < 0x100)
      put_hex(out, 'x', next.value, 2);
    else
      put_hex(out, 'u', next.value, 4);
  });
}

void put_json_string(TextBuffer &out, std::string_view text) {
  put_characters(out, text, [&](const CodePoint &next, std::string_view bytes) {
    switch (next.value) {
      case '"': return out.put("\\\"");
      case '\\': return out.put("\\\\");
      case '\n': return out.put("\\n");
      case '\r': return out.put("\\r");
      case '\t': return out.put("\\t");
      default: return put_unicode(out, next, bytes);
    }
  });
}

void put_json_raw(TextBuffer &out, std::string_view text) {
  put_characters(out, text, [&](const CodePoint &next, std::string_view bytes) {
    if (next.value < 0x20)
      out.put(' ');
    else
      put_unicode(out, next, bytes);
  });
}

}  // namespace streamstat
