// Tables of rows that may go again, in Python.
#include "retracting/bind_reads.hpp"
#include "retracting/key_texts.hpp"
#include "retracting/moves.hpp"
#include "retracting/picks.hpp"
#include "retracting/values.hpp"

namespace streamstat::retracting {

Rows RowArrays::rows() const {
  Rows rows{span_of(slots),
            span_if(kinds),
            span_if(numbers),
            span_if(hashes),
            {span_if(text_offsets), span_if(text_data)},
            span_if(times),
            {span_if(tie_offsets), span_if(tie_data)},
            span_if(by_kinds),
            span_if(by_numbers)};
  rows.require_sizes();
  return rows;
}

namespace {

// Reads by a method that is told slots and nothing else.
template <typename Table, typename Results>
auto by(Results (Table::*method)(Slots) const) {
  return [method](const auto &table, Slots slots, std::size_t) { return (table.*method)(slots); };
}

void bind_rows(nb::module_ &module) {
  const auto none = [](const char *name) { return nb::arg(name).noconvert() = nb::none(); };
  nb::class_<RowArrays>(module, "RetractingRows",
                        "Rows for tables out of which they can be taken again; each table wants its own columns:\n"
                        "slots int32[n], kinds uint8[n], numbers int64[n], hashes uint64[n], texts as offsets\n"
                        "int64[n+1] and bytes, times int64[n], ties (in whose order rows of one time stand) as texts,\n"
                        "by_kinds uint8[n] and by_numbers int64[n], which rank rows. ValueError for unequal sizes.")
      .def(
          "__init__",
          [](RowArrays *made, In<std::int32_t> slots, In<std::uint8_t> kinds, In<std::int64_t> numbers,
             In<std::uint64_t> hashes, In<std::int64_t> text_offsets, In<std::uint8_t> text_data,
             In<std::int64_t> times, In<std::int64_t> tie_offsets, In<std::uint8_t> tie_data, In<std::uint8_t> by_kinds,
             In<std::int64_t> by_numbers) {
            const RowArrays arrays{slots, kinds, numbers,  hashes,   text_offsets, text_data,
                                   times, tie_offsets, tie_data, by_kinds, by_numbers};
            arrays.rows();
            new (made) RowArrays(arrays);
          },
          exactly("slots"), none("kinds"), none("numbers"), none("hashes"), none("text_offsets"), none("text_data"),
          none("times"), none("tie_offsets"), none("tie_data"), none("by_kinds"), none("by_numbers"));
}

void bind_sums(nb::module_ &module) {
  auto types = bind_table<Sums>(module, "RetractingSums", "SumsWalk", "As ExactSums.");
  types.table.def(nb::init<bool>(), nb::arg("squares"));
  bind_read(types, "sums", by(&ExactSums::sums), "As ExactSums.sums.");
  bind_read(types, "means", by(&ExactSums::means), "As ExactSums.means.");
  bind_read(types, "variances", by(&ExactSums::variances), "As ExactSums.variances.");
  bind_read(types, "deviations", by(&ExactSums::deviations), "As ExactSums.deviations.");
  bind_read<Sums, In<std::int64_t>, std::int64_t>(
      types, "ratios",
      [](const Sums &sums, Slots slots, std::size_t first, const In<std::int64_t> &divisors, std::int64_t scale) {
        if (first + slots.size() > divisors.size()) require_size(first + slots.size(), divisors.size(), "divisors");
        return sums.ratios(slots, span_of(divisors).subspan(first, slots.size()), scale);
      },
      "As ExactSums.ratios.", exactly("divisors"), nb::arg("scale"));
}

void bind_numbers(nb::module_ &module) {
  auto counts = bind_table<RowCounts>(module, "RetractingCounts", "CountsWalk",
                                      "How many rows there are, or of rows with kinds how many are not NULL.");
  counts.table.def(nb::init<>());
  bind_read(counts, "values", by(&Counts::values), "int64[m].");

  auto extremes = bind_table<Extremes>(module, "RetractingExtremes", "ExtremesWalk", "As Extremes.");
  extremes.table.def(nb::init<bool>(), nb::arg("minimum"));
  bind_read(extremes, "values", by(&Extremes::values), "As Extremes.values.");

  auto hashes = bind_table<HashCounts>(module, "RetractingDistinct", "DistinctWalk",
                                       "How many different hashes there are of values that are not NULL, exactly.");
  hashes.table.def(nb::init<>());
  bind_read(hashes, "estimates", by(&HashCounts::estimates), "int64[m].");

  auto spans = bind_table<TimeSpans>(module, "RetractingSpans", "SpansWalk",
                                     "The time from the first to the last row; rows at -2^63 have no time.");
  spans.table.def(nb::init<>());
  bind_read(spans, "lengths", by(&TimeSpans::lengths), "int64[m], 0 of nothing.");
}

void bind_buckets(nb::module_ &module) {
  auto buckets = bind_table<BucketCounts>(module, "RetractingHistograms", "HistogramsWalk", "As Histograms.");
  buckets.table.def(
      "__init__",
      [](Guarded<BucketCounts> *made, In<double> edges) { new (made) Guarded<BucketCounts>(span_of(edges)); },
      exactly("edges"));
  bind_read(buckets, "results", by(&Histograms::results), "As Histograms.results.");

  auto percentiles = bind_table<PercentileCounts>(module, "RetractingPercentiles", "PercentilesWalk", "As HdrStates.");
  percentiles.table.def(nb::init<>());
  bind_read<PercentileCounts, std::uint64_t, std::uint64_t>(
      percentiles, "quantile",
      [](const PercentileCounts &table, Slots slots, std::size_t, std::uint64_t numerator, std::uint64_t denominator) {
        return table.quantile(slots, numerator, denominator);
      },
      "As HdrStates.quantile.", nb::arg("numerator"), nb::arg("denominator"));
}

template <typename Kept>
void bind_value_table(nb::module_ &module, const char *name, const char *walk, const char *about) {
  using Table = ValueTable<Kept>;
  auto types = bind_table<Table>(module, name, walk, about);
  types.table.def(nb::init<std::int64_t>(), nb::arg("n"));
  bind_read(types, "results", by(&Table::results), "JSON texts as offsets int64[m+1] and bytes.");
}

void bind_picks(nb::module_ &module) {
  auto picks = bind_table<RowPicks>(
      module, "RetractingPicks", "PicksWalk",
      "The value of one row: the first, or the last by number, time and tie; with `greatest` the first of those with\n"
      "the greatest number. NULLs, and where there are numbers what is none, are left out.");
  picks.table.def(nb::init<bool, bool>(), nb::arg("last"), nb::arg("greatest"));
  bind_read(picks, "values", by(&RowPicks::values), "As Picks.values.");
}

void bind_key_texts(nb::module_ &module) {
  module.def(
      "key_texts",
      [](In<std::uint8_t> kinds, In<std::int64_t> offsets, In<std::uint8_t> data, In<std::int64_t> before_offsets,
         In<std::uint8_t> before_data) {
        return to_arrays(without_gil_if_many(kinds.size(), [&] {
          const TextColumn texts(span_of(offsets), span_of(data), kinds.size());
          if (!before_offsets.is_valid()) return key_texts(span_of(kinds), texts, nullptr);
          const TextColumn before(span_of(before_offsets), span_of(before_data), kinds.size());
          return key_texts(span_of(kinds), texts, &before);
        }));
      },
      exactly("kinds"), exactly("offsets"), exactly("data"), nb::arg("before_offsets").noconvert() = nb::none(),
      nb::arg("before_data").noconvert() = nb::none(),
      "Byte strings that compare as these values stand in rows, behind those of the columns before:\n"
      "(offsets int64[n+1], data uint8[]).\n\n"
      ">>> import numpy as np\n"
      ">>> kinds, offsets = np.full(2, 3, np.uint8), np.array([0, 1, 3])\n"
      ">>> places, made = key_texts(kinds, offsets, np.frombuffer(b'910', np.uint8))\n"
      ">>> made[: places[1]].tobytes() < made[places[1] :].tobytes()\n"
      "True");
}

using Offsets = In<std::int64_t>;
using Data = In<std::uint8_t>;

TextColumn texts_of(const Offsets &offsets, const Data &data) {
  if (offsets.size() == 0) throw std::invalid_argument("offsets: none");
  return TextColumn(span_of(offsets), span_of(data), offsets.size() - 1);
}

void bind_moves(nb::module_ &module) {
  module.def(
      "row_moves",
      [](Offsets before_offsets, Data before_data, Offsets after_offsets, Data after_data, bool skips_same,
         std::size_t padding) {
        Moves made = without_gil_if_many(before_offsets.size(), [&] {
          return moves(texts_of(before_offsets, before_data), texts_of(after_offsets, after_data), skips_same, padding);
        });
        return std::tuple(to_numpy(std::move(made.block), made.size), to_numpy(std::move(made.events)),
                          to_numpy(std::move(made.gone)));
      },
      exactly("before_offsets"), exactly("before_data"), exactly("after_offsets"), exactly("after_data"),
      nb::arg("skips_same"), nb::arg("padding"),
      "Rows before and after n events as lines, in order, that which goes first: (block uint8[], with so many bytes of\n"
      "padding behind; the event of each line int64[k]; whether it goes uint8[k]). Empty texts are no rows.\n\n"
      ">>> import numpy as np\n"
      ">>> before, after = (np.array([0, 0]), np.zeros(0, np.uint8)), (np.array([0, 2]), np.frombuffer(b'{}', np.uint8))\n"
      ">>> block, events, gone = row_moves(*before, *after, True, 1)\n"
      ">>> block.tobytes(), events.tolist(), gone.tolist()\n"
      "(b'{}\\n\\x00', [0], [0])");
  module.def(
      "same_texts",
      [](Offsets offsets, Data data, Offsets other_offsets, Data other_data) {
        return to_numpy(without_gil_if_many(offsets.size(), [&] {
          return same_texts(texts_of(offsets, data), texts_of(other_offsets, other_data));
        }));
      },
      exactly("offsets"), exactly("data"), exactly("other_offsets"), exactly("other_data"),
      "Where two columns of one length have the same text: uint8[n].");
}

}  // namespace

void bind_all(nb::module_ &module) {
  bind_rows(module);
  bind_sums(module);
  bind_numbers(module);
  bind_buckets(module);
  bind_value_table<LeastOf>(module, "RetractingLeast", "LeastWalk", "As LeastStates: the n smallest values.");
  bind_value_table<MostOf>(module, "RetractingTop", "TopWalk",
                           "The n most frequent values, by count then value, exactly: [[value,count,0],...].");
  bind_picks(module);
  bind_key_texts(module);
  bind_moves(module);
}

}  // namespace streamstat::retracting

void bind_retracting(nanobind::module_ &module) { streamstat::retracting::bind_all(module); }
