#include "text/render.hpp"

#include <bit>
#include <cmath>
#include <stdexcept>

#include "text/spell.hpp"

namespace streamstat {

namespace {

using Speller = std::vector<TimeSpeller>;  // one a column: each keeps the date of its own last day

std::uint8_t kind_of(const Column &column, std::size_t row) {
  if (column.kinds[row] > kind::huge) throw std::invalid_argument("kinds: no such kind of value");
  return column.kinds[row];
}

char *spell_time(char *out, TimeSpeller &speller, const Column &column, std::size_t row) {
  if (!column.utc_offsets) return speller.utc(out, column.numbers[row]);
  return speller.with_offset(out, column.numbers[row], column.utc_offsets[row]);
}

// Numbers of ANY columns appear as they were written, where that is known.
std::string_view spelling(const Column &column, std::size_t row) {
  return column.type == ColumnType::kAny && column.offsets ? column.text(row) : std::string_view();
}

void put_number(TextBuffer &out, TimeSpeller &speller, const Column &column, std::size_t row, std::uint8_t kind) {
  if (const std::string_view written = spelling(column, row); !written.empty()) return out.put(written);
  char *const at = out.room(kSpelledSize);
  if (kind == kind::real)
    out.advance_to(spell_double(at, std::bit_cast<double>(column.numbers[row])));
  else if (column.type == ColumnType::kTime)
    out.advance_to(spell_time(at, speller, column, row));
  else
    out.advance_to(spell_integer(at, column.numbers[row]));
}

bool is_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t before = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - before;
  };
  const auto skip = [&](char a, char b) {
    const bool there = i < text.size() && (text[i] == a || text[i] == b);
    i += there;
    return there;
  };
  skip('+', '-');
  std::size_t mantissa = digits();
  if (skip('.', '.')) mantissa += digits();
  if (mantissa == 0) return false;
  if (skip('e', 'E')) {
    skip('+', '-');
    if (digits() == 0) return false;
  }
  return i == text.size();
}

bool needs_quotes(std::string_view text) {
  for (const char byte : text)
    if (byte == ',' || byte == '"' || byte == '\n' || byte == '\r') return true;
  return text.empty();
}

void put_quoted(TextBuffer &out, std::string_view text) {
  out.put('"');
  for (std::size_t quote; (quote = text.find('"')) != std::string_view::npos; text.remove_prefix(quote + 1)) {
    out.put(text.substr(0, quote));
    out.put("\"\"");
  }
  out.put(text);
  out.put('"');
}

char escape_of(char byte) { return byte == '\t' ? 't' : byte == '\n' ? 'n' : byte == '\\' ? '\\' : 0; }

void put_escaped(TextBuffer &out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char escape = escape_of(text[i]);
    if (!escape) continue;
    out.put(text.substr(plain, i - plain));
    out.put('\\');
    out.put(escape);
    plain = i + 1;
  }
  out.put(text.substr(plain));
}

struct TsvWriter {
  TextBuffer &out;
  bool terminal;
  TextBuffer scratch{};

  void text(std::string_view cell) {
    if (!terminal) return put_escaped(out, cell);
    scratch.clear();
    put_escaped(scratch, cell);
    put_visible(out, scratch.view());
  }
};

struct CsvWriter {
  TextBuffer &out;
  CsvStyle style;
  TextBuffer scratch{};

  void text(std::string_view cell) {
    const bool guarded = style.formula_guard && runs_as_formula(cell);
    if (guarded || style.terminal) {
      scratch.clear();
      if (guarded) scratch.put('\'');
      style.terminal ? put_visible(scratch, cell) : scratch.put(cell);
      cell = scratch.view();
    }
    needs_quotes(cell) ? put_quoted(out, cell) : out.put(cell);
  }
};

template <typename Writer>
void put_cell(Writer &writer, TimeSpeller &speller, const Column &column, std::size_t row) {
  switch (const std::uint8_t kind = kind_of(column, row)) {
    case kind::null: return;
    case kind::no: return writer.out.put("false");
    case kind::yes: return writer.out.put("true");
    case kind::integer:
    case kind::real: return put_number(writer.out, speller, column, row, kind);
    default: return writer.text(column.text(row));
  }
}

template <typename Writer>
void put_row(Writer &writer, Speller &spellers, std::span<const Column> columns, char separator, std::size_t row) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (c) writer.out.put(separator);
    put_cell(writer, spellers[c], columns[c], row);
  }
}

void put_json_cell(TextBuffer &out, TimeSpeller &speller, const Column &column, std::size_t row) {
  const std::uint8_t kind = kind_of(column, row);
  const bool quoted = kind == kind::text || (kind == kind::integer && column.type == ColumnType::kTime);
  if (quoted) out.put('"');
  switch (kind) {
    case kind::null: out.put("null"); break;
    case kind::no: out.put("false"); break;
    case kind::yes: out.put("true"); break;
    case kind::text: put_json_string(out, column.text(row)); break;
    case kind::json:
    case kind::huge: put_json_raw(out, column.text(row)); break;
    case kind::real:
      if (!std::isfinite(std::bit_cast<double>(column.numbers[row]))) {
        out.put("null");  // JSON has no other word for it
        break;
      }
      [[fallthrough]];
    case kind::integer: put_number(out, speller, column, row, kind); break;
  }
  if (quoted) out.put('"');
}

}  // namespace

