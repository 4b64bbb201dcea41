#include "profiles/field_tree.hpp"

#include "events/number.hpp"
#include "json/json_text.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace streamstat {

namespace {

constexpr unsigned kDeepest = 32;         // objects further in are values
constexpr std::size_t kMostExpected = 256;  // names of one object

const Byte *found(const Byte *p) {
  if (!p) throw std::invalid_argument("written: an event that is no JSON object");
  return p;
}

// p at a value; returns the first byte behind it.
const Byte *skipped(const Byte *p) {
  Failure failure;
  if (*p == '{' || *p == '[') return found(json::skip_container<json::AnyLayout>(p, 1, failure));
  return found(json::skip_scalar(p, failure));
}

ProfileCell number_cell(const Byte *p, const Byte *&end) {
  ProfileCell cell{p, 0, 0, kind::huge, false};
  Decimal decimal;
  Failure failure;
  end = found(read_decimal(p, decimal, failure));
  double value;
  if (to_int64(decimal, cell.number)) {
    cell.kind = kind::integer;
  } else if (to_double(decimal, p, end, value)) {
    cell.kind = kind::real;
    std::memcpy(&cell.number, &value, sizeof value);
  }
  return cell;
}

}  // namespace

void FieldTree::walk(const Byte *p) {
  ++row_;
  p = json::AnyLayout::skip(p);
  if (*p != '{') throw std::invalid_argument("written: an event that is no JSON object");
  object(p, root_, 0);
}

const Byte *FieldTree::object(const Byte *p, Node &node, unsigned depth) {
  const auto &expected = node.expected;
  std::size_t next = 0;
  for (;;) {
    p = json::AnyLayout::skip(p + 1);
    if (*p == '}') return p + 1;
    Node *held = nullptr;
    if (next < node.expected.size() && !std::memcmp(p, expected[next].first.data(), expected[next].first.size())) {
      p += expected[next].first.size();
      held = expected[next++].second;
    } else {
      const Byte *const begin = p;
      bool escaped = false;
      Failure failure;
      p = found(json::scan_string(p + 1, escaped, failure)) + 1;
      held = member(begin, p, node);
      const auto same = [&](const auto &each) { return each.second == held; };
      const auto at = std::find_if(expected.begin() + static_cast<std::ptrdiff_t>(next), expected.end(), same);
      if (at != expected.end()) next = static_cast<std::size_t>(at - expected.begin()) + 1;
    }
    p = json::AnyLayout::skip(json::AnyLayout::skip(p) + 1);
    if (!held) ++left_out_;
    p = json::AnyLayout::skip(held ? value(p, *held, depth) : skipped(p));
    if (*p == '}') return p + 1;
  }
}

const Byte *FieldTree::value(const Byte *p, Node &node, unsigned depth) {
  if (node.row == row_) forget(node);
  node.row = row_;
  if (*p == '{' && depth < kDeepest && *json::AnyLayout::skip(p + 1) != '}') return object(p, node, depth + 1);
  ProfileCell cell{p, 0, 0, kind::json, false};
  const Byte *end = nullptr;
  switch (*p) {
    case '"': {
      Failure failure;
      end = found(json::scan_string(++cell.begin, cell.escaped, failure));
      cell.kind = kind::text;
      break;
    }
    case '{': case '[': end = skipped(p); break;
    case 't': cell.kind = kind::yes, end = p + 4; break;
    case 'f': cell.kind = kind::no, end = p + 5; break;
    case 'n': cell.kind = kind::null, end = p + 4; break;
    default: cell = number_cell(p, end);
  }
  cell.size = static_cast<std::uint32_t>(end - cell.begin);
  node.cells.push_back(cell);
  node.cell_row = row_;
  return end + (cell.kind == kind::text);
}

// Null: there are too many names by now.
FieldTree::Node *FieldTree::member(const Byte *begin, const Byte *end, Node &node) {
  const std::string spelling(reinterpret_cast<const char *>(begin), static_cast<std::size_t>(end - begin));
  if (const auto known = node.by_spelling.find(spelling); known != node.by_spelling.end()) return known->second;
  std::string name(spelling, 1, spelling.size() - 2);
  auto *const bytes = reinterpret_cast<Byte *>(name.data());
  name.resize(static_cast<std::size_t>(json::unescape(bytes, bytes + name.size(), bytes) - bytes));
  auto known = node.members.find(name);
  if (known == node.members.end()) {
    if (nodes_.size() > most_) return nullptr;
    known = node.members.emplace(name, std::make_unique<Node>()).first;
    known->second->path = &node == &root_ ? name : node.path + '.' + name;
    nodes_.push_back(known->second.get());
  }
  Node *const held = known->second.get();
  if (node.by_spelling.size() < 2 * most_) node.by_spelling.emplace(spelling, held);
  if (spelling.size() <= kPadding && node.expected.size() < kMostExpected) node.expected.emplace_back(spelling, held);
  return held;
}

// Of equal names the last one counts: what the row had under this one is void.
void FieldTree::forget(Node &node) {
  if (node.row != row_) return;
  node.row = 0;
  if (node.cell_row == row_) {
    node.cells.pop_back();
    node.cell_row = 0;
  }
  for (const auto &each : node.members) forget(*each.second);
}

}  // namespace streamstat
