// Writes the values of valid records into columns.
#pragma once

#include "base/kinds.hpp"
#include "events/columns.hpp"
#include "events/time_reader.hpp"
#include "events/typed.hpp"

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
    column.seen |= cell != nullptr;
    if (column.needs & kNumber) column.numbers[row] = cell ? cell->number : 0;
    if (column.needs & kPresent) column.present[row] = cell != nullptr;
    if (!(column.needs & (kText | kHash | kMoreHash | kCode | kTime))) return;
    const Byte *text = kind >= kind::integer ? cell->begin : block_;
    auto size = static_cast<std::uint32_t>(kind >= kind::integer ? cell->end - cell->begin : 0);
    std::uint32_t start = static_cast<std::uint32_t>(text - block_);
    if (kind >= kind::integer && cell->unescape) {
      Byte *const room = out_.arena.grow(std::size_t{3} * size);
      size = static_cast<std::uint32_t>(cell->unescape(cell->begin, cell->end, room) - room);
      start = arena_start(out_.arena, size);
      out_.arena.advance(size);
      text = room;
    }
    if (column.needs & kText) column.starts[row] = start, column.lengths[row] = size;
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
    const std::size_t row = out_.rows;
    column.kinds[row] = column.kinds[row - 1];
    if (column.needs & kNumber) column.numbers[row] = column.numbers[row - 1];
    if (column.needs & kPresent) column.present[row] = column.present[row - 1];
    if (column.needs & kText) column.starts[row] = column.starts[row - 1], column.lengths[row] = column.lengths[row - 1];
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
  static constexpr Byte kNoText = 0xFF;

  // Of a text its own bytes; of any other value its spelling behind a byte that no text has.
  static void hash(FieldColumn &column, std::size_t row, std::uint8_t kind, const Byte *text, std::uint32_t size) {
    if (kind == kind::text) return hash_bytes(column, row, text, size);
    if (kind == kind::null) return hash_both(column, row, 0, 0);
    if (kind == kind::yes) text = reinterpret_cast<const Byte *>("true"), size = 4;
    if (kind == kind::no) text = reinterpret_cast<const Byte *>("false"), size = 5;
    if (size < 31) {
      const std::uint64_t more = column.needs & kMoreHash ? xxhash64_behind(kNoText, text, size, kMoreSeed) : 0;
      return hash_both(column, row, xxhash64_behind(kNoText, text, size), more);
    }
    std::vector<Byte> spelling(std::size_t{size} + 1, kNoText);
    std::memcpy(spelling.data() + 1, text, size);
    hash_bytes(column, row, spelling.data(), spelling.size());
  }

  static void hash_bytes(FieldColumn &column, std::size_t row, const Byte *bytes, std::size_t size) {
    hash_both(column, row, xxhash64(bytes, size), column.needs & kMoreHash ? xxhash64(bytes, size, kMoreSeed) : 0);
  }

  static void hash_both(FieldColumn &column, std::size_t row, std::uint64_t hash, std::uint64_t more) {
    if (column.needs & kHash) column.hashes[row] = hash;
    if (column.needs & kMoreHash) column.more_hashes[row] = more;
  }

  const Byte *block_;
  const TimeReader &times_;
  Decoded &out_;
};

}  // namespace streamstat
