// One object, walked once: strictly validated, the values of projected paths captured, and all values noted where that is
// asked for. The layout is that of json_scan.hpp.
#pragma once

#include "base/kinds.hpp"
#include "events/typed.hpp"
#include "json/field_notes.hpp"
#include "json/json_text.hpp"
#include "json/shape.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

namespace streamstat {

template <typename Layout, bool kNotes = false>
class ObjectParser {
  using Edge = const PathTree::Edge;
  using Node = FieldNotes::Node;

 public:
  // notes: where all values go until there are too many names; none if not kNotes.
  explicit ObjectParser(const PathTree &tree, FieldNotes *notes = nullptr)
      : tree_(tree),
        notes_(notes),
        slots_(tree.slots()),
        taken_(tree.contests()),
        shapes_(tree.places()) {}

  // p at the first byte of a line that is not blank; returns the newline behind it, or null with `failure` set.
  const Byte *line(const Byte *p) {
    p = record(p);
    if (!p) return nullptr;
    p = skip_space(p);
    if (*p == '\n') return p;
    if (kNotes && !notes_->is_full()) notes_->discard_row();
    return failure.set(Fault::trailing, p);
  }

  // p at the first byte of a record of any layout; returns the byte behind the object, or null with `failure` set. Then
  // `behind` is where the record ends, if it is a value, though no object; else it is null.
  const Byte *record(const Byte *p) {
    failure = {};
    behind = nullptr;
    for (Cell &slot : slots_) slot.present = false;
    if (*p != '{') return not_an_object(p);
    if (!kNotes || notes_->is_full()) return object(p, tree_.root(), 1, nullptr);
    notes_->begin_row();
    p = object(p, tree_.root(), 1, &notes_->root());
    if (!p) notes_->discard_row();
    return p;
  }

  // p at a value that is not wanted; returns the first byte behind it, or null with `failure` set.
  const Byte *skipped(const Byte *p, unsigned depth = 0) {
    if (*p == '"') {
      bool escaped;
      p = json::scan_string(p + 1, escaped, failure);
      return p ? p + 1 : nullptr;
    }
    if (*p == '{' || *p == '[') return json::skip_container<Layout>(p, depth + 1, failure);
    return json::skip_scalar(p, failure);
  }

  // The value of a field of the object that was read last, or null.
  const Cell *cell(std::size_t field) const {
    const Cell &found = slots_[tree_.slot_of(field)];
    return found.present ? &found : nullptr;
  }

  // The length of the name at the top level that was taken for a field, and one more; 0 if there is none.
  std::uint32_t taken(std::size_t field) const {
    const PathTree::Slot &slot = tree_.slot(tree_.slot_of(field));
    if (slot.contest >= 0) return taken_[static_cast<std::size_t>(slot.contest)];
    return cell(field) ? slot.length + 1 : 0;
  }

  std::span<Cell> slots() { return slots_; }

  // What a BlockWriter is given: the values of the fields, and the names that were taken for them.
  struct Cells {
    const ObjectParser &parser;
    const Cell *operator()(std::size_t field) const { return parser.cell(field); }
    std::uint32_t taken(std::size_t field) const { return parser.taken(field); }
  };
  Cells cells() const { return {*this}; }

  Failure failure;
  const Byte *behind = nullptr;
  std::vector<std::string> *names = nullptr;  // where to note the names of the top level, if anywhere

 private:
  static const Byte *skip_space(const Byte *p) { return Layout::skip(p); }

  const Byte *not_an_object(const Byte *p) {
    const Byte *const begin = p;
    if (*p == '[') p = json::skip_container<Layout>(p, 1, failure);
    else p = json::skip_scalar(p, failure);
    behind = p;
    return p ? failure.set(Fault::not_object, begin) : nullptr;
  }

  // p at the opening brace; returns the first byte behind the closing one. node: what is known of the object, if its
  // values are noted.
  const Byte *object(const Byte *p, const PathTree::Place &place, unsigned depth, Node *node) {
    if (depth > json::kMaxDepth) return failure.set(Fault::too_deep, p);
    for (const int contest : place.contests) taken_[static_cast<std::size_t>(contest)] = 0;
    if (kNotes && node)
      return json::walk_members<Layout>(
          p, node->shape, true, failure, [&](const std::string &key) { return &notes_->member(*node, place, key); },
          [&](const Byte *at, Node *held) { return noted(at, *held, depth); });
    return json::walk_members<Layout>(
        p, shapes_[place.index], !names, failure, [&](const std::string &key) { return edge_of(place, key); },
        [&](const Byte *at, Edge *edge) { return edge ? member(at, *edge, depth, nullptr) : skipped(at, depth); });
  }

  Edge *edge_of(const PathTree::Place &place, const std::string &key) {
    if (names && &place == &tree_.root()) names->push_back(key);
    return place.edge_of(key);
  }

  // A value whose name may be that of an edge.
  const Byte *noted(const Byte *p, Node &node, unsigned depth) {
    notes_->meet(node);
    return node.edge ? member(p, *node.edge, depth, &node) : captured(p, kNowhere, depth, &node);
  }

  // A value whose name is that of an edge.
  const Byte *member(const Byte *p, const PathTree::Edge &edge, unsigned depth, Node *node) {
    if (edge.is_plain) return captured(p, *edge.place, depth, node);
    // What the same name, or a shorter one, has led to before is void.
    bool wins = true;
    const auto length = static_cast<std::uint32_t>(edge.key.size()) + 1;
    for (const auto &[slot, contest] : edge.rivals) {
      std::uint32_t &taken = taken_[static_cast<std::size_t>(contest)];
      if (taken > length) {
        wins = false;
      } else {
        taken = length;
        slots_[static_cast<std::size_t>(slot)].present = false;
      }
    }
    return wins ? value(p, *edge.place, depth, node) : outdone(p, edge, length, depth, node);
  }

