#include "json/decode.hpp"

#include "base/kinds.hpp"
#include "json/json_text.hpp"
#include "json/line_parser.hpp"

#include <algorithm>
#include <stdexcept>

namespace streamstat {

using json::Byte;
using json::Failure;

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

// The first byte that is no NUL: at the latest the newline that every block ends with.
const Byte *skip_nuls(const Byte *p) {
  while (*p == 0) ++p;
  return p;
}

// p at a NUL that begins a line; returns what stands behind the hole.
const Byte *skip_hole(const Byte *block, const Byte *p, Decoded &out) {
  const Byte *const begin = p;
  p = skip_nuls(p);
  if (out.holes++ == 0) out.first_hole = static_cast<std::size_t>(begin - block);
  out.nuls += static_cast<std::size_t>(p - begin);
  return p;
}

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
    if (!newline && *line == 0) {  // asked for here, where it costs good lines nothing
      p = skip_hole(block, line, out);
      --out.lines;
      continue;
    }
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
    if (parser.line(json::skip_space(skip_nuls(p)))) break;
    p = static_cast<const Byte *>(std::memchr(p, '\n', static_cast<std::size_t>(end + 1 - p))) + 1;
    found.clear();
  }
  return found;
}

}  // namespace streamstat
