// Python's way to the renderer; a column comes as a tuple of the arrays of its values.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <tuple>

#include "base/arrays.hpp"
#include "base/gil.hpp"
#include "text/lists.hpp"
#include "text/render.hpp"
#include "text/taking.hpp"

namespace streamstat {

namespace {

using Integers = Out<std::int64_t>;
using ByteArray = Out<std::uint8_t>;

template <typename T>
In<T> array_of(nb::handle value, const char *name) {
  In<T> array;
  if (!nb::try_cast(value, array)) throw nb::type_error((std::string(name) + ": not such an array").c_str());
  return array;
}

// The arrays a column points into, held for as long as it is rendered.
struct HeldColumn {
  In<std::uint8_t> kinds, data;
  In<std::int64_t> numbers, offsets, utc_offsets;
  Column column;

  explicit HeldColumn(nb::handle given) {
    nb::tuple parts;
    if (!nb::try_cast(given, parts) || parts.size() != 6)
      throw nb::value_error("column: not (type, kinds, numbers, text_offsets, text_data, utc_offset_seconds)");
    int type = -1;
    if (!nb::try_cast(parts[0], type) || type < 0 || type > static_cast<int>(ColumnType::kList)) throw nb::value_error("column: no such type");
    column.type = static_cast<ColumnType>(type);
    kinds = array_of<std::uint8_t>(parts[1], "kinds");
    numbers = array_of<std::int64_t>(parts[2], "numbers");
    column.size = kinds.size();
    require_size(column.size, numbers.size(), "numbers");
    column.kinds = kinds.data();
    column.numbers = numbers.data();
    if (!parts[3].is_none()) hold_texts(parts[3], parts[4]);
    if (parts[5].is_none()) return;
    utc_offsets = array_of<std::int64_t>(parts[5], "utc_offset_seconds");
    require_size(column.size, utc_offsets.size(), "utc_offset_seconds");
    column.utc_offsets = utc_offsets.data();
  }

 private:
  void hold_texts(nb::handle given_offsets, nb::handle given_data) {
    offsets = array_of<std::int64_t>(given_offsets, "text_offsets");
    data = array_of<std::uint8_t>(given_data, "text_data");
    require_size(column.size + 1, offsets.size(), "text_offsets");
    column.offsets = offsets.data();
    column.data = {reinterpret_cast<const char *>(data.data()), data.size()};
  }
};

struct HeldColumns {
  std::vector<HeldColumn> held;
  std::vector<Column> columns;

  HeldColumns(nb::handle given, std::size_t lo, std::size_t hi) {
    for (nb::handle column : given) columns.push_back(held.emplace_back(column).column);
    if (hi < lo) throw nb::value_error("rows: hi below lo");
    for (const Column &column : columns)
      if (hi > column.size) throw nb::index_error("rows: beyond the end of a column");
  }
};

ByteArray to_array(const TextBuffer &out) {
  const std::string_view text = out.view();
  return to_numpy(std::vector<std::uint8_t>(text.begin(), text.end()));
}

nb::bytes to_bytes(const TextBuffer &out) { return nb::bytes(out.view().data(), out.size()); }

nb::bytes csv(nb::handle given, std::size_t lo, std::size_t hi, bool formula_guard, bool terminal) {
  const HeldColumns held(given, lo, hi);
  TextBuffer out;
  {
    nb::gil_scoped_release release;
    render_csv(out, held.columns, {lo, hi}, {formula_guard, terminal});
  }
  return to_bytes(out);
}

nb::bytes tsv(nb::handle given, std::size_t lo, std::size_t hi, bool terminal) {
  const HeldColumns held(given, lo, hi);
  TextBuffer out;
  {
    nb::gil_scoped_release release;
    render_tsv(out, held.columns, {lo, hi}, terminal);
  }
  return to_bytes(out);
}

nb::bytes ndjson(nb::handle given_names, nb::handle given, std::size_t lo, std::size_t hi) {
  const HeldColumns held(given, lo, hi);
  std::vector<std::string> names;
  for (nb::handle name : given_names) {
    nb::bytes bytes;
    if (!nb::try_cast(name, bytes)) throw nb::type_error("names: not bytes");
    names.emplace_back(bytes.c_str(), bytes.size());
  }
  require_size(held.columns.size(), names.size(), "names");
  TextBuffer out;
  {
    nb::gil_scoped_release release;
    render_ndjson(out, names, held.columns, {lo, hi});
  }
  return to_bytes(out);
}

std::tuple<Integers, ByteArray> cells(nb::handle given, std::size_t lo, std::size_t hi, bool terminal) {
  const HeldColumns held(nb::make_tuple(given), lo, hi);
  TextBuffer out;
  std::vector<std::int64_t> offsets;
  {
    nb::gil_scoped_release release;
    render_cells(out, offsets, held.columns[0], {lo, hi}, terminal);
  }
  return {to_numpy(std::move(offsets)), to_array(out)};
}

std::uint32_t seen(nb::handle given, std::size_t lo, std::size_t hi) {
  const HeldColumns held(nb::make_tuple(given), lo, hi);
  nb::gil_scoped_release release;
  return survey(held.columns[0], {lo, hi});
}

std::tuple<Integers, Out<double>, Integers, Integers, Integers, ByteArray> lists(nb::handle given, std::size_t lo,
                                                                             std::size_t hi) {
  const HeldColumns held(nb::make_tuple(given), lo, hi);
  Lists read;
  {
    nb::gil_scoped_release release;
    read = read_lists(held.columns[0], {lo, hi});
  }
  return {to_numpy(std::move(read.starts)), to_numpy(std::move(read.uppers)),
          to_numpy(std::move(read.counts)), to_numpy(std::move(read.errors)),
          to_numpy(std::move(read.text_offsets)), to_array(read.texts)};
}

TextArrays take_texts(In<std::int64_t> offsets, In<std::uint8_t> data, In<std::int64_t> rows) {
  if (offsets.size() == 0) throw std::invalid_argument("text_offsets: none");
  return to_arrays(without_gil_if_many(rows.size(), [&] {
    return texts_at(TextColumn(span_of(offsets), span_of(data), offsets.size() - 1), span_of(rows));
  }));
}

TextArrays either_of_texts(In<std::uint8_t> where, In<std::int64_t> offsets, In<std::uint8_t> data,
                           In<std::int64_t> other_offsets, In<std::uint8_t> other_data) {
  if (offsets.size() == 0 || other_offsets.size() == 0) throw std::invalid_argument("text_offsets: none");
  const TextColumn one(span_of(offsets), span_of(data), offsets.size() - 1);
  const TextColumn other(span_of(other_offsets), span_of(other_data), other_offsets.size() - 1);
  return to_arrays(without_gil_if_many(where.size(), [&] { return either_texts(span_of(where), one, other); }));
}

}  // namespace

}  // namespace streamstat

