// Finds where whole records of CSV end, in bytes as they come. Each byte is looked at about once, however they come.
#pragma once

#include "events/scan.hpp"

#include <cstddef>
#include <span>

namespace streamstat {

class QuotedRecords {
 public:
  explicit QuotedRecords(Byte separator) : separator_(separator) {}

  // The byte behind the last whole record, 0 if none ends. `content` is what it was before, and more.
  std::size_t end(std::span<const Byte> content);

  // Where a record that fills `content` and has no end is cut off: behind its first line, 0 if that has no end either.
  static std::size_t forced_end(std::span<const Byte> content);

  // The first bytes were taken: those behind them come first from now on.
  void taken(std::size_t size);

 private:
  // Where the place reached lies: among unquoted cells, in quotes, behind wrong quotes in a line without end.
  enum class Within : std::uint8_t { cells, quotes, bad_line };

  bool leave_cells(std::span<const Byte> content);
  bool leave_quotes(std::span<const Byte> content);
  bool leave_bad_line(std::span<const Byte> content);
  bool opens_cell(std::span<const Byte> content, std::size_t quote) const;

  Byte separator_;
  Within within_ = Within::cells;
  std::size_t reached_ = 0;  // what lies before it has been looked at
  std::size_t record_ = 0;   // where the present record begins: no record ends between it and `reached_`
};

}  // namespace streamstat
