#include "decode.hpp"

#include "json_text.hpp"
#include "kinds.hpp"

#include <algorithm>
#include <stdexcept>

namespace streamstat {

using json::Byte;
using json::Failure;
using json::Fault;

// A member as it was met before: the bytes from the brace or comma to the first byte of the value. The next line most
// likely has the same bytes at the same place, and then needs one comparison instead of a scan and a look-up.
namespace {

struct Member {
  alignas(16) Byte bytes[64];
  unsigned size;
  int edge;
};

constexpr std::size_t kMaxMembers = 128;  // a shape; beyond it, names differ too much to be remembered

bool same_bytes(const Byte *p, const Member &member) {
#if defined(__SSE2__)
  for (unsigned at = 0;; at += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p + at));
    const __m128i y = _mm_load_si128(reinterpret_cast<const __m128i *>(member.bytes + at));
    const auto equal = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)));
    const unsigned left = member.size - at;
    if (left <= 16) return (~equal & ((1U << left) - 1)) == 0;
    if (equal != 0xFFFF) return false;
  }
#else
  return std::memcmp(p, member.bytes, member.size) == 0;
#endif
}

struct Slot {
  const Byte *begin, *end;
  std::int64_t number;
  std::uint8_t kind;
  bool present, escaped;
};

}  // namespace

class LineParser {
 public:
  explicit LineParser(const Decoder &decoder)
      : decoder_(decoder), slots_(static_cast<std::size_t>(decoder.slots_)), shapes_(decoder.nodes_.size()) {}

  // p at the first byte of a line that is not blank; returns the newline behind it, or null with `failure` set.
  const Byte *line(const Byte *p) {
    failure = {};
    for (Slot &slot : slots_) slot.present = false;
    if (*p != '{') return not_an_object(p);
    p = object(p, 0, 1);
    if (!p) return nullptr;
    p = json::skip_space(p);
    return *p == '\n' ? p : failure.set(Fault::trailing, p);
  }

  const Slot *slot(const Decoder::Choice &choice) const {
    const Slot &literal = slots_[static_cast<std::size_t>(choice.literal)];
    if (literal.present || choice.nested < 0) return literal.present ? &literal : nullptr;
    const Slot &nested = slots_[static_cast<std::size_t>(choice.nested)];
    return nested.present ? &nested : nullptr;
  }

  Failure failure;
  std::vector<std::string> *names = nullptr;  // where to note the names of the top level, if anywhere

