#include "json/path_tree.hpp"

#include "events/scan.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <unordered_map>

namespace streamstat {

namespace {

constexpr std::size_t kMostSteps = 64;  // as streamstat.values.paths has it
constexpr std::size_t kMostDigits = 9;  // of the number of an element

// A place in a path where a name may end: at a dot, or in front of the step into an array.
struct Boundary {
  std::size_t at;
  std::size_t behind;  // behind the dot or step
  std::int64_t index;  // of the step
  bool is_step;
};

// The steps that stand at `at`, or none if something else than the end or a dot is behind them.
std::vector<Boundary> steps_at(std::string_view path, std::size_t at) {
  std::vector<Boundary> steps;
  while (at < path.size() && path[at] == '[') {
    const std::size_t close = path.find(']', at);
    if (close == std::string_view::npos) return {};
    std::string_view number = path.substr(at + 1, close - at - 1);
    const std::size_t digits = number.size() - number.starts_with('-');
    std::int64_t index = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), index);
    if (digits == 0 || digits > kMostDigits || read.ptr != number.data() + number.size()) return {};
    steps.push_back({at, close + 1, index, true});
    at = close + 1;
  }
  return at == path.size() || path[at] == '.' ? steps : std::vector<Boundary>{};
}

std::vector<Boundary> boundaries_of(std::string_view path) {
  std::vector<Boundary> found;
  for (std::size_t at = 0; at < path.size();) {
    if (path[at] == '.') found.push_back({at, at + 1, 0, false});
    const auto steps = path[at] == '[' ? steps_at(path, at) : std::vector<Boundary>{};
    found.insert(found.end(), steps.begin(), steps.end());
    at = steps.empty() ? at + 1 : steps.back().behind;
  }
  return found;
}

}  // namespace

class PathTreeBuilder {
 public:
  explicit PathTreeBuilder(PathTree &tree) : tree_(tree), root_(new_place()) {}

  void add(const FieldSpec &field) {
    const bool is_array = field.needs & kEach;
    if (const auto known = known_.find(field.path); known != known_.end() && !is_array) {
      tree_.fields_.push_back(static_cast<std::size_t>(known->second));
      return;
    }
    const auto dots = std::count(field.path.begin(), field.path.end(), '.');
    const auto brackets = std::count(field.path.begin(), field.path.end(), '[');
    if (static_cast<std::size_t>(dots + brackets) > kMostSteps)
      throw std::invalid_argument(field.path + ": more than 64 dots and steps");
    const std::string_view path = tree_.paths_.emplace_back(field.path);
    const int slot = static_cast<int>(tree_.slots_.size());
    tree_.slots_.push_back({-1, static_cast<std::uint32_t>(path.size())});
    tree_.fields_.push_back(static_cast<std::size_t>(slot));
    if (!is_array) known_.emplace(path, slot);
    add(path, slot, is_array);
  }

  void end() {
    for (PathTree::Place &place : tree_.places_)
      for (PathTree::Edge &edge : place.edges) edge.is_plain = edge.rivals.empty() && edge.place->array < 0;
  }

 private:
  void add(std::string_view path, int slot, bool is_array) {
    const std::vector<Boundary> boundaries = boundaries_of(path);
    connect(root_, path, 0, boundaries, slot);
    for (const Boundary &boundary : boundaries) {
      PathTree::Place &from = place(path.substr(0, boundary.at));
      if (boundary.is_step) {
        step(from, boundary.index, place(path.substr(0, boundary.behind)));
      } else {
        connect(from, path, boundary.behind, boundaries, slot);
        if (is_array) from.array = slot, from.rest = static_cast<std::int64_t>(boundary.behind);
      }
    }
    PathTree::Place &last = place(path);
    (is_array ? last.array : last.slot) = slot;
  }

  // The names that may begin what is left of a path from `begin` on, in the object at a place.
  void connect(PathTree::Place &from, std::string_view path, std::size_t begin, const std::vector<Boundary> &boundaries,
               int slot) {
    int contest = -1;
    const auto name = [&](std::size_t end) {
      PathTree::Edge &found = edge(from, path.substr(begin, end - begin), place(path.substr(0, end)));
      if (contest >= 0) found.rivals.push_back({slot, contest});
    };
    if (!boundaries.empty() && boundaries.back().at >= begin) {
      contest = static_cast<int>(tree_.contests_++);
      from.contests.push_back(contest);
      if (&from == &root_) tree_.slots_[static_cast<std::size_t>(slot)].contest = contest;
    }
    for (const Boundary &boundary : boundaries)
      if (boundary.at >= begin) name(boundary.at);
    name(path.size());
  }

  PathTree::Place &new_place() {
    PathTree::Place &place = tree_.places_.emplace_back();
    place.index = tree_.places_.size() - 1;
    return place;
  }

  PathTree::Place &place(std::string_view beginning) {
    PathTree::Place *&found = places_[beginning];
    if (!found) found = &new_place();
    return *found;
  }

  PathTree::Edge &edge(PathTree::Place &from, std::string_view key, PathTree::Place &to) {
    const auto id = static_cast<std::uint64_t>(from.index) << 32 | to.index;
    const auto [found, is_new] = edges_.try_emplace(id, from.edges.size());
    if (is_new) from.edges.push_back({key, &to, {}});
    return from.edges[found->second];
  }

  void step(PathTree::Place &from, std::int64_t index, PathTree::Place &to) {
    auto &steps = from.steps;
    if (std::any_of(steps.begin(), steps.end(), [&](const PathTree::Step &each) { return each.place == &to; })) return;
    steps.push_back({index, &to});
    from.from_end |= index < 0;
  }

  PathTree &tree_;
  PathTree::Place &root_;
  std::unordered_map<std::string_view, int> known_;
  std::unordered_map<std::string_view, PathTree::Place *> places_;
  std::unordered_map<std::uint64_t, std::size_t> edges_;
};

PathTree::PathTree(std::span<const FieldSpec> fields) {
  PathTreeBuilder builder(*this);
  for (const FieldSpec &field : fields) builder.add(field);
  builder.end();
}

}  // namespace streamstat
