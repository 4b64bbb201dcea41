#include "json/json_decoder.hpp"

#include "json/line_parser.hpp"

namespace streamstat {

JsonDecoder::JsonDecoder(std::vector<FieldSpec> fields, TimeReader times)
    : specs_(std::move(fields)), tree_(specs_), times_(std::move(times)) {}

void JsonDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  if (!notes_values(specs_)) return lines(writer, LineParser(tree_));
  FieldNotes notes(block);
  lines(writer, ObjectParser<json::OneLine, true>(tree_, &notes));
  notes.give(out);
}

template <typename Parser>
void JsonDecoder::lines(BlockWriter &writer, Parser parser) const {
  for (const Byte *p = writer.begin(); p < writer.end();) {
    const Byte *const line = p;
    p = skip_space(p);
    if (*p == '\n') {
      writer.blank();
      ++p;
      continue;
    }
    const Byte *newline = parser.line(p);
    if (newline) {
      writer.row(line, newline + 1, parser.cells());
    } else if (*line == 0) {  // asked for here, where it costs good lines nothing
      p = writer.hole(line);
      continue;
    } else {
      newline = static_cast<const Byte *>(std::memchr(line, '\n', static_cast<std::size_t>(writer.end() + 1 - line)));
      writer.bad(line, newline + 1, parser.failure);
    }
    p = newline + 1;
  }
}

std::vector<std::string> JsonDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  std::vector<std::string> found;
  LineParser parser(tree_);
  parser.names = &found;
  for (const Byte *p = writer.begin(); p < writer.end();) {
    found.clear();
    if (parser.line(skip_space(BlockWriter::skip_nuls(p)))) break;
    p = static_cast<const Byte *>(std::memchr(p, '\n', static_cast<std::size_t>(writer.end() + 1 - p))) + 1;
    found.clear();
  }
  return found;
}

}  // namespace streamstat