  // A longer name was there for some fields: they stay as they are.
  const Byte *outdone(const Byte *p, const PathTree::Edge &edge, std::uint32_t length, unsigned depth, Node *node) {
    const std::size_t mark = kept_.size();
    for (const auto &[slot, contest] : edge.rivals)
      if (taken_[static_cast<std::size_t>(contest)] > length) kept_.emplace_back(slot, slots_[static_cast<std::size_t>(slot)]);
    p = value(p, *edge.place, depth, node);
    for (; kept_.size() > mark; kept_.pop_back()) slots_[static_cast<std::size_t>(kept_.back().first)] = kept_.back().second;
    return p;
  }

  const Byte *value(const Byte *p, const PathTree::Place &place, unsigned depth, Node *node) {
    const Byte *const end = captured(p, place, depth, node);
    if (place.array >= 0 && end) note_array(p, end, place);
    return end;
  }

  // The value whose elements are looked for, and where the path goes on if it is an array on the way.
  void note_array(const Byte *begin, const Byte *end, const PathTree::Place &place) {
    if (place.rest && *begin != '[') return;
    const std::uint8_t kind = *begin == '[' ? kind::json : *begin == 'n' ? kind::null : kind::yes;
    slots_[static_cast<std::size_t>(place.array)] = {begin, end, place.rest, kind, true, nullptr};
  }

  // p at the bracket of an array of which elements are wanted; returns the first byte behind it.
  const Byte *array(const Byte *p, const PathTree::Place &place, unsigned depth) {
    if (depth > json::kMaxDepth) return failure.set(Fault::too_deep, p);
    std::int64_t size = 0;
    const auto skip = [&](const Byte *at, std::int64_t) { return skipped(at, depth); };
    if (place.from_end && !elements(p, size, skip)) return nullptr;
    std::int64_t counted = 0;
    return elements(p, counted, [&](const Byte *at, std::int64_t index) {
      const Byte *end = nullptr;
      for (const PathTree::Step &step : place.steps)
        if (step.index == (step.index < 0 ? index - size : index)) {
          end = value(at, *step.place, depth, nullptr);
          if (!end) return end;
        }
      return end ? end : skipped(at, depth);
    });
  }

  template <typename Element>
  const Byte *elements(const Byte *p, std::int64_t &index, Element element) {
    p = skip_space(p + 1);
    if (*p == ']') return p + 1;
    for (;; ++index) {
      p = element(p, index);
      if (!p) return nullptr;
      p = skip_space(p);
      if (*p == ']') return ++index, p + 1;
      if (*p != ',') return json::no_comma(p, failure);
      p = skip_space(p + 1);
    }
  }

  const Byte *captured(const Byte *p, const PathTree::Place &place, unsigned depth, Node *node) {
    Cell ignored;
    Cell &slot = place.slot >= 0 ? slots_[static_cast<std::size_t>(place.slot)] : ignored;
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
        if (kNotes && node) notes_->note(*node, slot);
        return p + 1;
      }
      case '{': {
        Node *const walked = kNotes && node && holds_fields(p, depth) ? std::exchange(node, nullptr) : nullptr;
        p = walked || !place.edges.empty() ? object(p, place, depth + 1, walked)
                                           : json::skip_container<Layout>(p, depth + 1, failure);
        slot.kind = kind::json;
        if constexpr (std::is_same_v<Layout, json::AnyLayout>) slot.unescape = json::compact;
        break;
      }
      case '[':
        p = place.steps.empty() ? json::skip_container<Layout>(p, depth + 1, failure) : array(p, place, depth + 1);
        slot.kind = kind::json;
        if constexpr (std::is_same_v<Layout, json::AnyLayout>) slot.unescape = json::compact;
        break;
      case 't': slot.kind = kind::yes, p = json::skip_word(p, failure); break;
      case 'f': slot.kind = kind::no, p = json::skip_word(p, failure); break;
      case 'n': slot.kind = kind::null, p = json::skip_word(p, failure); break;
      default: p = number(p, slot);
    }
    slot.end = p;
    if (kNotes && node && p) notes_->note(*node, slot);
    return p;
  }

  // Whether there are names in an object; those far inside are values as a whole.
  static bool holds_fields(const Byte *p, unsigned depth) {
    return depth <= FieldNotes::kDeepest && *skip_space(p + 1) != '}';
  }

  const Byte *number(const Byte *p, Cell &slot) {
    if (*p != '-' && !is_digit(*p)) return failure.set(Fault::expected_value, p);
    Decimal decimal;
    const Byte *const end = read_decimal(p, decimal, failure);
    if (end) set_number(decimal, p, end, slot);
    return end;
  }

  static inline const PathTree::Place kNowhere{};  // of names that no path has

  const PathTree &tree_;
  FieldNotes *notes_;
  std::vector<Cell> slots_;
  std::vector<std::uint32_t> taken_;  // of each contest: the length of the longest name so far, and one more; 0: none
  std::vector<std::pair<int, Cell>> kept_;  // slots that what is walked now is not for, as they were
  std::vector<Shape<Edge>> shapes_;  // of the object at each place
};

using LineParser = ObjectParser<json::OneLine>;

}  // namespace streamstat
