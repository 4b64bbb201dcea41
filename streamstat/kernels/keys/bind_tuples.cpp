// Python's view of the tuples.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include "base/guarded.hpp"
#include "keys/tuples.hpp"

namespace streamstat {

namespace {

using SharedTuples = Guarded<TupleTable>;

constexpr char kAbout[] = R"(Rows of `width` codes to dense ids in first-come order, and back.

ValueError unless 1 <= width <= 4096.

>>> import numpy as np
>>> tuples = TupleTable(2)
>>> tuples.intern([np.array([4, 4, 4], np.int32), np.array([0, 1, 0], np.int32)]).tolist()
[0, 1, 0])";

constexpr char kIntern[] = R"(The id of each row, given if it is new: int32[n].

columns: `width` arrays int32[n]. take: uint8[n], 0 = leave this row out, id -1; None takes all. ValueError for
another number of columns or unequal sizes, OverflowError beyond 2^31 - 1 ids.)";

// Where each of `width` columns of one length begins.
std::vector<const std::int32_t *> starts_of(SharedTuples &self, const std::vector<In<std::int32_t>> &columns) {
  const std::size_t width = self.with_few(0, [](TupleTable &state) { return state.width(); });
  require_size(width, columns.size(), "columns");
  std::vector<const std::int32_t *> starts;
  for (const auto &column : columns) {
    require_size(columns[0].size(), column.size(), "columns");
    starts.push_back(column.data());
  }
  return starts;
}

Out<std::int32_t> intern(SharedTuples &self, std::vector<In<std::int32_t>> columns,
                         std::optional<In<std::uint8_t>> take) {
  const auto starts = starts_of(self, columns);
  const std::size_t n = columns[0].size();
  if (take) require_size(n, take->size(), "take");
  auto ids = unfilled_array<std::int32_t>(n);
  const auto taken = take ? span_of(*take) : std::span<const std::uint8_t>();
  self.with_few(n, [&](TupleTable &state) { state.intern(starts, taken, span_of(ids)); });
  return ids;
}

Out<std::int32_t> find(SharedTuples &self, std::vector<In<std::int32_t>> columns) {
  const auto starts = starts_of(self, columns);
  auto ids = unfilled_array<std::int32_t>(columns[0].size());
  self.with_few(ids.size(), [&](TupleTable &state) { state.find(starts, span_of(ids)); });
  return ids;
}

std::vector<Out<std::int32_t>> columns(SharedTuples &self, In<std::int32_t> ids) {
  const std::size_t width = self.with_few(0, [](TupleTable &state) { return state.width(); });
  std::vector<Out<std::int32_t>> columns;
  for (std::size_t c = 0; c < width; ++c) columns.push_back(unfilled_array<std::int32_t>(ids.size()));
  self.with_few(ids.size(), [&](TupleTable &state) {
    for (std::size_t c = 0; c < width; ++c) state.column(c, span_of(ids), span_of(columns[c]));
  });
  return columns;
}

Out<std::int32_t> retain(SharedTuples &self, In<std::uint8_t> live) {
  return to_numpy(self.with([&](TupleTable &state) { return state.retain(span_of(live)); }));
}

std::size_t size(SharedTuples &self) {
  return self.with_few(0, [](TupleTable &state) { return state.size(); });
}

nb::bytes snapshot(SharedTuples &self) {
  return to_bytes(self.with([](TupleTable &state) { return state.snapshot(); }));
}

void restore(SharedTuples &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](TupleTable &state) { state.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_tuples(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedTuples>(module, "TupleTable", kAbout)
      .def(nb::init<std::int64_t>(), nb::arg("width"))
      .def("intern", &intern, exactly("columns"), nb::arg("take").none().noconvert() = nb::none(), kIntern)
      .def("find", &find, exactly("columns"), "As intern of all rows, but a row without an id gets none: -1.")
      .def("__len__", &size)
      .def("columns", &columns, exactly("ids"),
           "The codes of each id: a list of `width` arrays int32[m]. IndexError for an id that was never given.")
      .def("retain", &retain, exactly("live"),
           "Forget ids whose flag (uint8, one an id) is 0, close the gaps in order; the new id of each old one, -1 if "
           "forgotten: int32. ValueError for a wrong number of flags.")
      .def("snapshot", &snapshot, "The whole state as bytes, for `restore` of a table of this width.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
}
