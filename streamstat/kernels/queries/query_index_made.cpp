// How an index is made of programs; query_index.cpp is how events are held against it.
#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>

#include "queries/lookups.hpp"
#include "queries/query_index.hpp"

namespace streamstat {

namespace {

QueryPrograms read_programs(const TextColumn &texts, std::size_t fields, std::vector<QueryNode> &roots) {
  QueryPrograms programs(fields);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = texts[i];
    try {
      roots.push_back(programs.add({reinterpret_cast<const std::uint8_t *>(text.data()), text.size()}));
    } catch (const std::invalid_argument &error) {
      throw std::invalid_argument("query " + std::to_string(i) + ": " + error.what());
    }
  }
  programs.end_adding();
  return programs;
}

}  // namespace

QueryIndex::QueryIndex(const TextColumn &programs, std::size_t fields)
    : programs_(read_programs(programs, fields, roots_)),
      uses_(fields),
      found_(programs_.atoms().size()),
      considered_(roots_.size()),
      answers_(programs_),
      words_(fields),
      found_in_(programs_.atoms().size()),
      considered_in_(roots_.size()) {
  std::vector<Choice> choices;
  for (const QueryNode &root : roots_) {
    auto &atoms = choices.emplace_back(chosen(root)).atoms;
    std::sort(atoms.begin(), atoms.end());
    atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  }
  post(place(choices));
  lie_together();
  make_table();
}

// Gives the atoms that are looked up.
std::vector<std::uint32_t> QueryIndex::place(const std::vector<Choice> &choices) {
  const std::size_t atoms = programs_.atoms().size();
  first_of_atom_.assign(atoms + 1, 0);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].atoms.empty()) always_.push_back(static_cast<std::int32_t>(i));
    for (const std::uint32_t atom : choices[i].atoms) ++first_of_atom_[atom + 1];
  }
  std::vector<std::uint32_t> looked_up;
  for (std::uint32_t atom = 0; atom < atoms; ++atom) {
    if (first_of_atom_[atom + 1]) looked_up.push_back(atom);
    first_of_atom_[atom + 1] += first_of_atom_[atom];
  }
  candidates_.resize(first_of_atom_[atoms]);
  std::vector<std::uint32_t> next(first_of_atom_.begin(), first_of_atom_.end() - 1);
  for (std::uint32_t i = 0; i < choices.size(); ++i)
    for (const std::uint32_t atom : choices[i].atoms) candidates_[next[atom]++] = {{}, i, choices[i].atoms.size() > 1};
  return looked_up;
}

void QueryIndex::lie_together() {
  std::vector<QueryNode> nodes;
  std::vector<bool> is_moved(roots_.size());
  const auto moved = [&](std::uint32_t query) -> const QueryNode & {
    if (!is_moved[query]) roots_[query] = programs_.moved(roots_[query], nodes);
    is_moved[query] = true;
    return roots_[query];
  };
  for (std::uint32_t atom = 0; atom + 1 < first_of_atom_.size(); ++atom)
    for (std::uint32_t i = first_of_atom_[atom]; i < first_of_atom_[atom + 1]; ++i) {
      Candidate &each = candidates_[i];
      each.root = each.is_shared ? moved(each.query) : without(roots_[each.query], atom, nodes);
    }
  for (const std::int32_t each : always_) moved(static_cast<std::uint32_t>(each));
  programs_.replace(std::move(nodes));
}

// An atom that is known to hold decides nothing more among parts that must all hold.
QueryNode QueryIndex::without(const QueryNode &root, std::uint32_t atom, std::vector<QueryNode> &nodes) const {
  const auto is_it = [&](const QueryNode &node) { return node.type == QueryNode::Type::atom && node.first == atom; };
  if (root.type != QueryNode::Type::every) return programs_.moved(root, nodes);
  std::vector<QueryNode> kept;
  for (std::uint32_t i = 0; i < root.count; ++i)
    if (!is_it(programs_.node(root.first + i))) kept.push_back(programs_.node(root.first + i));
  const auto first = static_cast<std::uint32_t>(nodes.size());
  const auto count = static_cast<std::uint32_t>(kept.size());
  nodes.resize(first + count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const QueryNode part = programs_.moved(kept[i], nodes);
    nodes[first + i] = part;
  }
  return {QueryNode::Type::every, first, count};
}

