#include "events/columns.hpp"

#include "base/kinds.hpp"

#include <algorithm>
#include <utility>

namespace streamstat {

void FieldColumn::reserve(std::size_t rows) {
  kinds.reserve(rows);
  if (needs & kNumber) numbers.reserve(rows);
  if (needs & kHash) hashes.reserve(rows);
  if (needs & kMoreHash) more_hashes.reserve(rows);
  if (needs & kCode) codes.reserve(rows);
  if (needs & kText) texts.offsets.reserve(rows + 1);
  if (needs & kTime) times.reserve(rows), time_kinds.reserve(rows);
  if (needs & kPresent) present.reserve(rows);
}

void TextCells::put_again(std::size_t row) {
  const auto begin = static_cast<std::size_t>(offsets[row - 1]);
  const std::size_t size = data.size() - begin;
  Byte *const out = data.grow(size);
  std::memcpy(out, data.at(begin), size);
  advance(row, size);
}

void FieldColumn::fill_absent(std::size_t rows) {
  reserve(rows);
  static constexpr Byte kNothing[16] = {};
  const auto fill = [rows](auto &cells, auto value) { std::fill_n(cells.data(), rows, value); };
  fill(kinds, std::uint8_t{kind::null});
  if (needs & kNumber) fill(numbers, std::int64_t{0});
  if (needs & kHash) fill(hashes, std::uint64_t{0});
  if (needs & kMoreHash) fill(more_hashes, std::uint64_t{0});
  if (needs & kCode && rows) fill(codes, dictionary.code(kind::null, kNothing, 0));
  if (needs & kText) std::fill_n(texts.offsets.data(), rows + 1, std::int64_t{0});
  if (needs & kTime) fill(times, std::int64_t{0}), fill(time_kinds, static_cast<std::uint8_t>(TimeKind::missing));
  if (needs & kPresent) fill(present, std::uint8_t{0});
}

FieldColumn &Decoded::column(std::size_t field) {
  FieldColumn &column = columns.at(field);
  if (!column.seen && !std::exchange(column.is_filled, true)) column.fill_absent(rows);
  return column;
}

}  // namespace streamstat
