// text/ turns result columns into text, and lists in text into columns. It knows neither files nor which columns a
// report has. Begin here, then spell.hpp (numbers and times) and escape.hpp (what must not reach a terminal as it is).
//
// Result columns as CSV, as TSV, as NDJSON, or cell by cell as plain text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/kinds.hpp"
#include "text/escape.hpp"

namespace streamstat {

enum class ColumnType : int { kTime, kInteger, kDouble, kAny, kLabel, kHistogram, kTop, kBinary, kList };

// One column of JSON values; the arrays belong to the caller, `offsets` and `utc_offsets` may be absent.
struct Column {
  ColumnType type = ColumnType::kAny;
  std::size_t size = 0;
  const std::uint8_t *kinds = nullptr;
  const std::int64_t *numbers = nullptr;
  const std::int64_t *offsets = nullptr;
  std::string_view data;
  const std::int64_t *utc_offsets = nullptr;

  // What the row holds as text; throws where it should hold some and the arrays do not say which.
  std::string_view text(std::size_t row) const;
};

struct RowRange {
  std::size_t lo;
  std::size_t hi;
};

struct CsvStyle {
  bool formula_guard;  // a quote before text that a spreadsheet would run
  bool terminal;       // control characters spelt out
};

void render_csv(TextBuffer &out, std::span<const Column> columns, RowRange rows, CsvStyle style);
// TSV as the input format of that name reads it; terminal: control characters spelt out.
void render_tsv(TextBuffer &out, std::span<const Column> columns, RowRange rows, bool terminal);
void render_ndjson(TextBuffer &out, std::span<const std::string> names, std::span<const Column> columns,
                   RowRange rows);

// The bare text of each cell, nothing for null: cell lo + i is out[offsets[i], offsets[i + 1]).
void render_cells(TextBuffer &out, std::vector<std::int64_t> &offsets, const Column &column, RowRange rows,
                  bool terminal);

// What a column of any type must hold: bit k for each kind k seen, and the two flags below.
inline constexpr std::uint32_t kRoundedDouble = 1u << 8;   // an integer as written that its double is not
inline constexpr std::uint32_t kRoundedInteger = 1u << 9;  // an int64 as written that no double equals
std::uint32_t survey(const Column &column, RowRange rows);

// Whether a spreadsheet would take the text for a formula.
bool runs_as_formula(std::string_view text);

}  // namespace streamstat
