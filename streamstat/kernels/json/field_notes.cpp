#include "json/field_notes.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace streamstat {

FieldNotes::Node &FieldNotes::member(Node &node, const PathTree::Place &place, const std::string &name) {
  std::unique_ptr<Node> &held = node.members[name];
  if (!held) {
    held = std::make_unique<Node>();
    ++names_;
    held->path = &node == &root_ ? name : node.path + '.' + name;
    held->edge = place.edge_of(name);
  }
  return *held;
}

// As if the rest of the bytes had as many values as those before `begin`.
void FieldNotes::grow(Node &node, std::size_t begin) {
  const auto n = static_cast<double>(node.values.size());
  const double expected = n * 1.03 * static_cast<double>(bytes_.size()) / static_cast<double>(begin + 1);
  node.values.reserve(static_cast<std::size_t>(n < 64 ? 2 * n + 2 : std::max(1.5 * n, expected)));
}

void FieldNotes::forget(Node &node) {
  if (node.row != row_) return;
  node.row = 0;
  if (node.noted == row_) {
    node.values.pop_back();
    node.noted = 0;
  }
  for (const auto &[name, member] : node.members) forget(*member);
}

void FieldNotes::discard_row() {
  root_.row = row_;
  forget(root_);
  --row_;
}

void FieldNotes::give(Decoded &out) {
  if (is_full()) return;
  out.noted = taken();
  out.is_noted = true;
  out.noted_size = bytes_.size();
}

std::vector<NotedField> FieldNotes::taken() {
  std::vector<NotedField> found;
  std::unordered_map<std::string_view, std::size_t> places;
  gather(root_, found, places);
  std::ranges::sort(found, {}, [](const NotedField &each) { return each.values.front().begin; });
  return found;
}

namespace {

// Those of `less` stand behind, and do not count in rows that have one of `more`.
void join(std::vector<NotedValue> &more, const std::vector<NotedValue> &less) {
  std::vector<NotedValue> all;
  std::ranges::merge(more, less, std::back_inserter(all), {}, &NotedValue::row, &NotedValue::row);
  const auto same = std::ranges::unique(all, {}, &NotedValue::row);
  all.erase(same.begin(), same.end());
  more = std::move(all);
}

}  // namespace

// Of members the longest names come first, which is the order in which a path looks for its names.
void FieldNotes::gather(Node &node, std::vector<NotedField> &found, std::unordered_map<std::string_view, std::size_t> &places) {
  if (!node.values.empty()) {
    const auto [place, is_new] = places.emplace(node.path, found.size());
    if (is_new)
      found.push_back({node.path, std::move(node.values)});
    else
      join(found[place->second].values, node.values);
  }
  std::vector<std::pair<std::size_t, Node *>> members;
  for (const auto &[name, member] : node.members) members.emplace_back(name.size(), member.get());
  std::ranges::sort(members, std::ranges::greater());
  for (const auto &[size, member] : members) gather(*member, found, places);
}

}  // namespace streamstat
