// Python's view of joins.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/guarded.hpp"
#include "joins/interval_join.hpp"
#include "joins/version_join.hpp"

namespace streamstat {

namespace {

constexpr char kAboutInterval[] = R"(Pairs of two sides, 0 and 1, whose keys are equal and whose times are so far apart.

least, most: of the right time minus the left one, both included, in microseconds. pick: of the partners of a left event
all (0), or the first (1), last (2) or nearest (3). pairs: they are told. once: left events that have a partner are told
instead. left, right: events without a partner are told. itself: both sides are of one input, and no event meets itself.)";

constexpr char kAboutVersion[] = R"(Left events (side 0), each with the newest event of its key on side 1 that is not later.

longest: how old that may be, in microseconds; None: as old as it likes. pairs: left events that have one are told; left:
those that have none. itself: both sides are of one input, and no event is its own version.)";

Side side_of(int side) {
  if (side != kLeft && side != kRight) throw std::invalid_argument("side: neither 0 nor 1");
  return static_cast<Side>(side);
}

template <typename Join>
void push(Guarded<Join> &self, int side, In<std::int64_t> rows, In<std::int64_t> times, In<std::uint64_t> low,
          In<std::uint64_t> high, In<std::uint8_t> keyed, In<std::uint8_t> deletes, std::int64_t sequence) {
  const Side of = side_of(side);
  const std::size_t n = times.size();
  require_size(n, low.size(), "low");
  require_size(n, high.size(), "high");
  require_size(n, keyed.size(), "keyed");
  if (deletes.size() != 0) require_size(n, deletes.size(), "deletes");
  for (const std::int64_t row : span_of(rows))
    if (row < 0 || static_cast<std::size_t>(row) >= n) throw std::invalid_argument("rows: not of this block");
  self.with_few(rows.size(), [&](Join &join) {
    std::vector<JoinEvent> events;
    events.reserve(rows.size());
    for (const std::int64_t row : span_of(rows))
      events.push_back({times.data()[row], sequence + row, low.data()[row], high.data()[row], keyed.data()[row] != 0,
                        deletes.size() != 0 && deletes.data()[row] != 0});
    join.push(of, std::move(events));
  });
}

template <typename Join>
auto work(Guarded<Join> &self, std::int64_t until, std::size_t most) {
  JoinRows rows;
  std::int64_t reached = until;
  std::vector<std::int64_t> left, right, left_times, right_times;
  self.with([&](Join &join) {
    reached = join.work(until, std::max<std::size_t>(most, 1), rows);
    for (std::vector<std::int64_t> *column : {&left, &right, &left_times, &right_times}) column->reserve(rows.size());
    for (const JoinRow &row : rows) {
      left.push_back(row.left);
      right.push_back(row.right);
      left_times.push_back(row.left_time);
      right_times.push_back(row.right_time);
    }
  });
  return std::tuple(reached, to_numpy(std::move(left)), to_numpy(std::move(right)), to_numpy(std::move(left_times)),
                    to_numpy(std::move(right_times)));
}

template <typename Join>
Out<std::int64_t> kept(Guarded<Join> &self, int side) {
  const Side of = side_of(side);
  return to_numpy(self.with([&](Join &join) { return join.kept(of); }));
}

template <typename Join, auto Member, typename... Arguments>
auto asked(Guarded<Join> &self, Arguments... arguments) {
  return self.with([&](Join &join) { return (join.*Member)(arguments...); });
}

template <typename Join>
nb::bytes snapshot(Guarded<Join> &self) {
  return to_bytes(asked<Join, &Join::snapshot>(self));
}

template <typename Join>
void restore(Guarded<Join> &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](Join &join) { join.restore(span); });
}

template <typename Join, typename Class>
void define(Class &of) {
  of.def("push", &push<Join>, nb::arg("side"), exactly("rows"), exactly("times"), exactly("low"), exactly("high"),
         exactly("keyed"), exactly("deletes"), nb::arg("sequence"),
         "Rows of a block of a side wait, int64[m]. times int64[n], low and high uint64[n] (the hash of the key), keyed"
         " uint8[n] (0: it has none), deletes uint8[n], or empty: from that event on its key has no version. sequence: the"
         " number of its first row. ValueError for rows that it does not have.")
      .def("work", &work<Join>, nb::arg("until"), nb::arg("most"),
           "Work on the events before this time, or on about so many: the time before which all is told now, and of each"
           " row the numbers of its left and its right event (-1: none) and their times, in order.")
      .def("open", &asked<Join, &Join::open>, "How many events wait, or can still be met.")
      .def("latest", &asked<Join, &Join::latest>, "The last time at which anything is decided; the least int64 for none.")
      .def("oldest", &asked<Join, &Join::oldest, std::int64_t>, nb::arg("watermark"),
           "The earliest time that a row decided from here on may have, or the watermark.")
      .def("kept", &kept<Join>, nb::arg("side"),
           "The numbers of the events of a side that rows may still ask for, ascending.")
      .def("snapshot", &snapshot<Join>, "The whole state as bytes.")
      .def("restore", &restore<Join>, nb::arg("snapshot"),
           "Replace the whole state by a snapshot of a join of the same terms. ValueError for foreign bytes; nothing has"
           " changed then.");
}

void create_interval(Guarded<IntervalJoin> *self, std::int64_t least, std::int64_t most, int pick, bool pairs, bool once,
                     bool left, bool right, bool itself) {
  if (pick < 0 || pick > static_cast<int>(Pick::kNearest)) throw std::invalid_argument("pick: not 0 to 3");
  new (self) Guarded<IntervalJoin>(
      IntervalTerms{least, most, static_cast<Pick>(pick), pairs, once, itself, {left, right}});
}

void create_version(Guarded<VersionJoin> *self, std::optional<std::int64_t> longest, bool pairs, bool left, bool itself) {
  new (self) Guarded<VersionJoin>(VersionTerms{longest, pairs, left, itself});
}

}  // namespace

}  // namespace streamstat

void bind_joins(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<Guarded<IntervalJoin>> interval(module, "IntervalJoin", kAboutInterval);
  interval.def("__init__", &create_interval, nb::arg("least"), nb::arg("most"), nb::arg("pick"), nb::arg("pairs"),
               nb::arg("once"), nb::arg("left"), nb::arg("right"), nb::arg("itself"));
  define<IntervalJoin>(interval);
  nb::class_<Guarded<VersionJoin>> version(module, "VersionJoin", kAboutVersion);
  version.def("__init__", &create_version, nb::arg("longest").none(), nb::arg("pairs"), nb::arg("left"),
              nb::arg("itself"));
  define<VersionJoin>(version);
}
