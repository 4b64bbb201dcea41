// Reads the records of CSV and TSV, one after another.
#pragma once

#include "delimited/marks.hpp"
#include "delimited/record_cells.hpp"
#include "events/utf8.hpp"

#include <cstring>

namespace streamstat {

// How cells are written: what stands between them, and whether quotes hold cells together (else backslashes escape).
struct Dialect {
  Byte separator;
  bool quotes;
};

class RecordReader {
 public:
  enum class Piece : std::uint8_t { end, hole, blank, bad, record };

  // Records lie in [begin, end); a newline stands at `end`, and kPadding bytes from there on are readable. Of each record
  // only the first `most` cells have places.
  RecordReader(const Byte *begin, const Byte *end, Dialect dialect, std::size_t most)
      : end_(end),
        behind_(begin),
        dialect_(dialect),
        marks_(begin, dialect.separator, dialect.quotes ? '"' : dialect.separator),
        cells_(most) {}

  // What comes next: it lies in [begin(), behind()). A hole is NULs in front of a record.
  Piece next() {
    begin_ = behind_;
    if (begin_ >= end_) return Piece::end;
    if (*begin_ == 0) {
      while (*behind_ == 0) ++behind_;
      return Piece::hole;
    }
    lines_ = 1;
    cells_.restart(begin_);
    for (const Byte *cell = begin_;;) {
      const Byte *const mark = marks_.next();
      if (*mark == dialect_.separator) {
        cells_.add(mark);
        cell = mark + 1;
      } else if (*mark == '\n') {
        cells_.add(mark > cell && mark[-1] == '\r' ? mark - 1 : mark);
        behind_ = mark + 1;
        break;
      } else if (mark == cell && !skip_quoted()) {
        return Piece::bad;
      }
    }
    return cells_.count() == 1 && skip_space(begin_) == behind_ - 1 ? Piece::blank : Piece::record;
  }

  // Whether the present record has so many cells and is UTF-8; else `failure` says why not.
  bool is_valid(std::size_t columns) {
    const Byte *const wrong = marks_.met_non_ascii() ? ill_formed_utf8(begin_, std::min(behind_, end_)) : nullptr;
    if (wrong) return fails(Fault::bad_utf8, wrong);
    if (cells_.count() == columns) return true;
    return fails(Fault::wrong_width, cells_.count() > columns ? cells_.begin(columns) : behind_ - 1);
  }

  // The spelling of a cell that has a place as a value.
  Cell cell(std::size_t place) const {
    const Byte *const begin = cells_.begin(place), *const end = cells_.end(place);
    if (!dialect_.quotes) return tab_separated_cell(begin, end);
    return begin < end && *begin == '"' ? quoted_cell(begin, end) : typed_cell(begin, end);
  }

  std::size_t width() const { return cells_.count(); }

  // The present record as the names of columns; none, and a failure, if there are too many.
  std::optional<ColumnNames> names() {
    ColumnNames names;
    if (width() > kMostColumns) {
      fails(Fault::too_many_columns, begin_);
      return std::nullopt;
    }
    for (std::size_t place = 0; place < width(); ++place) names.push_back(name_of(cell(place)));
    return names;
  }

  const Byte *begin() const { return begin_; }
  const Byte *behind() const { return behind_; }
  std::size_t lines() const { return lines_; }

  Failure failure;

 private:
  // Walks on to the quote that closes a cell. If its quotes are wrong, the record ends at the end of its first line.
  bool skip_quoted() {
    for (;;) {
      const Byte *const mark = marks_.next();
      if (*mark == '\n') {
        if (mark >= end_) return ends_early(Fault::unclosed_quote, mark);
        ++lines_;
      } else if (*mark == '"') {
        const Byte *const next = mark + 1;
        if (*next == '"')
          marks_.next();
        else if (*next == dialect_.separator || *next == '\n' || (*next == '\r' && next[1] == '\n'))
          return true;
        else
          // What stands on another line than the first may lie in another block.
          return ends_early(lines_ == 1 ? Fault::text_behind_quote : Fault::unclosed_quote, next);
      }
    }
  }

  bool ends_early(Fault fault, const Byte *where) {
    fails(fault, where);
    lines_ = 1;
    behind_ = end_of_line() + 1;
    if (behind_ < end_) marks_.seek(behind_);
    return false;
  }

  // A place is told in the first line of a record.
  bool fails(Fault fault, const Byte *where) {
    failure.set(fault, std::min(where, end_of_line()));
    return false;
  }

  const Byte *end_of_line() const {
    return static_cast<const Byte *>(std::memchr(begin_, '\n', static_cast<std::size_t>(end_ + 1 - begin_)));
  }

  const Byte *end_, *begin_ = nullptr, *behind_;
  Dialect dialect_;
  std::size_t lines_ = 0;
  Marks marks_;
  RecordCells cells_;
};

}  // namespace streamstat
