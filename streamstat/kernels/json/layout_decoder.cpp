#include "json/layout_decoder.hpp"

#include "events/block_writer.hpp"
#include "json/line_parser.hpp"

namespace streamstat {

namespace {

// Puts bad records at their places, and counts lines.
class Places {
 public:
  Places(const Byte *block, const Byte *begin, std::int64_t column, Decoded &out)
      : block_(block), at_(begin), column_(column), out_(out) {}

  // Returns the column of p, which is no smaller than before.
  std::int64_t move(const Byte *p) {
    column_ = json::column_at(at_, column_, p);
    out_.lines += static_cast<std::size_t>(std::count(at_, p, '\n'));
    at_ = p;
    return column_;
  }

  // A record [begin, next) at the place that was moved to last.
  void bad(const Byte *begin, const Byte *next, Fault fault) {
    const auto offset = [&](const Byte *p) { return static_cast<std::uint32_t>(p - block_); };
    out_.bad.push_back({static_cast<std::uint32_t>(out_.lines), static_cast<std::uint32_t>(column_ + 1), offset(begin),
                        offset(next), offset(begin), fault});
    ++out_.records;
  }

 private:
  const Byte *block_, *at_;
  std::int64_t column_;
  Decoded &out_;
};

// What is wrong with a record [p, next), and where.
Failure shown(Failure failure, const Byte *p, const Byte *next) {
  if (failure.where >= next) return {Fault::no_end, p};
  if (failure.fault == Fault::unterminated) failure.fault = Fault::control_character;
  return failure;
}

}  // namespace

void LayoutDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  block[block.size() - kPadding] = json::kEnd;
  Places places(block.data(), writer.begin(), standing_.column, out);
  if (!notes_values(specs_)) {
    records(writer, places, ObjectParser<json::AnyLayout>(tree_));
  } else {
    FieldNotes notes(block);
    records(writer, places, ObjectParser<json::AnyLayout, true>(tree_, &notes));
    notes.give(out);
  }
  places.move(writer.end());
}

template <typename Places, typename Parser>
void LayoutDecoder::records(BlockWriter &writer, Places &places, Parser parser) const {
  const bool are_inside = Inside::of(specs_) != nullptr;  // events, each with its place
  const Byte *p = writer.begin(), *const end = writer.end(), *resume;
  bool inside = standing_.inside;
  if (standing_.seeking >= 0) {
    p = json::next_line(p, end, standing_.seeking, resume);
    if (!p) p = end;
  }
  while ((p = json::skip_separators(p, inside)) < end) {
    if (*p == 0) {
      p = writer.hole(p);
      continue;
    }
    const Byte *next = parser.record(p);
    if (next) {
      if (are_inside) places.move(p);
      writer.row(p, next, parser.cells(), 0);
    } else {
      const std::int64_t column = places.move(p);
      next = parser.behind ? parser.behind : json::next_line(p, end, column, resume);
      if (!next) next = end;
      const Failure failure = shown(parser.failure, p, next);
      places.move(failure.where);
      places.bad(p, next, failure.fault);
    }
    p = next;
  }
}

std::vector<std::string> LayoutDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  block[block.size() - kPadding] = json::kEnd;
  std::vector<std::string> found;
  ObjectParser<json::AnyLayout> parser(tree_);
  parser.names = &found;
  bool inside = false;
  const Byte *resume;
  for (const Byte *p = writer.begin(); p && (p = json::skip_separators(BlockWriter::skip_nuls(p), inside)) < writer.end();) {
    if (parser.record(p)) break;
    found.clear();
    p = parser.behind ? parser.behind : json::next_line(p, writer.end(), json::column_at(writer.begin(), 0, p), resume);
  }
  return found;
}

}  // namespace streamstat