 private:
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
    for (std::size_t at = 0;; ++at) {
      int edge;
      const std::size_t known = names ? shape.size() : find(shape, at, p);
      if (known < shape.size()) {
        at = known;
        edge = shape[known].edge;
        p = json::skip_space(p + shape[known].size);
      } else {
        const Byte *const begin = p;
        const bool first = *p == '{';
        p = json::skip_space(p + 1);
        if (first && *p == '}') return p + 1;
        p = member_name(p, node, edge);
        if (!p) return nullptr;
        learn(shape, at, begin, p, edge);
      }
      p = edge < 0 ? skipped(p, depth) : value(p, decoder_.nodes_[static_cast<std::size_t>(node)].edges[static_cast<std::size_t>(edge)], depth);
      if (!p) return nullptr;
      p = json::skip_space(p);
      if (*p == '}') return p + 1;
      if (*p != ',') return json::no_comma(p, failure);
    }
  }

  // The remembered member that stands at p: the next one, or one of the two behind it (an optional name is missing).
  static std::size_t find(const std::vector<Member> &shape, std::size_t at, const Byte *p) {
    const std::size_t stop = std::min(shape.size(), at + 3);
    for (; at < stop; ++at)
      if (same_bytes(p, shape[at])) return at;
    return shape.size();
  }

  static void learn(std::vector<Member> &shape, std::size_t at, const Byte *begin, const Byte *end, int edge) {
    const auto size = static_cast<std::size_t>(end - begin);
    if (size > sizeof(Member::bytes) || shape.size() >= kMaxMembers) return;
    Member member{};
    std::memcpy(member.bytes, begin, size);
    member.size = static_cast<unsigned>(size);
    member.edge = edge;
    shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(std::min(at, shape.size())), member);
  }

  const Byte *member_name(const Byte *p, int node, int &edge) {
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
    edge = -1;
    const auto &edges = decoder_.nodes_[static_cast<std::size_t>(node)].edges;
    for (std::size_t i = 0; i < edges.size(); ++i)
      if (edges[i].key == key) edge = static_cast<int>(i);
    p = json::skip_space(end + 1);
    if (*p != ':') return failure.set(Fault::expected_colon, p);
    return json::skip_space(p + 1);
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

  const Byte *value(const Byte *p, const Decoder::Edge &edge, unsigned depth) {
    for (const int below : edge.below) slots_[static_cast<std::size_t>(below)].present = false;
    Slot ignored;
    Slot &slot = edge.slot >= 0 ? slots_[static_cast<std::size_t>(edge.slot)] : ignored;
    slot.present = true;
    slot.escaped = false;
    slot.number = 0;
    slot.begin = p;
    switch (*p) {
      case '"': {
        slot.kind = kind::text;
        slot.begin = p + 1;
        p = json::scan_string(p + 1, slot.escaped, failure);
        if (!p) return nullptr;
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

  const Byte *number(const Byte *p, Slot &slot) {
    if (*p != '-' && !json::is_digit(*p)) return failure.set(Fault::expected_value, p);
    json::Decimal decimal;
    const Byte *const end = json::read_decimal(p, decimal, failure);
    if (!end) return nullptr;
    double value;
    if (json::to_int64(decimal, slot.number)) {
      slot.kind = kind::integer;
    } else if (json::to_double(decimal, p, end, value)) {
      slot.kind = kind::real;
      std::memcpy(&slot.number, &value, sizeof value);
    } else {
      slot.kind = kind::huge;
    }
    return end;
  }

  const Decoder &decoder_;
  std::vector<Slot> slots_;
  std::vector<std::vector<Member>> shapes_;
};

Decoder::Decoder(std::vector<FieldSpec> fields, TimeUnit unit, std::string time_pattern)
    : specs_(std::move(fields)), nodes_(1), unit_(unit), pattern_(time_pattern), has_pattern_(!time_pattern.empty()) {
  for (const FieldSpec &spec : specs_) add_path(spec);
}

int Decoder::edge(int node, const std::string &key) {
  auto &edges = nodes_[static_cast<std::size_t>(node)].edges;
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (edges[i].key == key) return static_cast<int>(i);
  edges.emplace_back().key = key;
  return static_cast<int>(edges.size()) - 1;
}

void Decoder::add_path(const FieldSpec &spec) {
  const auto capture = [&](int node, int index) {
    Edge &target = nodes_[static_cast<std::size_t>(node)].edges[static_cast<std::size_t>(index)];
    if (target.slot < 0) target.slot = slots_++;
    return target.slot;
  };
  Choice choice{capture(0, edge(0, spec.path)), -1};
  if (spec.path.find('.') != std::string::npos) {
    std::vector<std::pair<int, int>> trail;
    int node = 0;
    for (std::size_t from = 0;;) {
      const std::size_t dot = spec.path.find('.', from);
      const int index = edge(node, spec.path.substr(from, dot - from));
      if (dot == std::string::npos) {
        choice.nested = capture(node, index);
        break;
      }
      trail.emplace_back(node, index);
      Edge &step = nodes_[static_cast<std::size_t>(node)].edges[static_cast<std::size_t>(index)];
      if (step.child < 0) {
        step.child = static_cast<int>(nodes_.size());
        node = step.child;
        nodes_.emplace_back();
      } else {
        node = step.child;
      }
      from = dot + 1;
      if (trail.size() > 64) throw std::invalid_argument(spec.path + ": more than 64 dots");
    }
    for (const auto &[at, index] : trail)
      nodes_[static_cast<std::size_t>(at)].edges[static_cast<std::size_t>(index)].below.push_back(choice.nested);
  }
  choices_.push_back(choice);
}

void FieldColumn::reserve(std::size_t rows) {
  kinds.reserve(rows);
  if (needs & kNumber) numbers.reserve(rows);
  if (needs & kHash) hashes.reserve(rows);
  if (needs & kCode) codes.reserve(rows);
  if (needs & kText) starts.reserve(rows), lengths.reserve(rows);
  if (needs & kTime) times.reserve(rows), time_kinds.reserve(rows);
  if (needs & kPresent) present.reserve(rows);
}

namespace {

// Writes the captured values of valid lines into the columns.
class RowWriter {
 public:
  RowWriter(const Byte *block, TimeUnit unit, const TimePattern *pattern, Decoded &out)
      : block_(block), unit_(unit), pattern_(pattern), out_(out) {}

  void cell(FieldColumn &column, const Slot *slot) {
    const std::size_t row = out_.rows;
    const std::uint8_t kind = slot ? slot->kind : kind::null;
    column.kinds[row] = kind;
    if (column.needs & kNumber) column.numbers[row] = slot ? slot->number : 0;
    if (column.needs & kPresent) column.present[row] = slot != nullptr;
    if (!(column.needs & (kText | kHash | kCode | kTime))) return;
    const Byte *text = kind >= kind::integer ? slot->begin : block_;
    auto size = static_cast<std::uint32_t>(kind >= kind::integer ? slot->end - slot->begin : 0);
    std::uint32_t start = static_cast<std::uint32_t>(text - block_);
    if (kind == kind::text && slot->escaped) {
      Byte *const room = out_.arena.grow(size);
      size = static_cast<std::uint32_t>(json::unescape(slot->begin, slot->end, room) - room);
      start = static_cast<std::uint32_t>(out_.arena.size()) | kInArena;
      out_.arena.advance(size);
      text = room;
    }
    if (column.needs & kText) column.starts[row] = start, column.lengths[row] = size;
    if (column.needs & kHash) column.hashes[row] = hash(kind, text, size);
    if (column.needs & kCode) column.codes[row] = column.dictionary.code(kind, text, size);
    if (column.needs & kTime) time(column, row, kind, slot ? slot->number : 0, text, size);
  }

 private:
  static std::uint64_t hash(std::uint8_t kind, const Byte *text, std::uint32_t size) {
    if (kind == kind::text) return xxhash64(text, size);
    if (kind == kind::null) return 0;
    if (kind == kind::yes) return xxhash64("\xFFtrue", 5);
    if (kind == kind::no) return xxhash64("\xFF" "false", 6);
    Byte spelling[128];
    std::vector<Byte> longer;
    Byte *bytes = spelling;
    const std::size_t total = std::size_t{size} + 1;
    if (total > sizeof spelling) {
      longer.resize(total);
      bytes = longer.data();
    }
    bytes[0] = 0xFF;
    std::memcpy(bytes + 1, text, size);
    return xxhash64(bytes, total);
  }

  void time(FieldColumn &column, std::size_t row, std::uint8_t kind, std::int64_t number, const Byte *text,
            std::uint32_t size) const {
    Time time{TimeKind::unreadable, 0};
    if (kind == kind::null) {
      time.kind = TimeKind::missing;
    } else if (kind == kind::text) {
      if (pattern_) time = pattern_->parse(text, text + size);
      if (time.kind == TimeKind::unreadable) time = time_from_text(text, text + size, unit_);
    } else if (kind == kind::integer) {
      time = time_from_integer(number, unit_);
    } else if (kind == kind::real) {
      json::Decimal decimal;
      Failure failure;
      json::read_decimal(text, decimal, failure);
      time = time_from_decimal(decimal, unit_);
    }
    column.times[row] = time.us;
    column.time_kinds[row] = static_cast<std::uint8_t>(time.kind);
  }

  const Byte *block_;
  TimeUnit unit_;
  const TimePattern *pattern_;
  Decoded &out_;
};

std::uint32_t characters(const Byte *begin, const Byte *end) {
  std::uint32_t n = 0;
  for (; begin < end; ++begin) n += (*begin & 0xC0) != 0x80;
  return n;
}

}  // namespace

void Decoder::decode(std::span<Byte> buffer, std::size_t begin, Decoded &out) const {
  if (buffer.size() < begin + kPadding) throw std::invalid_argument("block: less than 64 bytes of padding");
  if (buffer.size() >= kInArena) throw std::invalid_argument("block: 2 GiB or more");
  const Byte *const block = buffer.data();
  const Byte *p = block + begin;
  Byte *const end = buffer.data() + buffer.size() - kPadding;
  *end = '\n';
  out.columns.resize(specs_.size());
  for (std::size_t f = 0; f < specs_.size(); ++f) out.columns[f].needs = specs_[f].needs;
  std::size_t capacity = 0;
  LineParser parser(*this);
  RowWriter writer(block, unit_, has_pattern_ ? &pattern_ : nullptr, out);
  while (p < end) {
    const Byte *const line = p;
    p = json::skip_space(p);
    ++out.lines;
    if (*p == '\n') {
      ++out.blank;
      ++p;
      continue;
    }
    const Byte *newline = parser.line(p);
    if (!newline) {
      const Byte *const where = parser.failure.where;
      newline = static_cast<const Byte *>(std::memchr(line, '\n', static_cast<std::size_t>(end + 1 - line)));
      const Byte *const next = std::min<const Byte *>(newline + 1, end);
      out.bad.push_back({static_cast<std::uint32_t>(out.lines - 1), characters(line, std::min(where, newline)) + 1,
                         static_cast<std::uint32_t>(line - block), static_cast<std::uint32_t>(next - block),
                         parser.failure.fault});
      p = newline + 1;
      continue;
    }
    if (out.rows == capacity) {
      capacity = capacity ? capacity * 2 : (buffer.size() - begin) / 256 + 64;
      for (FieldColumn &column : out.columns) column.reserve(capacity);
      out.row_begins.reserve(capacity);
      out.row_ends.reserve(capacity);
    }
    for (std::size_t f = 0; f < choices_.size(); ++f) writer.cell(out.columns[f], parser.slot(choices_[f]));
    out.row_begins[out.rows] = static_cast<std::uint32_t>(line - block);
    out.row_ends[out.rows] = static_cast<std::uint32_t>(std::min<const Byte *>(newline + 1, end) - block);
    ++out.rows;
    p = newline + 1;
  }
}

std::vector<std::string> Decoder::names(std::span<Byte> buffer, std::size_t begin) const {
  if (buffer.size() < begin + kPadding) throw std::invalid_argument("block: less than 64 bytes of padding");
  Byte *const end = buffer.data() + buffer.size() - kPadding;
  *end = '\n';
  std::vector<std::string> found;
  LineParser parser(*this);
  parser.names = &found;
  for (const Byte *p = buffer.data() + begin; p < end;) {
    found.clear();
    if (parser.line(json::skip_space(p))) break;
    p = static_cast<const Byte *>(std::memchr(p, '\n', static_cast<std::size_t>(end + 1 - p))) + 1;
    found.clear();
  }
  return found;
}

}  // namespace streamstat
