// The fields of objects by their paths, found as objects are walked. An object most likely has the names of the one before,
// in the same order.
#pragma once

#include "profiles/field_profile.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace streamstat {

class FieldTree {
 public:
  // A name at its place, and what it holds; `members` are the names in it, if it ever held an object.
  struct Node {
    std::string path;
    std::vector<ProfileCell> cells;  // those that were found and not taken in
    FieldProfile profile;
    std::uint64_t row = 0, cell_row = 0;  // the last one that had it, and the one of the last cell, from 1
    std::unordered_map<std::string, std::unique_ptr<Node>> members;
    std::unordered_map<std::string, Node *> by_spelling;  // of members, quotes included
    std::vector<std::pair<std::string, Node *>> expected;  // the same in the order met: what an object most likely has
  };

  explicit FieldTree(std::size_t most) : most_(most) { nodes_.push_back(&root_); }

  // p at the first byte of a valid object; 64 bytes behind it are readable. Its values go to `cells`.
  void walk(const Byte *p);

  const std::vector<Node *> &nodes() const { return nodes_; }  // in the order in which they were met; the first is the root
  std::uint64_t left_out() const { return left_out_; }         // values whose names came when there were too many

 private:
  const Byte *object(const Byte *p, Node &node, unsigned depth);
  const Byte *value(const Byte *p, Node &node, unsigned depth);
  Node *member(const Byte *begin, const Byte *end, Node &node);
  void forget(Node &node);

  Node root_;
  std::vector<Node *> nodes_;
  std::size_t most_;
  std::uint64_t row_ = 0, left_out_ = 0;
};

}  // namespace streamstat
