// Where the cells of a record end, and what they hold.
#pragma once

#include "events/columns.hpp"
#include "events/typed.hpp"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace streamstat {

// So many columns a heading may name: decoders hold each of them.
constexpr std::size_t kMostColumns = 65'536;

// The ends of the first cells of a record, and how many it has. A separator of one byte stands between two cells.
class RecordCells {
 public:
  // Only so many have places.
  explicit RecordCells(std::size_t most) : ends_(most) {}

  void restart(const Byte *begin) {
    begin_ = begin;
    count_ = 0;
  }

  void add(const Byte *end) {
    if (count_ < ends_.size()) ends_[count_] = end;
    ++count_;
  }

  std::size_t count() const { return count_; }

  const Byte *begin(std::size_t cell) const { return cell == 0 ? begin_ : ends_[cell - 1] + 1; }
  const Byte *end(std::size_t cell) const { return ends_[cell]; }

 private:
  const Byte *begin_ = nullptr;
  std::size_t count_ = 0;
  std::vector<const Byte *> ends_;
};

// Names of columns, of which the last one counts where some are equal.
using ColumnNames = std::vector<std::string>;

constexpr std::size_t kNoColumn = SIZE_MAX;

inline std::size_t column_named(const ColumnNames &names, std::string_view name) {
  for (std::size_t i = names.size(); i > 0; --i)
    if (names[i - 1] == name) return i - 1;
  return kNoColumn;
}

// The column of each field.
inline std::vector<std::size_t> columns_of(std::span<const FieldSpec> fields, const ColumnNames &names) {
  std::vector<std::size_t> columns;
  for (const FieldSpec &field : fields) columns.push_back(column_named(names, field.path));
  return columns;
}

// Each name once.
ColumnNames different(const ColumnNames &names);

// A name as text: each byte that begins nothing well-formed becomes U+FFFD.
std::string name_of(const Cell &cell);

// "" stands for one quote.
Byte *halve_quotes(const Byte *begin, const Byte *end, Byte *out);

// \t, \n and \\ stand for a tab, a newline and a backslash; another backslash is itself.
Byte *undo_backslashes(const Byte *begin, const Byte *end, Byte *out);

inline Cell quoted_cell(const Byte *begin, const Byte *end) {
  Cell cell = text_cell(begin + 1, end - 1);
  if (std::memchr(cell.begin, '"', static_cast<std::size_t>(cell.end - cell.begin))) cell.unescape = halve_quotes;
  return cell;
}

inline Cell tab_separated_cell(const Byte *begin, const Byte *end) {
  Cell cell = typed_cell(begin, end);
  if (cell.kind == kind::text && std::memchr(begin, '\\', static_cast<std::size_t>(end - begin)))
    cell.unescape = undo_backslashes;
  return cell;
}

}  // namespace streamstat
