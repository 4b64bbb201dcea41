// One object, walked once: strictly validated, the values of projected paths captured. The layout is that of json_scan.hpp.
#pragma once

#include "base/kinds.hpp"
#include "events/typed.hpp"
#include "json/json_text.hpp"
#include "json/shape.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

namespace streamstat {

template <typename Layout>
class ObjectParser {
 public:
  explicit ObjectParser(const PathTree &tree)
      : tree_(tree),
        slots_(tree.slots()),
        taken_(tree.contests()),
        shapes_(tree.places()) {}

  // p at the first byte of a line that is not blank; returns the newline behind it, or null with `failure` set.
  const Byte *line(const Byte *p) {
    p = record(p);
    if (!p) return nullptr;
    p = skip_space(p);
    return *p == '\n' ? p : failure.set(Fault::trailing, p);
  }

  // p at the first byte of a record of any layout; returns the byte behind the object, or null with `failure` set. Then
  // `behind` is where the record ends, if it is a value, though no object; else it is null.
  const Byte *record(const Byte *p) {
    failure = {};
    behind = nullptr;
    for (Cell &slot : slots_) slot.present = false;
    if (*p != '{') return not_an_object(p);
    return object(p, tree_.root(), 1);
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

  // p at the opening brace; returns the first byte behind the closing one.
  const Byte *object(const Byte *p, const PathTree::Place &place, unsigned depth) {
    if (depth > json::kMaxDepth) return failure.set(Fault::too_deep, p);
    for (const int contest : place.contests) taken_[static_cast<std::size_t>(contest)] = 0;
    Shape &shape = shapes_[place.index];
    const Member *next = shape.data(), *end = next + (names ? 0 : shape.size());
    for (;;) {
      const PathTree::Edge *edge;
      if (const Member *const known = find_member(next, end, p)) {
        next = known + 1;
        edge = known->edge;
        p = skip_space(p + known->size);
      } else {
        const Byte *const begin = p;
        const bool first = *p == '{';
        p = skip_space(p + 1);
        if (first && *p == '}') return p + 1;
        p = member_name(p, place, edge);
        if (!p) return nullptr;
        const auto at = static_cast<std::size_t>(next - shape.data());
        const bool learnt = learn_member(shape, at, begin, p, edge);
        next = shape.data() + at + learnt;
        end = shape.data() + (names ? 0 : shape.size());
      }
      p = edge ? member(p, *edge, depth) : skipped(p, depth);
      if (!p) return nullptr;
      p = skip_space(p);
      if (*p == '}') return p + 1;
      if (*p != ',') return json::no_comma(p, failure);
    }
  }

  const Byte *member_name(const Byte *p, const PathTree::Place &place, const PathTree::Edge *&edge) {
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
    if (names && &place == &tree_.root()) names->push_back(key);
    edge = nullptr;
    for (const auto &each : place.edges)
      if (each.key == key) edge = &each;
    p = skip_space(end + 1);
    if (*p != ':') return failure.set(Fault::expected_colon, p);
    return skip_space(p + 1);
  }

  // A value whose name is that of an edge.
  const Byte *member(const Byte *p, const PathTree::Edge &edge, unsigned depth) {
    if (edge.is_plain) return captured(p, *edge.place, depth);
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
    return wins ? value(p, *edge.place, depth) : outdone(p, edge, length, depth);
  }

  // A longer name was there for some fields: they stay as they are.
  const Byte *outdone(const Byte *p, const PathTree::Edge &edge, std::uint32_t length, unsigned depth) {
    const std::size_t mark = kept_.size();
    for (const auto &[slot, contest] : edge.rivals)
      if (taken_[static_cast<std::size_t>(contest)] > length) kept_.emplace_back(slot, slots_[static_cast<std::size_t>(slot)]);
    p = value(p, *edge.place, depth);
    for (; kept_.size() > mark; kept_.pop_back()) slots_[static_cast<std::size_t>(kept_.back().first)] = kept_.back().second;
    return p;
  }

  const Byte *value(const Byte *p, const PathTree::Place &place, unsigned depth) {
    const Byte *const end = captured(p, place, depth);
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
          end = value(at, *step.place, depth);
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

  const Byte *captured(const Byte *p, const PathTree::Place &place, unsigned depth) {
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
        return p + 1;
      }
      case '{':
        p = place.edges.empty() ? json::skip_container<Layout>(p, depth + 1, failure) : object(p, place, depth + 1);
        slot.kind = kind::json;
        if constexpr (std::is_same_v<Layout, json::AnyLayout>) slot.unescape = json::compact;
        break;
      case '[':
        p = place.steps.empty() ? json::skip_container<Layout>(p, depth + 1, failure) : array(p, place, depth + 1);
        slot.kind = kind::json;
        if constexpr (std::is_same_v<Layout, json::AnyLayout>) slot.unescape = json::compact;
        break;
      case 't': slot.kind = kind::yes; return slot.end = json::skip_word(p, failure);
      case 'f': slot.kind = kind::no; return slot.end = json::skip_word(p, failure);
      case 'n': slot.kind = kind::null; return slot.end = json::skip_word(p, failure);
      default: return slot.end = number(p, slot);
    }
    return slot.end = p;
  }

  const Byte *number(const Byte *p, Cell &slot) {
    if (*p != '-' && !is_digit(*p)) return failure.set(Fault::expected_value, p);
    Decimal decimal;
    const Byte *const end = read_decimal(p, decimal, failure);
    if (!end) return nullptr;
    double value;
    if (to_int64(decimal, slot.number)) {
      slot.kind = kind::integer;
    } else if (to_double(decimal, p, end, value)) {
      slot.kind = kind::real;
      std::memcpy(&slot.number, &value, sizeof value);
    } else {
      slot.kind = kind::huge;
    }
    return end;
  }

  const PathTree &tree_;
  std::vector<Cell> slots_;
  std::vector<std::uint32_t> taken_;  // of each contest: the length of the longest name so far, and one more; 0: none
  std::vector<std::pair<int, Cell>> kept_;  // slots that what is walked now is not for, as they were
  std::vector<Shape> shapes_;  // of the object at each place
};

using LineParser = ObjectParser<json::OneLine>;

}  // namespace streamstat
