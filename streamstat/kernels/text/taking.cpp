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

ByteStrings either_texts(std::span<const std::uint8_t> where, const TextColumn &one, const TextColumn &other) {
  const std::size_t n = where.size();
  require_size(n, one.size(), "one");
  require_size(n, other.size(), "other");
  ByteStrings texts;
  texts.offsets.reserve(n + 1);
  texts.data.reserve(one.bytes() + other.bytes());
  for (std::size_t row = 0; row < n; ++row) {
    const std::string_view text = where[row] ? one[row] : other[row];
    texts.data.insert(texts.data.end(), text.begin(), text.end());
    texts.end_string();
  }
  return texts;
}

}  // namespace streamstat
