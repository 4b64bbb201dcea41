// What a format gives its records to: it counts them, and puts them into the columns of a block.
#pragma once

#include "events/row_writer.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace streamstat {

class BlockWriter {
 public:
  // Sets the newline behind the block.
  BlockWriter(std::span<Byte> block, std::size_t begin, std::span<const FieldSpec> fields, const TimeReader &times,
              Decoded &out)
      : block_(block.data()), size_(block.size() - begin), out_(out), rows_(block.data(), times, out) {
    if (block.size() < begin + kPadding) throw std::invalid_argument("block: less than 64 bytes of padding");
    if (block.size() >= kInArena) throw std::invalid_argument("block: 2 GiB or more");
    begin_ = block_ + begin;
    Byte *const end = block.data() + block.size() - kPadding;
    *end = '\n';
    end_ = end;
    out.columns.resize(fields.size());
    for (std::size_t f = 0; f < fields.size(); ++f) out.columns[f].needs = fields[f].needs;
  }

  // Records lie in [begin, end); a newline stands at the end.
  const Byte *begin() const { return begin_; }
  const Byte *end() const { return end_; }

  // A record without anything in it, on a line of its own.
  void blank() {
    ++out_.records;
    ++out_.blank;
    ++out_.lines;
  }

  // A valid record [begin, next), newline included, on so many lines; cell(f) gives the Cell of field f, or null.
  template <typename CellOf>
  void row(const Byte *begin, const Byte *next, CellOf cell, std::size_t lines = 1) {
    if (out_.rows == capacity_) reserve();
    for (std::size_t f = 0; f < out_.columns.size(); ++f) rows_.cell(out_.columns[f], cell(f));
    out_.row_begins[out_.rows] = offset(begin);
    out_.row_ends[out_.rows] = offset(next);
    ++out_.rows;
    ++out_.records;
    out_.lines += lines;
  }

  // A record [begin, next) that cannot be read, and where in its first line that shows.
  void bad(const Byte *begin, const Byte *next, const Failure &failure, std::size_t lines = 1) {
    const std::uint32_t column = characters(begin, std::clamp(failure.where, begin, next)) + 1;
    out_.bad.push_back({static_cast<std::uint32_t>(out_.lines), column, offset(begin), offset(next), failure.fault});
    ++out_.records;
    out_.lines += lines;
  }

  // p at a NUL where a record would begin; returns what stands behind the hole.
  const Byte *hole(const Byte *p) {
    const Byte *const begin = p;
    p = skip_nuls(p);
    if (out_.holes++ == 0) out_.first_hole = static_cast<std::size_t>(begin - block_);
    out_.nuls += static_cast<std::size_t>(p - begin);
    return p;
  }

  // The first byte that is no NUL: at the latest the newline that every block ends with.
  static const Byte *skip_nuls(const Byte *p) {
    while (*p == 0) ++p;
    return p;
  }

 private:
  std::uint32_t offset(const Byte *p) const { return static_cast<std::uint32_t>(std::min(p, end_) - block_); }

  static std::uint32_t characters(const Byte *begin, const Byte *end) {
    std::uint32_t n = 0;
    for (; begin < end; ++begin) n += (*begin & 0xC0) != 0x80;
    return n;
  }

  void reserve() {
    capacity_ = capacity_ ? capacity_ * 2 : size_ / 256 + 64;
    for (FieldColumn &column : out_.columns) column.reserve(capacity_);
    out_.row_begins.reserve(capacity_);
    out_.row_ends.reserve(capacity_);
  }

  const Byte *block_;
  std::size_t size_, capacity_ = 0;
  const Byte *begin_, *end_;
  Decoded &out_;
  RowWriter rows_;
};

}  // namespace streamstat
