#include "text/taking.hpp"

#include <cstring>

namespace streamstat {

ByteStrings texts_at(const TextColumn &texts, std::span<const std::int64_t> rows) {
  std::size_t size = 0;
  for (const std::int64_t row : rows) {
    if (row < 0 || static_cast<std::size_t>(row) >= texts.size()) throw std::out_of_range("rows: there is no such row");
    size += texts[static_cast<std::size_t>(row)].size();
  }
  ByteStrings taken;
  taken.data.resize(size);
  taken.offsets.reserve(rows.size() + 1);
  std::size_t end = 0;
  for (const std::int64_t row : rows) {
    const std::string_view text = texts[static_cast<std::size_t>(row)];
    if (!text.empty()) std::memcpy(taken.data.data() + end, text.data(), text.size());
    end += text.size();
    taken.offsets.push_back(static_cast<std::int64_t>(end));
  }
  return taken;
}

}  // namespace streamstat
