// Python's view of the sums that overlapping windows share.
#include <nanobind/stl/tuple.h>

#include <tuple>

#include "windows/shared_pieces.hpp"
#include "windows/spans.hpp"

namespace streamstat {

namespace {

using SharedSpans = Guarded<Spans>;
using Slots = Out<std::int32_t>;
using Numbers = Out<std::int64_t>;

constexpr char kAboutPanes[] = R"(Live panes by key and time, and the windows that they are in.

Windows are numbered in the order of their edges; pane i is in windows firsts[i] to lasts[i]. Of a key, both grow
from pane to pane, and not both stay what they were. Columns of one length, in any order.

>>> import numpy as np
>>> one = np.array([0], np.int32)
>>> panes = SortedPanes(one, one, np.array([60]), np.array([-3]), np.array([1]))
>>> [column.tolist() for column in panes.fired(-2, 9)]
[[0, 0, 0], [-1, 0, 1]])";

constexpr char kFired[] =
    R"(The windows numbered (since, until] that hold a pane, key by key: (keys int32[m], numbers int64[m]).)";

constexpr char kAboutSpans[] = R"(Sums of aligned runs of panes, each made once for all windows that hold the run.

Base intervals: Arasu and Widom, "Resource sharing in continuous sliding-window aggregates", VLDB 2004. They lie in
slots that are borrowed from the table of pieces.)";

constexpr char kCover[] = R"(What windows are made of: (into int32[a], source int32[a], of int64[b], slots int32[b]).

First slot into[i] must absorb source[i], for i in order: the sums that are new. Then window of[i], ascending, is made
of slots[i]. Windows [starts, ends) are of `keys`; numbers[w] is first + last of a pane that begins at ends[w]. Panes
before it are complete, or `forget` is told of those that are not. ValueError for unequal sizes.)";

constexpr char kForget[] = R"(Panes of these keys (int32[n]) and numbers (first + last, int64[n]) have changed, or go.

Gives back the slots of the sums that hold one of them, and returns these (int32[k]): clear them.)";

std::tuple<Slots, Numbers> fired(const SortedPanes &self, std::int64_t since, std::int64_t until) {
  auto found = [&] {
    nb::gil_scoped_release release;
    return self.fired(since, until);
  }();
  return {to_numpy(std::move(found.keys)), to_numpy(std::move(found.windows))};
}

std::tuple<Slots, Slots, Numbers, Slots> cover(SharedSpans &self, SharedPieces &pieces, const SortedPanes &panes,
                                               In<std::int32_t> keys, In<std::int64_t> starts, In<std::int64_t> ends,
                                               In<std::int64_t> numbers) {
  auto plan = self.with_both(pieces, [&](Spans &spans, PieceTable &table) {
    return spans.cover(table, panes, {span_of(keys), span_of(starts), span_of(ends), span_of(numbers)});
  });
  return {to_numpy(std::move(plan.into)), to_numpy(std::move(plan.from)), to_numpy(std::move(plan.of)),
          to_numpy(std::move(plan.slots))};
}

Slots forget(SharedSpans &self, SharedPieces &pieces, In<std::int32_t> keys, In<std::int64_t> numbers) {
  return to_numpy(self.with_both(pieces, [&](Spans &spans, PieceTable &table) {
    return spans.forget(table, span_of(keys), span_of(numbers));
  }));
}

}  // namespace

}  // namespace streamstat

void bind_spans(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SortedPanes>(module, "SortedPanes", kAboutPanes)
      .def(
          "__init__",
          [](SortedPanes *self, In<std::int32_t> slots, In<std::int32_t> keys, In<std::int64_t> los,
             In<std::int64_t> firsts, In<std::int64_t> lasts) {
            nb::gil_scoped_release release;
            new (self) SortedPanes({span_of(slots), span_of(keys), span_of(los), span_of(firsts), span_of(lasts)});
          },
          exactly("slots"), exactly("keys"), exactly("los"), exactly("firsts"), exactly("lasts"))
      .def("fired", &fired, nb::arg("since"), nb::arg("until"), kFired);
  nb::class_<SharedSpans>(module, "Spans", kAboutSpans)
      .def(nb::init<>())
      .def("cover", &cover, nb::arg("pieces"), nb::arg("panes"), exactly("keys"), exactly("starts"), exactly("ends"),
           exactly("numbers"), kCover)
      .def("forget", &forget, nb::arg("pieces"), exactly("keys"), exactly("numbers"), kForget);
}
