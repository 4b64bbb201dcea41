#include "retracting/moves.hpp"

#include <algorithm>
#include <cstring>

namespace streamstat::retracting {

namespace {

bool is_skipped(std::string_view before, std::string_view after, bool skips_same) {
  return skips_same && before == after;
}

}  // namespace

Moves moves(const TextColumn &before, const TextColumn &after, bool skips_same, std::size_t padding) {
  require_size(before.size(), after.size(), "after");
  const std::size_t n = before.size();
  std::size_t size = 0, rows = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (is_skipped(before[i], after[i], skips_same)) continue;
    for (const std::string_view row : {before[i], after[i]}) {
      size += row.empty() ? 0 : row.size() + 1;
      rows += !row.empty();
    }
  }
  Moves made{{}, size + padding, {}, {}};
  made.block.reserve(size + padding);
  made.events.reserve(rows);
  made.gone.reserve(rows);
  std::uint8_t *out = made.block.data();
  const auto add = [&](std::string_view row, std::size_t event, bool gone) {
    if (row.empty()) return;
    std::memcpy(out, row.data(), row.size());
    out += row.size();
    *out++ = '\n';
    made.events.push_back(static_cast<std::int64_t>(event));
    made.gone.push_back(gone);
  };
  for (std::size_t i = 0; i < n; ++i) {
    if (is_skipped(before[i], after[i], skips_same)) continue;
    add(before[i], i, true);
    add(after[i], i, false);
  }
  std::fill_n(out, padding, std::uint8_t{0});
  return made;
}

std::vector<std::uint8_t> same_texts(const TextColumn &one, const TextColumn &other) {
  require_size(one.size(), other.size(), "other");
  std::vector<std::uint8_t> same(one.size());
  for (std::size_t i = 0; i < one.size(); ++i) same[i] = one[i] == other[i];
  return same;
}

}  // namespace streamstat::retracting
