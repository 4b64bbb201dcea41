// Writes the values of valid records into columns.
#pragma once

#include "base/kinds.hpp"
#include "events/columns.hpp"
#include "events/time_reader.hpp"
#include "events/typed.hpp"
#include "events/value_hash.hpp"

#include <cstring>

namespace streamstat {

class RowWriter {
 public:
  RowWriter(const Byte *block, const TimeReader &times, Decoded &out) : block_(block), times_(times), out_(out) {}

  // The cell of the next row; null: the record has no such field.
  void cell(FieldColumn &column, const Cell *cell) {
    static constexpr Cell absent{};
    Cell number;
    if (column.needs & kNumeric && cell && is_number(*cell, number)) [[unlikely]] cell = &number;
    const std::size_t row = out_.rows;
    const std::uint8_t kind = cell ? cell->kind : kind::null;
    column.kinds[row] = kind;
    if (column.needs & kNumber) column.numbers[row] = cell ? cell->number : 0;
    if (column.needs & kPresent) column.present[row] = cell != nullptr;
    if (!(column.needs & (kText | kHash | kMoreHash | kCode | kTime))) return;
    const bool is_spelt = kind >= kind::integer, is_kept = column.needs & kText;
    const Byte *text = is_spelt ? cell->begin : block_;
    auto size = static_cast<std::uint32_t>(is_spelt ? cell->end - cell->begin : 0);
    if (is_spelt && cell->unescape) {
      Arena &room = is_kept ? column.texts.data : out_.arena;  // where nobody keeps it, the next one is written over it
      Byte *const begin = room.grow(std::size_t{3} * size);
      size = static_cast<std::uint32_t>(cell->unescape(cell->begin, cell->end, begin) - begin);
      text = begin;
      if (is_kept) column.texts.advance(row, size);
    } else if (is_kept) {
      column.texts.put(row, text, size);
    }
    if (column.needs & (kHash | kMoreHash)) hash(column, row, kind, text, size);
    if (column.needs & kCode) column.codes[row] = column.dictionary.code(kind, text, size);
    if (column.needs & kTime) {
      const Time time = kind == kind::text ? repeated(column.last_time, *cell, text, size)
                                           : times_.time(cell ? *cell : absent, text, size);
      column.times[row] = time.us;
      column.time_kinds[row] = static_cast<std::uint8_t>(time.kind);
    }
  }

  // The cell of the next row, which has the value of the row before.
  void again(FieldColumn &column) {
    if (!column.seen) return;
    const std::size_t row = out_.rows;
    column.kinds[row] = column.kinds[row - 1];
    if (column.needs & kNumber) column.numbers[row] = column.numbers[row - 1];
    if (column.needs & kPresent) column.present[row] = column.present[row - 1];
    if (column.needs & kText) column.texts.put_again(row);
    if (column.needs & kHash) column.hashes[row] = column.hashes[row - 1];
    if (column.needs & kMoreHash) column.more_hashes[row] = column.more_hashes[row - 1];
    if (column.needs & kCode) column.codes[row] = column.codes[row - 1];
    if (column.needs & kTime) column.times[row] = column.times[row - 1], column.time_kinds[row] = column.time_kinds[row - 1];
  }

 private:
  // Whether a text spells a number: that number.
  [[gnu::noinline]] static bool is_number(const Cell &cell, Cell &number) {
    if (cell.kind != kind::text || (cell.unescape && cell.unescape != as_spelt)) return false;
    number = cell;
    return read_number(cell.begin, cell.end, number);
  }

  Time repeated(LastTime &last, const Cell &cell, const Byte *text, std::uint32_t size) const {
    if (last.is(text, size)) return last.time;
    const Time time = times_.time(cell, text, size);
    if (size <= LastTime::kMost) last.set(text, size, time);
    return time;
  }

  static constexpr std::uint64_t kMoreSeed = xxh::kPrime3;

  static void hash(FieldColumn &column, std::size_t row, std::uint8_t kind, const Byte *text, std::uint32_t size) {
    if (column.needs & kHash) column.hashes[row] = value_hash(kind, text, size);
    if (column.needs & kMoreHash) column.more_hashes[row] = value_hash(kind, text, size, kMoreSeed);
  }

  const Byte *block_;
  const TimeReader &times_;
  Decoded &out_;
};

}  // namespace streamstat
