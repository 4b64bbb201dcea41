#include "base/guarded.hpp"
#include "queries/query_index.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <tuple>

namespace streamstat {

namespace {

constexpr char kAbout[] = R"(Many conditions, of which each event meets few.

programs: byte strings, offsets int64[n+1] and data; `kernels/queries/query_program.hpp` has their form. fields: how many
fields they look at. ValueError for what is no program.

>>> import numpy as np
>>> program = b"c" + bytes(5) + b"\5\3\0\0\0api"  # field 0 equals a text
>>> index = QueryIndex(np.array([0, len(program)]), np.frombuffer(program, np.uint8), 1)
>>> services = np.full(2, 5, np.uint8), np.zeros(2, np.int64), np.array([0, 3, 5]), np.frombuffer(b"apiui", np.uint8)
>>> end, rows, queries, *_ = index.search([services], None, None, None, 0, 2, 100)
>>> end, rows.tolist(), queries.tolist()
(2, [0], [0]))";

constexpr char kSearch[] = R"(What holds in rows [begin, end): (end, rows, queries, open_rows, open_queries).

columns: of each field kinds, numbers, and the offsets and bytes of texts; of no rows where they are not needed.
written: offsets and bytes of whole events, where a query looks anywhere. wanted: uint8[n], the rows that are looked at
(None: all). muted: uint8[queries], those that are left out (None: none). It ends behind the row with which there are
`most` hits. rows int64 and queries int32 go together, in order; those that are open depend on what is not known here.)";

using SharedIndex = Guarded<QueryIndex>;
using Column = std::tuple<In<std::uint8_t>, In<std::int64_t>, In<std::int64_t>, In<std::uint8_t>>;
using Written = std::tuple<In<std::int64_t>, In<std::uint8_t>>;
using Found = std::tuple<std::size_t, Out<std::int64_t>, Out<std::int32_t>, Out<std::int64_t>, Out<std::int32_t>>;

QueryColumn column_of(const Column &given) {
  const auto &[kinds, numbers, offsets, data] = given;
  QueryColumn column{span_of(kinds), span_of(numbers), {}};
  require_kinds(column.kinds);
  if (numbers.size()) require_size(kinds.size(), numbers.size(), "numbers");
  if (offsets.size()) column.texts.emplace(span_of(offsets), span_of(data), kinds.size());
  return column;
}

QueryBlock block_of(const std::vector<Column> &columns, const std::optional<Written> &written) {
  QueryBlock block{0, {}, {}};
  for (const Column &each : columns) block.columns.push_back(column_of(each));
  if (written) {
    const auto &[offsets, data] = *written;
    if (!offsets.size()) throw std::invalid_argument("written: no offsets");
    block.written.emplace(span_of(offsets), span_of(data), offsets.size() - 1);
  }
  return block;
}

void check_rows(const QueryBlock &block, std::size_t end) {
  for (const QueryColumn &each : block.columns)
    if (each.kinds.size() < end) throw std::invalid_argument("columns: fewer rows than are looked at");
  if (block.written && block.written->size() < end) throw std::invalid_argument("written: fewer rows than are looked at");
}

Found search(SharedIndex &self, const std::vector<Column> &columns, const std::optional<Written> &written,
             const std::optional<In<std::uint8_t>> &wanted, const std::optional<In<std::uint8_t>> &muted,
             std::size_t begin, std::size_t end, std::size_t most) {
  const QueryBlock block = block_of(columns, written);
  check_rows(block, end);
  if (wanted && wanted->size() < end) throw std::invalid_argument("wanted: fewer rows than are looked at");
  const auto among = [](const std::optional<In<std::uint8_t>> &mask) {
    return mask ? span_of(*mask) : std::span<const std::uint8_t>();
  };
  QueryIndex::Hits hits = self.with([&](QueryIndex &index) {
    require_size(index.fields(), block.columns.size(), "columns");
    if (muted) require_size(index.size(), muted->size(), "muted");
    return index.search(block, among(wanted), among(muted), begin, end, most);
  });
  return {hits.end, to_numpy(std::move(hits.rows)), to_numpy(std::move(hits.queries)),
          to_numpy(std::move(hits.open_rows)), to_numpy(std::move(hits.open_queries))};
}

void create(SharedIndex *self, In<std::int64_t> offsets, In<std::uint8_t> data, std::size_t fields) {
  if (!offsets.size()) throw std::invalid_argument("offsets: none");
  const TextColumn programs(span_of(offsets), span_of(data), offsets.size() - 1);
  without_gil([&] { new (self) SharedIndex(programs, fields); });
}

Out<std::int32_t> always(SharedIndex &self) {
  auto found = self.with([](QueryIndex &index) { return index.always(); });
  return to_numpy(std::move(found));
}

Out<std::int64_t> evaluated(SharedIndex &self) {
  auto counts = self.with([](QueryIndex &index) { return index.evaluated(); });
  return to_numpy(std::move(counts));
}

}  // namespace

}  // namespace streamstat

void bind_queries(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedIndex>(module, "QueryIndex", kAbout)
      .def("__init__", &create, exactly("offsets"), exactly("data"), nb::arg("fields"))
      .def("search", &search, nb::arg("columns"), nb::arg("written").none(), nb::arg("wanted").noconvert().none(),
           nb::arg("muted").noconvert().none(), nb::arg("begin"), nb::arg("end"), nb::arg("most"), kSearch)
      .def("always", &always, "The queries of which nothing can be looked up, so that every event is held against them.")
      .def("evaluated", &evaluated, "For how many events each query was more than looked up: int64[queries].");
}
