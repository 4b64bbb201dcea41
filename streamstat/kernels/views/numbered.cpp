#include "views/numbered.hpp"

#include "changes/members.hpp"

#include <string_view>
#include <unordered_map>

namespace streamstat {

ByteStrings numbered(const TextColumn &objects, const std::vector<std::string> &names) {
  std::unordered_map<std::string, std::string> numbers;
  for (std::size_t i = 0; i < names.size(); ++i) numbers.try_emplace(names[i], quoted(std::to_string(i)));
  ByteStrings out;
  for (std::size_t row = 0; row < objects.size(); ++row) {
    const std::size_t begin = out.data.size();
    ObjectWriting object(out.data);
    const bool is_object = each_member(objects[row], [&](std::string_view name, std::string_view value) {
      const auto found = numbers.find(text_of(name));
      if (found != numbers.end()) object.put(found->second, value);
    });
    object.end();
    if (!is_object) out.data.resize(begin);
    out.end_string();
  }
  return out;
}

}  // namespace streamstat
