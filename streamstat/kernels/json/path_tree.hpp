// Where the values of fields are found in an object: the paths of all of them as one tree of their beginnings.
//
// At each object the longest name that is there and begins what is left of a path is taken, for good: of `a.b.c` first
// `a.b.c`, then `a.b`, then `a`. However it got there, whoever stands behind `a.b` looks for `c`, so a beginning of a path
// is one place in the tree. A step `[0]` or `[-1]` behind a name leads into an array, unless a name is spelt so.
#pragma once

#include "events/columns.hpp"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamstat {

class PathTree {
 public:
  // A value that a name stands for although a longer one may be there: the slot it is for, and the contest it takes part in.
  struct Rival {
    int slot, contest;
  };
  struct Place;
  struct Edge {
    std::string_view key;
    Place *place;
    std::vector<Rival> rivals;
    bool is_plain = true;  // no rivals, no elements that are looked for
  };
  struct Step {
    std::int64_t index;
    Place *place;
  };
  // What is done with a value that stands behind a beginning of a path.
  struct Place {
    std::size_t index = 0;  // from 0, that of the record
    int slot = -1;          // of the field whose path ends here
    int array = -1;         // of the field whose elements are looked for here, or behind an array on the way
    std::int64_t rest = 0;  // where the path of that one goes on; 0: it ends here
    std::vector<Edge> edges;  // if the value is an object
    std::vector<Step> steps;  // if it is an array
    bool from_end = false;    // whether there are steps from its end
    std::vector<int> contests;  // of this object

    const Edge *edge_of(std::string_view key) const;
  };

  // std::invalid_argument for a path of too many steps.
  explicit PathTree(std::span<const FieldSpec> fields);
  PathTree(const PathTree &) = delete;
  PathTree &operator=(const PathTree &) = delete;

  const Place &root() const { return places_[0]; }
  std::size_t places() const { return places_.size(); }
  std::size_t slots() const { return slots_.size(); }
  std::size_t contests() const { return contests_; }
  std::size_t slot_of(std::size_t field) const { return fields_[field]; }

  // Of a slot: the contest at the top level, -1 if only one name can be its own, and the length of that name.
  struct Slot {
    int contest = -1;
    std::uint32_t length = 0;
  };
  const Slot &slot(std::size_t index) const { return slots_[index]; }

 private:
  friend class PathTreeBuilder;
  std::deque<std::string> paths_;
  std::deque<Place> places_;  // stay where they are
  std::vector<std::size_t> fields_;
  std::vector<Slot> slots_;
  std::size_t contests_ = 0;
};

// Null: no path begins so.
inline const PathTree::Edge *PathTree::Place::edge_of(std::string_view key) const {
  const Edge *found = nullptr;
  for (const Edge &each : edges)
    if (each.key == key) found = &each;
  return found;
}

}  // namespace streamstat
