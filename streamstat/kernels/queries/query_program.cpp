#include "queries/query_program.hpp"

namespace streamstat {

namespace {

constexpr unsigned kMaxDepth = 256;

}  // namespace

QueryNode QueryPrograms::add(ByteSpan bytes) {
  Reader reader(bytes);
  const QueryNode node = read(reader, 0);
  reader.require_end();
  return node;
}

QueryNode QueryPrograms::read(Reader &reader, unsigned depth) {
  Reader::require(depth < kMaxDepth);
  const auto op = reader.read<std::uint8_t>();
  if (op == '?') return {QueryNode::Type::unknown};
  if (QueryAtom::is_op(op)) return {QueryNode::Type::atom, atom(op, reader), 0};
  Reader::require(op == 'a' || op == 'o' || op == 'n');
  const std::size_t count = op == 'n' ? 1 : reader.read<std::uint16_t>();
  Reader::require(count);
  std::vector<QueryNode> below;
  for (std::size_t i = 0; i < count; ++i) below.push_back(read(reader, depth + 1));
  const auto first = static_cast<std::uint32_t>(nodes_.size());
  nodes_.insert(nodes_.end(), below.begin(), below.end());
  using enum QueryNode::Type;
  return {op == 'a' ? every : op == 'o' ? some : negation, first, static_cast<std::uint32_t>(count)};
}

QueryNode QueryPrograms::moved(const QueryNode &node, std::vector<QueryNode> &nodes) const {
  if (!node.count) return node;
  const auto first = static_cast<std::uint32_t>(nodes.size());
  nodes.resize(nodes.size() + node.count);
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const QueryNode part = moved(nodes_[node.first + i], nodes);  // which may move all nodes
    nodes[first + i] = part;
  }
  return {node.type, first, node.count};
}

std::uint32_t QueryPrograms::atom(std::uint8_t op, Reader &reader) {
  const std::uint8_t *const begin = reader.rest().data() - 1;
  QueryAtom atom = QueryAtom::read(op, reader, fields_);
  const std::string_view spelt(reinterpret_cast<const char *>(begin), static_cast<std::size_t>(reader.rest().data() - begin));
  const auto [place, is_new] = known_.try_emplace(spelt, static_cast<std::uint32_t>(atoms_.size()));
  if (is_new) atoms_.push_back(std::move(atom));
  return place->second;
}

Truth RowAnswers::of_atom(std::uint32_t atom, const QueryBlock &block, std::size_t row, RowWords &words) {
  Known &known = known_[atom];
  if (known.row != row_) known = {row_, programs_->atoms()[atom].answer(block, row, words)};
  return known.truth;
}

Truth RowAnswers::of(const QueryNode &node, const QueryBlock &block, std::size_t row, RowWords &words) {
  switch (node.type) {
    case QueryNode::Type::atom: return of_atom(node.first, block, row, words);
    case QueryNode::Type::unknown: return Truth::maybe;
    case QueryNode::Type::negation: {
      const Truth inner = of(programs_->node(node.first), block, row, words);
      return inner == Truth::yes ? Truth::no : inner == Truth::no ? Truth::yes : inner;
    }
    default: break;
  }
  const Truth deciding = node.type == QueryNode::Type::every ? Truth::no : Truth::yes;
  Truth result = deciding == Truth::no ? Truth::yes : Truth::no;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const QueryNode &part = programs_->node(node.first + i);
    const bool is_atom = part.type == QueryNode::Type::atom;  // most are
    const Truth truth = is_atom ? of_atom(part.first, block, row, words) : of(part, block, row, words);
    if (truth == deciding) return deciding;
    // What is not known outdoes null, as it may yet decide.
    if (truth == Truth::maybe || (truth == Truth::null && result != Truth::maybe)) result = truth;
  }
  return result;
}

}  // namespace streamstat