void bind_render(nanobind::module_ &module) {
  namespace nb = nanobind;
  using namespace nb::literals;
  module.def("render_csv", &streamstat::csv, "columns"_a, "lo"_a, "hi"_a, "formula_guard"_a, "terminal"_a,
             R"(Rows [lo, hi) of the columns as CSV lines (RFC 4180, ended by a newline), without a header.

Each column is (type, kinds uint8[n], numbers int64[n], text_offsets int64[n+1] | None,
text_data uint8 | None, utc_offset_seconds int64[n] | None), as in streamstat.batch; the last is for TIME
columns, where None means UTC. Doubles appear as in repr(), times in ISO 8601, null as nothing and empty text
as "". formula_guard puts a quote before text that a spreadsheet would run; terminal spells control characters
out. ValueError, TypeError or IndexError if arrays do not fit each other.

>>> import numpy as np
>>> render_csv([(2, np.array([4, 0], np.uint8), np.array([0.1, 0]).view(np.int64), None, None, None)],
...            0, 2, False, False)
b'0.1\n\n')");
  module.def("render_tsv", &streamstat::tsv, "columns"_a, "lo"_a, "hi"_a, "terminal"_a,
             R"(Rows [lo, hi) as TSV lines, without a header; columns and `terminal` as for render_csv.

A tab, a newline and a backslash of a text are \t, \n and \\; null and empty text are nothing.)");
  module.def("render_ndjson", &streamstat::ndjson, "names"_a, "columns"_a, "lo"_a, "hi"_a,
             R"(Rows [lo, hi) as one JSON object a line, keys by names (bytes); columns as for render_csv.

What steers a terminal is always escaped, bad UTF-8 becomes U+FFFD, a double that is no number null.)");
  module.def("render_cells", &streamstat::cells, "column"_a, "lo"_a, "hi"_a, "terminal"_a,
             R"(The bare text of each cell of one column, nothing for null: (offsets int64[n+1], data uint8).)");
  module.def("survey_column", &streamstat::seen, "column"_a, "lo"_a, "hi"_a,
             R"(What rows [lo, hi) hold: bit k for each kind k, bit 8 if an integer as written is not its double,
bit 9 if an int64 as written equals no double.)");
  module.def("read_lists", &streamstat::lists, "column"_a, "lo"_a, "hi"_a,
             R"(The entries of HISTOGRAM, TOP or LIST texts in rows [lo, hi), and where those of each row begin:
(starts int64[n+1], uppers float64 with NaN for null, counts int64, errors int64, text_offsets int64[m+1],
text_data uint8). Of the three forms only the columns that it has are filled.
A value of TOP or LIST is text: of a string what it says, else its JSON. ValueError if a text is no such list.)");
  module.def("take_texts", &streamstat::take_texts, streamstat::exactly("offsets"), streamstat::exactly("data"),
             streamstat::exactly("rows"),
             "Of n texts those at rows int64[m], in that order. IndexError for a row that there is not.");
  module.def("either_texts", &streamstat::either_of_texts, streamstat::exactly("where"), streamstat::exactly("offsets"),
             streamstat::exactly("data"), streamstat::exactly("other_offsets"), streamstat::exactly("other_data"),
             "Of two columns of n texts the first where uint8[n] is not 0, else the other. ValueError for other lengths.");
}
