// The names of an object's members, to be looked up: mostly in the order in which they stand, else by their texts.
#pragma once

#include "changes/members.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace streamstat {

class NameIndex {
 public:
  static constexpr std::size_t kNone = ~std::size_t{0};

  void clear() {
    names_.clear();
    by_text_.clear();
    indexed_ = next_ = 0;
  }
  std::size_t size() const { return names_.size(); }
  void add(std::string_view quoted) { names_.push_back(quoted); }

  // The place of a member of this name. All names that were added differ, or any place will do.
  std::size_t find(std::string_view quoted) {
    if (next_ < names_.size() && names_[next_] == quoted) return next_++;
    return found(quoted);
  }

 private:
  std::size_t found(std::string_view quoted) {
    for (; indexed_ < names_.size(); ++indexed_) by_text_.emplace(text_of(names_[indexed_]), indexed_);
    const auto it = by_text_.find(text_of(quoted));
    if (it == by_text_.end()) return kNone;
    next_ = it->second + 1;
    return it->second;
  }

  std::vector<std::string_view> names_;
  std::unordered_map<std::string, std::size_t> by_text_;
  std::size_t indexed_ = 0, next_ = 0;
};

}  // namespace streamstat
