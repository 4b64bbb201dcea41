// Reads the lines of a W3C log, one after another.
#pragma once

#include "delimited/marks.hpp"
#include "delimited/record_cells.hpp"
#include "events/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace streamstat {

// The columns that the line [begin, end) names, if it is `#Fields:` with names behind spaces or tabs.
std::optional<ColumnNames> w3c_names(const Byte *begin, const Byte *end);

class W3cReader {
 public:
  enum class Piece : std::uint8_t { end, hole, blank, comment, names, record };

  // As those of RecordReader.
  W3cReader(const Byte *begin, const Byte *end, ColumnNames names)
      : end_(end), behind_(begin), marks_(begin, ' ', '\t'), cells_(names.size()), names_(std::move(names)) {}

  // What comes next: it lies in [begin(), behind()). Behind `names` the columns are others.
  Piece next() {
    begin_ = behind_;
    if (begin_ >= end_) return Piece::end;
    if (*begin_ == 0) {
      while (*behind_ == 0) ++behind_;
      return Piece::hole;
    }
    split();
    if (*begin_ == '#') return rename() ? Piece::names : Piece::comment;
    return skip_space(begin_) == behind_ - 1 ? Piece::blank : Piece::record;
  }

  // Whether the present record has a cell for each name and is UTF-8; else `failure` says why not.
  bool is_valid() {
    const Byte *const wrong = marks_.met_non_ascii() ? ill_formed_utf8(begin_, std::min(behind_, end_)) : nullptr;
    if (wrong) return failure.set(Fault::bad_utf8, wrong);
    if (names_.empty()) return failure.set(Fault::no_columns, begin_);
    if (cells_.count() == names_.size()) return true;
    return failure.set(Fault::wrong_width, cells_.count() > names_.size() ? cells_.begin(names_.size()) : behind_ - 1);
  }

  Cell cell(std::size_t place) const {
    const Byte *const begin = cells_.begin(place), *const end = cells_.end(place);
    return end - begin == 1 && *begin == '-' ? null_cell(begin) : typed_cell(begin, end);
  }

  const ColumnNames &names() const { return names_; }
  const Byte *begin() const { return begin_; }
  const Byte *behind() const { return behind_; }

  Failure failure;

 private:
  void split() {
    cells_.restart(begin_);
    Byte separator = 0;
    for (;;) {
      const Byte *const mark = marks_.next();
      if (*mark == '\n') {
        cells_.add(mark > begin_ && mark[-1] == '\r' ? mark - 1 : mark);
        behind_ = mark + 1;
        return;
      }
      if (separator == 0) separator = *mark;
      if (*mark == separator) cells_.add(mark);
    }
  }

  bool rename() {
    auto names = w3c_names(begin_, behind_ - 1);
    if (!names) return false;
    names_ = std::move(*names);
    cells_ = RecordCells(names_.size());
    return true;
  }

  const Byte *end_, *begin_ = nullptr, *behind_;
  Marks marks_;
  RecordCells cells_;
  ColumnNames names_;
};

}  // namespace streamstat
