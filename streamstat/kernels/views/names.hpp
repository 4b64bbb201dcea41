// The names of columns in the order in which rows brought them.
#pragma once

#include "changes/members.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace streamstat {

class ColumnNames {
 public:
  std::size_t size() const { return names_.size(); }
  const std::vector<std::string> &all() const { return names_; }

  bool has(const std::string &name) const { return places_.contains(name); }

  // The members of an object: they mostly come in the order of the one before.
  void meet_all(std::string_view object) {
    next_ = 0;
    each_member(object, [&](std::string_view name, std::string_view) { meet(name); });
  }
  // False if it was there before.
  bool add(std::string name) {
    if (!places_.try_emplace(name, names_.size()).second) return false;
    names_.push_back(std::move(name));
    return true;
  }

 private:
  void meet(std::string_view quoted) {
    if (next_ < expected_.size() && expected_[next_] == quoted) {
      ++next_;
      return;
    }
    add(text_of(quoted));
    expected_.resize(next_);
    expected_.emplace_back(quoted);
    ++next_;
  }

  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<std::string> expected_;  // spelt with their quotes, as the last row had them
  std::size_t next_ = 0;
};

}  // namespace streamstat