QueryIndex::Choice QueryIndex::chosen(const QueryNode &node) const {
  Choice best;
  switch (node.type) {
    case QueryNode::Type::atom:
      if (const double bits = programs_.atoms()[node.first].rareness(); bits > 0) return {bits, {node.first}};
      return best;
    case QueryNode::Type::every:
      for (std::uint32_t i = 0; i < node.count; ++i)
        if (Choice part = chosen(programs_.node(node.first + i)); part.bits > best.bits) best = std::move(part);
      return best;
    case QueryNode::Type::some: {
      best.bits = HUGE_VAL;
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const Choice part = chosen(programs_.node(node.first + i));
        if (part.atoms.empty()) return {};
        best.bits = std::min(best.bits, part.bits);
        best.atoms.insert(best.atoms.end(), part.atoms.begin(), part.atoms.end());
      }
      best.bits = std::max(best.bits - std::log2(static_cast<double>(node.count)), 0.5);
      return best;
    }
    default: return best;
  }
}

void QueryIndex::post(const std::vector<std::uint32_t> &atoms) {
  std::vector<std::uint64_t> words;  // of all phrases, to find the rarest of each
  for (const std::uint32_t each : atoms) {
    const Phrase &phrase = programs_.atoms()[each].phrase;
    for (std::size_t i = 0; i < phrase.size(); ++i) words.push_back(phrase.hash(i));
  }
  std::sort(words.begin(), words.end());
  for (const std::uint32_t each : atoms) {
    const QueryAtom &atom = programs_.atoms()[each];
    if (atom.phrase.size()) {
      post_phrase(each, words);
    } else if (atom.op == QueryAtom::Op::begins) {
      auto &lengths = uses_[atom.field].lengths;
      const auto place = std::lower_bound(lengths.begin(), lengths.end(), atom.text.size());
      if (place == lengths.end() || *place != atom.text.size()) lengths.insert(place, atom.text.size());
      postings_.push_back({salted(hash_text(atom.text), salt_of(Lookup::beginning, atom.field)), each});
    } else {
      uses_[atom.field].values = true;
      for (const QueryLiteral &literal : atom.literals) {
        const std::uint64_t hash = hash_value(literal.kind, literal.number, literal.text);
        postings_.push_back({salted(hash, salt_of(Lookup::value, atom.field)), each});
      }
    }
  }
}

void QueryIndex::post_phrase(std::uint32_t atom, const std::vector<std::uint64_t> &common) {
  const QueryAtom &asked = programs_.atoms()[atom];
  std::size_t rarest = 0;
  std::ptrdiff_t least = -1;
  for (std::size_t i = 0; i < asked.phrase.size(); ++i) {
    const auto [lo, hi] = std::equal_range(common.begin(), common.end(), asked.phrase.hash(i));
    if (least >= 0 && hi - lo >= least) continue;
    least = hi - lo;
    rarest = i;
  }
  const bool everywhere = asked.op == QueryAtom::Op::anywhere;
  if (everywhere) looks_anywhere_ = true;
  else uses_[asked.field].words = true;
  const std::uint64_t salt = everywhere ? salt_of(Lookup::anywhere, 0) : salt_of(Lookup::word, asked.field);
  Posting posting{salted(asked.phrase.hash(rarest), salt), atom, static_cast<std::uint32_t>(rarest)};
  if (asked.phrase.size() > 1) {
    posting.step = rarest + 1 < asked.phrase.size() ? 1 : -1;
    posting.beside = static_cast<std::uint32_t>(asked.phrase.hash(rarest + static_cast<std::size_t>(posting.step)));
  }
  postings_.push_back(posting);
}

void QueryIndex::make_table() {
  const auto before = [](const Posting &a, const Posting &b) { return a.key != b.key ? a.key < b.key : a.atom < b.atom; };
  std::sort(postings_.begin(), postings_.end(), before);
  filter_.assign(std::bit_ceil(postings_.size() / 4 + 1), 0);
  table_.assign(std::bit_ceil(postings_.size() * 2 + 2), 0);
  for (std::size_t i = 0; i < postings_.size(); ++i) {
    if (i && postings_[i].key == postings_[i - 1].key) continue;
    const std::uint64_t bit = postings_[i].key >> 40 & (filter_.size() * 64 - 1);
    filter_[bit / 64] |= std::uint64_t{1} << bit % 64;
    std::size_t place = postings_[i].key & (table_.size() - 1);
    while (table_[place]) place = (place + 1) & (table_.size() - 1);
    table_[place] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace streamstat
