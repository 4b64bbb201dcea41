#include "views/patched.hpp"

#include "changes/members.hpp"
#include "changes/name_index.hpp"

#include <utility>

namespace streamstat {

namespace {

using Members = std::vector<std::pair<std::string_view, std::string_view>>;

// False, with something written, if the row is no object.
bool overlaid(std::string_view row, NameIndex &names, const Members &members, std::vector<bool> &used,
              std::vector<std::uint8_t> &out) {
  used.assign(members.size(), false);
  ObjectWriting object(out);
  const bool is_row = each_member(row, [&](std::string_view name, std::string_view value) {
    const std::size_t found = names.find(name);
    if (found == NameIndex::kNone) return object.put(name, value);
    if (!used[found]) object.put(name, members[found].second);
    used[found] = true;
  });
  for (std::size_t i = 0; i < members.size(); ++i)
    if (!used[i]) object.put(members[i].first, members[i].second);
  object.end();
  return is_row;
}

}  // namespace

void patched(std::string_view row, std::string_view patch, std::vector<std::uint8_t> &out) {
  thread_local NameIndex names;
  thread_local Members members;
  thread_local std::vector<bool> used;
  names.clear();
  members.clear();
  each_member(patch, [&](std::string_view name, std::string_view value) {
    const std::size_t found = names.find(name);
    if (found != NameIndex::kNone) {
      members[found].second = value;
    } else {
      names.add(name);
      members.emplace_back(name, value);
    }
  });
  const std::size_t begin = out.size();
  if (overlaid(row, names, members, used, out)) return;
  out.resize(begin);
  overlaid("{}", names, members, used, out);
}

}  // namespace streamstat
