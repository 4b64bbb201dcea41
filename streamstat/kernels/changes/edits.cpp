#include "changes/edits.hpp"

#include "changes/members.hpp"

#include <charconv>
#include <memory>
#include <string>
#include <unordered_map>

namespace streamstat {

namespace {

using Out = std::vector<std::uint8_t>;

constexpr std::size_t kMostElements = 1 << 20;  // as far as an array is filled up with null
constexpr std::size_t kDeepest = 128;           // names of a path; documents are at most 100 deep

void put(Out &out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }

// A value of which only as much is taken apart as steps lead into.
class Node {
 public:
  Node() = default;
  explicit Node(std::string_view text) : text_(text) {}

  // The child of a name, in its quotes or a number; it is made where there is none and `makes`.
  Node *child(std::string_view name, bool makes) {
    open(makes);
    std::size_t index;
    if (shape_ == Shape::array) {
      if (!index_in(name, index)) return nullptr;
      if (index < children_.size()) return &*children_[index].value;
      if (!makes || index >= kMostElements) return nullptr;
      while (children_.size() <= index) add({});
      return &*children_.back().value;
    }
    if (shape_ != Shape::object) return nullptr;
    const auto found = by_name_.find(plain(name));
    if (found != by_name_.end()) return &*children_[found->second].value;
    return makes ? add(is_string(name) ? std::string(name) : quoted(name)) : nullptr;
  }

  void set(std::string_view text) { *this = Node(text); }

  void remove(std::string_view name) {
    open(false);
    std::size_t index;
    if (shape_ == Shape::array && index_in(name, index) && index < children_.size()) children_[index].value->set("null");
    if (shape_ != Shape::object) return;
    if (const auto found = by_name_.find(plain(name)); found != by_name_.end()) {
      children_[found->second].value.reset();
      by_name_.erase(found);
    }
  }

  void cut(std::size_t size) {
    open(false);
    if (shape_ == Shape::array && size < children_.size()) children_.resize(size);
  }

  void write(Out &out) const {
    if (shape_ == Shape::unopened) return put(out, text_);
    out.push_back(shape_ == Shape::object ? '{' : '[');
    bool has_any = false;
    for (const Child &each : children_) {
      if (!each.value) continue;
      if (has_any) out.push_back(',');
      has_any = true;
      put(out, each.name);
      if (shape_ == Shape::object) out.push_back(':');
      each.value->write(out);
    }
    out.push_back(shape_ == Shape::object ? '}' : ']');
  }

 private:
  enum class Shape : std::uint8_t { unopened, object, array };
  struct Child {
    std::string name;
    std::unique_ptr<Node> value;  // null: taken away
  };

  static std::string plain(std::string_view name) { return is_string(name) ? text_of(name) : std::string(name); }

  static bool index_in(std::string_view name, std::size_t &index) {
    const std::string text = plain(name);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), index);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
  }

  Node *add(std::string name) {
    if (shape_ == Shape::object) by_name_[plain(name)] = children_.size();
    children_.push_back({std::move(name), std::make_unique<Node>("null")});
    return &*children_.back().value;
  }

  // becomes: whether a value that holds nothing becomes an object.
  void open(bool becomes) {
    if (shape_ != Shape::unopened) return;
    if (is_array(text_)) {
      shape_ = Shape::array;
      each_element(text_, [&](std::string_view each) { add({})->set(each); });
    } else if (is_object(text_)) {
      shape_ = Shape::object;
      each_member(text_, [&](std::string_view name, std::string_view value) { child(name, true)->set(value); });
    } else if (becomes) {
      shape_ = Shape::object;
    }
  }

  std::string_view text_ = "null";
  Shape shape_ = Shape::unopened;
  std::vector<Child> children_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

std::vector<std::string_view> parts_of(std::string_view array, bool &is_array) {
  std::vector<std::string_view> out;
  is_array = each_element(array, [&](std::string_view each) { out.push_back(each); });
  return out;
}

bool take_step(Node &row, std::string_view step) {
  bool is_step, is_path;
  const auto parts = parts_of(step, is_step);
  if (!is_step || parts.size() < 2) return false;
  auto path = parts_of(parts[1], is_path);
  if (!is_path || path.empty() || path.size() > kDeepest) return false;
  const bool sets = parts[0] == "\"=\"" && parts.size() == 3, cuts = parts[0] == "\"<\"" && parts.size() == 3;
  if (!sets && !cuts && (parts[0] != "\"-\"" || parts.size() != 2)) return false;
  const std::string_view last = path.back();
  if (!sets && !cuts) path.pop_back();
  Node *at = &row;
  for (const std::string_view name : path) {
    at = at->child(name, sets);
    if (!at) return true;  // what is not there needs no taking away
  }
  std::size_t size;
  if (sets) {
    at->set(parts[2]);
  } else if (cuts) {
    const auto read = std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), size);
    if (read.ec != std::errc() || read.ptr != parts[2].data() + parts[2].size()) return false;
    at->cut(size);
  } else {
    at->remove(last);
  }
  return true;
}

}  // namespace

bool edited(std::string_view row, std::string_view steps, std::vector<std::uint8_t> &out) {
  if (row.empty()) row = "{}";
  if (!each_member(row, [](std::string_view, std::string_view) {})) return false;
  Node whole(row);
  bool are_steps = true;
  are_steps &= each_element(steps, [&](std::string_view step) { are_steps &= take_step(whole, step); });
  if (are_steps) whole.write(out);
  return are_steps;
}

ByteStrings rows_edited(const TextColumn &rows, const TextColumn &steps) {
  require_size(rows.size(), steps.size(), "steps");
  ByteStrings out;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    edited(rows[row], steps[row], out.data);
    out.end_string();
  }
  return out;
}

}  // namespace streamstat