std::string_view Column::text(std::size_t row) const {
  if (!offsets) throw std::invalid_argument("text_offsets: missing where a row holds text");
  const std::int64_t lo = offsets[row], hi = offsets[row + 1];
  if (lo < 0 || hi < lo || static_cast<std::size_t>(hi) > data.size())
    throw std::invalid_argument("text_offsets: not ascending within the data");
  return data.substr(static_cast<std::size_t>(lo), static_cast<std::size_t>(hi - lo));
}

// Leading blanks do not help: some programs strip them first. U+FF0B, U+FF0D, U+FF1D and U+FF20 are the
// full-width signs, which some input methods and programs take for the narrow ones.
bool runs_as_formula(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.empty()) return false;
  switch (text.front()) {
    case '=':
    case '@':
    case '\t':
    case '\r':
    case '\n': return true;
    case '+':
    case '-': return text.size() > 1 && !is_number(text);
  }
  const std::string_view sign = text.substr(0, 3);
  return sign == "\xef\xbc\x8b" || sign == "\xef\xbc\x8d" || sign == "\xef\xbc\x9d" || sign == "\xef\xbc\xa0";
}

void render_csv(TextBuffer &out, std::span<const Column> columns, RowRange rows, CsvStyle style) {
  Speller spellers(columns.size());
  CsvWriter writer{out, style};
  for (std::size_t row = rows.lo; row < rows.hi; ++row) {
    put_row(writer, spellers, columns, ',', row);
    out.put('\n');
  }
}

void render_tsv(TextBuffer &out, std::span<const Column> columns, RowRange rows, bool terminal) {
  Speller spellers(columns.size());
  TsvWriter writer{out, terminal};
  for (std::size_t row = rows.lo; row < rows.hi; ++row) {
    put_row(writer, spellers, columns, '\t', row);
    // A reader takes one carriage return for a part of the line's end.
    if (out.size() && out.view().back() == '\r') out.put('\r');
    out.put('\n');
  }
}

void render_ndjson(TextBuffer &out, std::span<const std::string> names, std::span<const Column> columns,
                   RowRange rows) {
  Speller spellers(columns.size());
  std::vector<std::string> keys;  // each with what comes before and after it
  for (const std::string &name : names) {
    TextBuffer key;
    key.put(keys.empty() ? "{\"" : ",\"");
    put_json_string(key, name);
    key.put("\":");
    keys.emplace_back(key.view());
  }
  for (std::size_t row = rows.lo; row < rows.hi; ++row) {
    if (columns.empty()) out.put('{');
    for (std::size_t c = 0; c < columns.size(); ++c) {
      out.put(keys[c]);
      put_json_cell(out, spellers[c], columns[c], row);
    }
    out.put("}\n");
  }
}

void render_cells(TextBuffer &out, std::vector<std::int64_t> &offsets, const Column &column, RowRange rows,
                  bool terminal) {
  TimeSpeller speller;
  offsets.assign(1, 0);
  offsets.reserve(rows.hi - rows.lo + 1);
  for (std::size_t row = rows.lo; row < rows.hi; ++row) {
    switch (const std::uint8_t kind = kind_of(column, row)) {
      case kind::null: break;
      case kind::no: out.put("false"); break;
      case kind::yes: out.put("true"); break;
      case kind::integer:
      case kind::real: put_number(out, speller, column, row, kind); break;
      default: terminal ? put_visible(out, column.text(row)) : out.put(column.text(row));
    }
    offsets.push_back(static_cast<std::int64_t>(out.size()));
  }
}

std::uint32_t survey(const Column &column, RowRange rows) {
  constexpr std::string_view fraction = ".eE";
  std::uint32_t seen = 0;
  for (std::size_t row = rows.lo; row < rows.hi; ++row) {
    const std::uint8_t kind = kind_of(column, row);
    seen |= 1u << kind;
    if (kind != kind::integer && kind != kind::real) continue;
    const std::string_view written = spelling(column, row);
    if (written.empty()) continue;
    const double value = kind == kind::integer ? static_cast<double>(column.numbers[row])
                                          : std::bit_cast<double>(column.numbers[row]);
    // The int64 must survive the way to a double and back; 2^63 itself does not come back.
    if (kind == kind::integer && (value >= 0x1p63 || static_cast<std::int64_t>(value) != column.numbers[row]))
      seen |= kRoundedInteger;
    if (kind == kind::real && std::abs(value) >= 0x1p53 && written.find_first_of(fraction) == written.npos &&
        !is_exactly(written, value))
      seen |= kRoundedDouble;
  }
  return seen;
}

}  // namespace streamstat
