// All fields of objects by their paths, and their values, noted as objects are walked. See line_parser.hpp.
#pragma once

#include "events/noted.hpp"
#include "events/value_hash.hpp"
#include "json/json_text.hpp"
#include "json/path_tree.hpp"
#include "json/shape.hpp"

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace streamstat {

class FieldNotes {
 public:
  static constexpr unsigned kDeepest = 32;        // objects further in are values
  static constexpr std::size_t kMostNames = 4096;  // more need too much memory to be noted together

  // A name at its place, the values found there, and the names in it, if it ever held an object.
  struct Node {
    std::string path;
    const PathTree::Edge *edge = nullptr;  // null: no path leads here
    std::vector<NotedValue> values;
    std::uint32_t row = 0, noted = 0;  // the last one that had it, and the one of its last value, from 1
    Shape<Node> shape;
    std::unordered_map<std::string, std::unique_ptr<Node>> members;
  };

  // Values lie in `bytes`, 64 of which are readable behind each.
  explicit FieldNotes(std::span<const Byte> bytes) : bytes_(bytes) {}

  Node &root() { return root_; }
  void begin_row() { ++row_; }

  // The row that was begun is none.
  void discard_row();

  // Whether there are too many names by now. Then no more rows are begun.
  bool is_full() const { return names_ > kMostNames; }

  // The one under a name in an object at a place of the tree.
  Node &member(Node &node, const PathTree::Place &place, const std::string &name);

  // The row has the name. Of equal names the last one counts: what it had under this one is void.
  void meet(Node &node) {
    if (node.row == row_) [[unlikely]] forget(node);
    node.row = row_;
  }

  void note(Node &node, const Cell &cell);

  // All that was noted, once, fields in the order of their first values. Where names and paths read alike, the longest
  // names count, as for any path.
  std::vector<NotedField> taken();
  // To a block, unless there was too much.
  void give(Decoded &out);

 private:
  void forget(Node &node);
  void grow(Node &node, std::size_t begin);
  void gather(Node &node, std::vector<NotedField> &found, std::unordered_map<std::string_view, std::size_t> &places);

  std::span<const Byte> bytes_;
  Node root_;
  std::uint32_t row_ = 0;
  std::size_t names_ = 0;
  std::vector<Byte> room_;  // for a value that is not what is spelt
};

inline void FieldNotes::note(Node &node, const Cell &cell) {
  const Byte *text = cell.begin;
  auto size = static_cast<std::uint32_t>(cell.end - cell.begin);
  const auto begin = static_cast<std::uint32_t>(cell.begin - bytes_.data()), spelt = size;
  std::uint8_t kind = cell.kind;
  const bool is_escaped = cell.unescape || kind == kind::json;
  if (is_escaped) [[unlikely]] {
    room_.resize(std::size_t{size} + kPadding);
    size = static_cast<std::uint32_t>(json::meant(kind == kind::text, text, cell.end, room_.data()) - room_.data());
    text = room_.data();
  }
  const std::uint64_t hash = value_hash(kind, text, size);
  if (kind == kind::json && *cell.begin == '{') kind = kObjectKind;
  const std::int64_t number = kind == kind::text ? beginning_of(text, size) : cell.number;
  if (node.values.size() == node.values.capacity()) grow(node, begin);
  node.values.push_back({hash, number, begin, spelt, row_ - 1, kind, is_escaped});
  node.noted = row_;
}

// Whether a decoder of such fields notes values: not those of events that are made of parts of records.
inline bool notes_values(std::span<const FieldSpec> fields) {
  return wants(fields, kNotes) && !wants(fields, kUnwrap) && !wants(fields, kEach);
}

}  // namespace streamstat
