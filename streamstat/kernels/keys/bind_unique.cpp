// Python's view of the values that were counted before, and hashes of several fields.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include "base/guarded.hpp"
#include "base/xxhash64.hpp"
#include "keys/unique.hpp"

namespace streamstat {

namespace {

using SharedUnique = Guarded<UniqueTable>;

constexpr char kAbout[] = R"(Values that were counted before, known by hashes of 128 bits, until each is forgotten.

forgets: whether any ever is.

>>> import numpy as np
>>> table, hashes = UniqueTable(True), np.array([7, 8, 7], np.uint64)
>>> never, before = np.full(3, 2**63 - 1), np.zeros(3, np.int64)
>>> end, duplicates = table.sift(hashes, hashes, never, before, np.full(3, 2, np.uint8), 0)
>>> end, duplicates.tolist()
(3, [0, 0, 1]))";

constexpr char kSift[] = R"(Which rows of a block, from `begin` on, have a value that was there before: (row, uint8[n]).

low, high: uint64[n], the hashes. forgotten: int64[n], the watermark from which on the value of a row is as if it had
never been there; before: int64[n], the watermark before the row. roles: uint8[n], 0 leave it out, 1 ask only, 2 it
counts unless it is a duplicate, 3 it may be late. The row is n, or one before which `settle` must be called: it has the
value of a row of the third kind. ValueError for unequal sizes.)";

constexpr char kJoin[] = R"(A hash of several hashes, row by row: uint64[n]. ValueError for none, or unequal sizes.)";

std::pair<std::size_t, Out<std::uint8_t>> sift(SharedUnique &self, In<std::uint64_t> low, In<std::uint64_t> high,
                                               In<std::int64_t> forgotten, In<std::int64_t> before,
                                               In<std::uint8_t> roles, std::size_t begin) {
  const std::size_t n = roles.size();
  require_size(n, low.size(), "low");
  require_size(n, high.size(), "high");
  require_size(n, forgotten.size(), "forgotten");
  require_size(n, before.size(), "before");
  auto duplicates = to_numpy(std::vector<std::uint8_t>(n));
  const UniqueTable::Rows rows{span_of(low), span_of(high), span_of(forgotten), span_of(before), span_of(roles)};
  const std::size_t end =
      self.with_few(n, [&](UniqueTable &table) { return table.sift(rows, begin, {duplicates.data(), n}); });
  return {end, std::move(duplicates)};
}

void settle(SharedUnique &self, In<std::uint8_t> lost) {
  self.with_few(lost.size(), [&](UniqueTable &table) { table.settle(span_of(lost)); });
}

Out<std::uint64_t> join_hashes(std::vector<In<std::uint64_t>> columns) {
  if (columns.empty()) throw std::invalid_argument("columns: none");
  const std::size_t n = columns[0].size();
  for (const auto &column : columns) require_size(n, column.size(), "columns");
  auto joined = unfilled_array<std::uint64_t>(n);
  without_gil([&] {
    std::vector<std::uint64_t> row(columns.size());
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t c = 0; c < columns.size(); ++c) row[c] = columns[c].data()[i];
      joined.data()[i] = xxhash64(row.data(), row.size() * sizeof(std::uint64_t));
    }
  });
  return joined;
}

std::size_t size(SharedUnique &self) {
  return self.with_few(0, [](UniqueTable &table) { return table.size(); });
}

nb::bytes snapshot(SharedUnique &self) {
  return to_bytes(self.with([](UniqueTable &table) { return table.snapshot(); }));
}

void restore(SharedUnique &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](UniqueTable &table) { table.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_unique(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedUnique>(module, "UniqueTable", kAbout)
      .def(nb::init<bool>(), nb::arg("forgets"))
      .def("sift", &sift, exactly("low"), exactly("high"), exactly("forgotten"), exactly("before"), exactly("roles"),
           nb::arg("begin"), kSift)
      .def("settle", &settle, exactly("lost"),
           "Remember the rows that might have been late and were not, uint8[m]; those behind m were not.")
      .def("__len__", &size)
      .def("snapshot", &snapshot, "The whole state as bytes, in the order of hashes.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
  module.def("join_hashes", &join_hashes, exactly("columns"), kJoin);
}
