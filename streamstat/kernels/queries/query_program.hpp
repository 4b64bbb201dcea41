// Conditions as trees over atoms, each atom once however many conditions have it, and what a tree gives for an event.
//
// A program is a node: 'a' or 'o', a count (uint16) and so many nodes; 'n' and a node; '?', what is not known here; or
// an atom: its letter, the order of a comparison (uint8), its field (uint32; not of 'y'), and a literal, a list or a text.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "queries/query_atom.hpp"

namespace streamstat {

struct QueryNode {
  enum class Type : std::uint8_t { atom, every, some, negation, unknown };

  Type type = Type::unknown;
  std::uint32_t first = 0;  // the atom, or the first of the nodes below
  std::uint32_t count = 0;  // of these
};

class QueryPrograms {
 public:
  explicit QueryPrograms(std::size_t fields) : fields_(fields) {}

  // Throws std::invalid_argument for what is no program. `bytes` are looked at until `end_adding`.
  QueryNode add(ByteSpan bytes);
  void end_adding() { known_.clear(); }
  // Moves what is below a node behind what was moved before, so that those lie together which are looked at together.
  QueryNode moved(const QueryNode &node, std::vector<QueryNode> &nodes) const;
  void replace(std::vector<QueryNode> &&nodes) { nodes_ = std::move(nodes); }

  std::size_t fields() const { return fields_; }
  const std::vector<QueryAtom> &atoms() const { return atoms_; }
  const QueryNode &node(std::size_t i) const { return nodes_[i]; }

 private:
  QueryNode read(Reader &reader, unsigned depth);
  std::uint32_t atom(std::uint8_t op, Reader &reader);

  std::size_t fields_;
  std::vector<QueryAtom> atoms_;
  std::vector<QueryNode> nodes_;
  std::unordered_map<std::string_view, std::uint32_t> known_;
};

// Answers of atoms for one row, each found once.
class RowAnswers {
 public:
  RowAnswers(const QueryPrograms &programs) : programs_(&programs), known_(programs.atoms().size()) {}

  void begin_row() {
    if (++row_ == 0) {  // after four billion rows
      known_.assign(known_.size(), {});
      row_ = 1;
    }
  }
  void put(std::uint32_t atom, Truth truth) { known_[atom] = {row_, truth}; }
  Truth of(const QueryNode &node, const QueryBlock &block, std::size_t row, RowWords &words);

 private:
  struct Known {
    std::uint32_t row = 0;
    Truth truth = Truth::null;
  };

  Truth of_atom(std::uint32_t atom, const QueryBlock &block, std::size_t row, RowWords &words);

  const QueryPrograms *programs_;
  std::vector<Known> known_;
  std::uint32_t row_ = 0;
};

}  // namespace streamstat
