// One line of NDJSON, walked once: strictly validated, the values of projected names captured. A part of the decoder,
// in a file of its own; the compiler sees both at once.
#pragma once

#include "base/kinds.hpp"
#include "events/typed.hpp"
#include "json/json_decoder.hpp"
#include "json/json_text.hpp"

#include <algorithm>
#include <cstring>

namespace streamstat {

class LineParser {
 public:
  explicit LineParser(const JsonDecoder &decoder)
      : decoder_(decoder), slots_(static_cast<std::size_t>(decoder.slots_)), shapes_(decoder.nodes_.size()) {}

  // p at the first byte of a line that is not blank; returns the newline behind it, or null with `failure` set.
  const Byte *line(const Byte *p) {
    failure = {};
    for (Cell &slot : slots_) slot.present = false;
    if (*p != '{') return not_an_object(p);
    p = object(p, 0, 1);
    if (!p) return nullptr;
    p = skip_space(p);
    return *p == '\n' ? p : failure.set(Fault::trailing, p);
  }

  const Cell *cell(const JsonDecoder::Choice &choice) const {
    const Cell &literal = slots_[static_cast<std::size_t>(choice.literal)];
    if (literal.present || choice.nested < 0) return literal.present ? &literal : nullptr;
    const Cell &nested = slots_[static_cast<std::size_t>(choice.nested)];
    return nested.present ? &nested : nullptr;
  }

  Failure failure;
  std::vector<std::string> *names = nullptr;  // where to note the names of the top level, if anywhere

 private:
  // A member as it was met before: the bytes from the brace or comma to the first byte of the value. The next line most
  // likely has the same bytes at the same place, and then needs one comparison instead of a scan and a look-up.
  struct Member {
    alignas(16) Byte bytes[64];
    unsigned size;
    unsigned last;              // the bytes of its last 16 that are its own, a bit each
    const JsonDecoder::Edge *edge;  // null: its value is not wanted
  };

  static constexpr std::size_t kMaxMembers = 128;  // a shape; beyond it, names differ too much to be remembered

  static bool same_bytes(const Byte *p, const Member &member) {
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

  const Byte *not_an_object(const Byte *p) {
    const Byte *const begin = p;
    if (*p == '[') p = json::skip_container(p, 1, failure);
    else p = json::skip_scalar(p, failure);
    return p ? failure.set(Fault::not_object, begin) : nullptr;
  }

  // p at the opening brace; returns the first byte behind the closing one.
  const Byte *object(const Byte *p, int node, unsigned depth) {
    if (depth > json::kMaxDepth) return failure.set(Fault::too_deep, p);
    std::vector<Member> &shape = shapes_[static_cast<std::size_t>(node)];
    const Member *next = shape.data(), *end = next + (names ? 0 : shape.size());
    for (;;) {
      const JsonDecoder::Edge *edge;
      if (const Member *const known = find(next, end, p)) {
        next = known + 1;
        edge = known->edge;
        p = skip_space(p + known->size);
      } else {
        const Byte *const begin = p;
        const bool first = *p == '{';
        p = skip_space(p + 1);
        if (first && *p == '}') return p + 1;
        p = member_name(p, node, edge);
        if (!p) return nullptr;
        const auto at = static_cast<std::size_t>(next - shape.data());
        const bool learnt = learn(shape, at, begin, p, edge);
        next = shape.data() + at + learnt;
        end = shape.data() + (names ? 0 : shape.size());
      }
      p = edge ? value(p, *edge, depth) : skipped(p, depth);
      if (!p) return nullptr;
      p = skip_space(p);
      if (*p == '}') return p + 1;
      if (*p != ',') return json::no_comma(p, failure);
    }
  }

  // The remembered member that stands at p: the next one, or one of the two behind it (an optional name is missing).
  static const Member *find(const Member *next, const Member *end, const Byte *p) {
    for (int tries = 0; tries < 3 && next < end; ++tries, ++next)
      if (same_bytes(p, *next)) return next;
    return nullptr;
  }

  static bool learn(std::vector<Member> &shape, std::size_t at, const Byte *begin, const Byte *end,
                    const JsonDecoder::Edge *edge) {
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

  const Byte *member_name(const Byte *p, int node, const JsonDecoder::Edge *&edge) {
    if (*p != '"') return failure.set(Fault::expected_key, p);
    const Byte *const begin = p + 1;
    bool escaped = false;
    const Byte *const end = json::scan_string(begin, escaped, failure);
    if (!end) return nullptr;
    std::string key(reinterpret_cast<const char *>(begin), static_cast<std::size_t>(end - begin));
    if (escaped) {
      auto *out = reinterpret_cast<Byte *>(key.data());
      key.resize(static_cast<std::size_t>(json::unescape(begin, end, out) - out));
    }
    if (names && node == 0) names->push_back(key);
    edge = nullptr;
    for (const auto &each : decoder_.nodes_[static_cast<std::size_t>(node)].edges)
      if (each.key == key) edge = &each;
    p = skip_space(end + 1);
    if (*p != ':') return failure.set(Fault::expected_colon, p);
    return skip_space(p + 1);
  }

  const Byte *skipped(const Byte *p, unsigned depth) {
    if (*p == '"') {
      bool escaped;
      p = json::scan_string(p + 1, escaped, failure);
      return p ? p + 1 : nullptr;
    }
    if (*p == '{' || *p == '[') return json::skip_container(p, depth + 1, failure);
    return json::skip_scalar(p, failure);
  }

  const Byte *value(const Byte *p, const JsonDecoder::Edge &edge, unsigned depth) {
    for (const int below : edge.below) slots_[static_cast<std::size_t>(below)].present = false;
    Cell ignored;
    Cell &slot = edge.slot >= 0 ? slots_[static_cast<std::size_t>(edge.slot)] : ignored;
    slot.present = true;
    slot.unescape = nullptr;
    slot.number = 0;
    slot.begin = p;
    switch (*p) {
      case '"': {
        slot.kind = kind::text;
        slot.begin = p + 1;
        bool escaped = false;
        p = json::scan_string(p + 1, escaped, failure);
        if (!p) return nullptr;
        if (escaped) slot.unescape = json::unescape;
        slot.end = p;
        return p + 1;
      }
      case '{':
        p = edge.child >= 0 ? object(p, edge.child, depth + 1) : json::skip_container(p, depth + 1, failure);
        slot.kind = kind::json;
        break;
      case '[':
        p = json::skip_container(p, depth + 1, failure);
        slot.kind = kind::json;
        break;
      case 't': slot.kind = kind::yes; return slot.end = json::skip_word(p, failure);
      case 'f': slot.kind = kind::no; return slot.end = json::skip_word(p, failure);
      case 'n': slot.kind = kind::null; return slot.end = json::skip_word(p, failure);
      default: return slot.end = number(p, slot);
    }
    return slot.end = p;
  }

  const Byte *number(const Byte *p, Cell &slot) {
    if (*p != '-' && !is_digit(*p)) return failure.set(Fault::expected_value, p);
    Decimal decimal;
    const Byte *const end = read_decimal(p, decimal, failure);
    if (!end) return nullptr;
    double value;
    if (to_int64(decimal, slot.number)) {
      slot.kind = kind::integer;
    } else if (to_double(decimal, p, end, value)) {
      slot.kind = kind::real;
      std::memcpy(&slot.number, &value, sizeof value);
    } else {
      slot.kind = kind::huge;
    }
    return end;
  }

  const JsonDecoder &decoder_;
  std::vector<Cell> slots_;
  std::vector<std::vector<Member>> shapes_;
};

}  // namespace streamstat
