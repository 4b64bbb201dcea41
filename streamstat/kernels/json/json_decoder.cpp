#include "json/json_decoder.hpp"

#include "events/block_writer.hpp"
#include "json/line_parser.hpp"

#include <stdexcept>

namespace streamstat {


JsonDecoder::JsonDecoder(std::vector<FieldSpec> fields, TimeReader times)
    : specs_(std::move(fields)), nodes_(1), times_(std::move(times)) {
  for (const FieldSpec &spec : specs_) add_path(spec);
}

int JsonDecoder::edge(int node, const std::string &key) {
  auto &edges = nodes_[static_cast<std::size_t>(node)].edges;
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (edges[i].key == key) return static_cast<int>(i);
  edges.emplace_back().key = key;
  return static_cast<int>(edges.size()) - 1;
}

void JsonDecoder::add_path(const FieldSpec &spec) {
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

void JsonDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  LineParser parser(*this);
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
      writer.row(line, newline + 1, [&](std::size_t field) { return parser.cell(choices_[field]); });
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
  LineParser parser(*this);
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
