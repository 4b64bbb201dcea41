// Python's view of the rows of a table.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "base/guarded.hpp"
#include "base/gil.hpp"
#include "views/numbered.hpp"
#include "views/row_table.hpp"

#include <optional>
#include <tuple>

namespace streamstat {

namespace {

using SharedRows = Guarded<RowTable>;
using Offsets = In<std::int64_t>;
using Data = In<std::uint8_t>;
using Slots = In<std::int32_t>;
using Texts = std::tuple<Offsets, Data>;
using Events = std::tuple<Out<std::uint8_t>, Out<std::int64_t>, Out<std::uint8_t>, Out<std::int32_t>, Out<std::int32_t>,
                          Out<std::int64_t>, TextArrays, TextArrays>;

constexpr char kAbout[] = R"(The last row of each key of a table, as changes come in the order of their log.

A key is a slot, an int32 from 0; a row is a JSON object on one line, whose members stay spelt as they came. collects_names:
whether names of columns are kept, in the order in which changes bring them.

>>> import numpy as np
>>> table, no_offsets, nothing = RowTable(False), np.zeros(2, np.int64), np.zeros(0, np.uint8)
>>> text = np.frombuffer(b'{"a":1}', np.uint8)
>>> one, none = np.zeros(1, np.int32), np.full(1, -1, np.int32)
>>> events = table.apply(np.zeros(1, np.uint8), one, none, (np.array([0, 7]), text), None, none,
...                      (no_offsets, nothing), np.zeros(1, np.int64), False, False)
>>> events[2].tolist(), table.live().tolist()
([1], [0]))";

constexpr char kNumbered[] = R"(Objects whose members are called by the places of their names in a list: other members are left out.

What is no object gives an empty text.)";

constexpr char kApply[] = R"(Take in n changes in the order of the log; what they did to rows.

ops: uint8[n], 0 the row is this one, 1 these columns of it, 2 it is gone, 3 all rows are gone, 4 the row as a snapshot has
it, 5 steps that change it (see changes/edits.hpp). slots: int32[n]. old_slots: the key that the row had before, or -1.
texts: (offsets, data) of the row, its columns or the steps. kept: the same of objects whose names are columns that the row
has, whatever is in them, or None. spaces, positions: a change whose position is not greater than that of the last one of its
key in the same space (-1: it has none) is stale; one of a snapshot is, if there was any other of its key. times: int64[n],
the least is none. wants_before, wants_after: whether the rows before and after each event are told.

Gives of each change whether it was applied (bit 1: to its key, bit 2: to the old one), and of each event, in order, the
change, 1 insert, 2 update or 3 delete, the slot, how many names were known behind it, when the row before
it had changed, and the rows before and after it, if they are wanted.
ValueError for what cannot be; nothing has changed then.)";

TextColumn column(const Texts &texts, std::size_t n) {
  return {span_of(std::get<0>(texts)), span_of(std::get<1>(texts)), n};
}

Events apply(SharedRows &self, In<std::uint8_t> ops, Slots slots, Slots old_slots, Texts texts, std::optional<Texts> kept,
             Slots spaces, Texts positions, Offsets times, bool wants_before, bool wants_after) {
  const std::size_t n = ops.size();
  RowChanges changes{span_of(ops),    span_of(slots),       span_of(old_slots), column(texts, n), {},
                     span_of(spaces), column(positions, n), span_of(times)};
  if (kept) changes.kept.emplace(column(*kept, n));
  RowEvents events = self.with_few(n, [&](RowTable &table) { return table.apply(changes, {wants_before, wants_after}); });
  return {to_numpy(std::move(events.applied)), to_numpy(std::move(events.changes)), to_numpy(std::move(events.kinds)),
          to_numpy(std::move(events.slots)),   to_numpy(std::move(events.names)),   to_numpy(std::move(events.before_times)), to_arrays(std::move(events.before)),
          to_arrays(std::move(events.after))};
}

TextArrays numbered_members(Offsets offsets, Data data, const std::vector<std::string> &names) {
  if (offsets.size() == 0) throw std::invalid_argument("text_offsets: there are none");
  const TextColumn texts(span_of(offsets), span_of(data), offsets.size() - 1);
  return to_arrays(without_gil_if_many(texts.size(), [&] { return numbered(texts, names); }));
}

Out<std::int32_t> live(SharedRows &self) {
  return to_numpy(self.with([](RowTable &table) { return table.live(); }));
}

Out<std::int32_t> partial(SharedRows &self) {
  return to_numpy(self.with([](RowTable &table) { return table.partial(); }));
}

TextArrays rows(SharedRows &self, Slots slots) {
  return to_arrays(self.with_few(slots.size(), [&](RowTable &table) { return table.rows(span_of(slots)); }));
}

Out<std::int64_t> times(SharedRows &self, Slots slots) {
  auto out = unfilled_array<std::int64_t>(slots.size());
  self.with_few(slots.size(), [&](RowTable &table) { table.times(span_of(slots), span_of(out)); });
  return out;
}

std::vector<nb::bytes> names_of(const std::vector<std::string> &all) {
  std::vector<nb::bytes> out;
  for (const std::string &name : all) out.emplace_back(name.data(), name.size());
  return out;
}

std::vector<nb::bytes> names(SharedRows &self) {
  return names_of(self.with_few(0, [](RowTable &table) { return table.names().all(); }));
}

std::vector<nb::bytes> present_names(SharedRows &self) {
  return names_of(self.with([](RowTable &table) { return table.present_names(); }));
}

std::size_t name_count(SharedRows &self) {
  return self.with_few(0, [](RowTable &table) { return table.names().size(); });
}

std::size_t size_of(SharedRows &self) {
  return self.with_few(0, [](RowTable &table) { return table.bytes(); });
}

nb::bytes snapshot(SharedRows &self) {
  return to_bytes(self.with([](RowTable &table) { return table.snapshot(); }));
}

void restore(SharedRows &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](RowTable &table) { table.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_views(nanobind::module_ &module) {
  using namespace streamstat;
  module.def("numbered_members", &numbered_members, exactly("text_offsets"), exactly("text_data"), nb::arg("names"), kNumbered);
  nb::class_<SharedRows>(module, "RowTable", kAbout)
      .def(nb::init<bool>(), nb::arg("collects_names"))
      .def("apply", &apply, exactly("ops"), exactly("slots"), exactly("old_slots"), nb::arg("texts"),
           nb::arg("kept").none(), exactly("spaces"), nb::arg("positions"), exactly("times"), nb::arg("wants_before"),
           nb::arg("wants_after"), kApply)
      .def("live", &live, "The slots that have a row, ascending: int32.")
      .def("partial", &partial, "Those of them of whose row not all columns are known: an update began it.")
      .def("rows", &rows, exactly("slots"),
           "The rows of these slots: (offsets int64[m+1], data uint8). IndexError for a slot that has none.")
      .def("times", &times, exactly("slots"),
           "The time of the last change of each: int64[m]. IndexError for a slot that was never given.")
      .def_prop_ro("names", &names, "The names of columns that changes have brought, in that order, if they are collected: UTF-8.")
      .def("present_names", &present_names,
           "Those of the names that rows have, or of which a row may have a value that nobody knows.")
      .def_prop_ro("name_count", &name_count, "How many there are.")
      .def_prop_ro("size", &size_of, "What rows and positions take, with what is to be given back.")
      .def("snapshot", &snapshot, "The whole state as bytes, for `restore`.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
}
