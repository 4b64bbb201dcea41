// Python's view of how far events come behind others.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <tuple>

#include "base/guarded.hpp"
#include "event_time/disorder.hpp"

namespace streamstat {

namespace {

using SharedDisorder = Guarded<Disorder>;
using Times = Out<std::int64_t>;

constexpr char kAbout[] = R"(How far events come behind the newest of their producer, of one input at a time.

>>> import numpy as np
>>> disorder = Disorder()
>>> disorder.take(np.array([60, 100, 80]), None, None).tolist()
[0, 0, 20])";

constexpr char kTake[] = R"(Take rows in order; return of each how far it is behind, int64[n], -1 of those left out.

times: int64[n], microseconds. dated: uint8[n], 0 for rows to leave out (None: none). producers: int32[n] codes from
0 (None: all of 0). ValueError for unequal sizes, IndexError for a negative producer; nothing has moved then.)";

Times take(SharedDisorder &self, In<std::int64_t> times, std::optional<In<std::uint8_t>> dated,
           std::optional<In<std::int32_t>> producers) {
  if (dated) require_size(times.size(), dated->size(), "dated");
  if (producers) require_size(times.size(), producers->size(), "producers");
  auto lateness = unfilled_array<std::int64_t>(times.size());
  const auto marks = dated ? span_of(*dated) : std::span<const std::uint8_t>();
  const auto codes = producers ? span_of(*producers) : std::span<const std::int32_t>();
  self.with_few(times.size(), [&](Disorder &state) { state.take(span_of(times), marks, codes, span_of(lateness)); });
  return lateness;
}

std::tuple<Times, Times, Times> producers(SharedDisorder &self) {
  const auto all = self.with([](Disorder &state) { return state.producers(); });
  auto events = unfilled_array<std::int64_t>(all.size()), behind = unfilled_array<std::int64_t>(all.size());
  auto furthest = unfilled_array<std::int64_t>(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    events.data()[i] = static_cast<std::int64_t>(all[i].events);
    behind.data()[i] = static_cast<std::int64_t>(all[i].behind);
    furthest.data()[i] = all[i].furthest;
  }
  return {events, behind, furthest};
}

}  // namespace

}  // namespace streamstat

void bind_disorder(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedDisorder>(module, "Disorder", kAbout)
      .def(nb::init<>())
      .def("begin_input", [](SharedDisorder &self) { self.with([](Disorder &state) { state.begin_input(); }); },
           "Another input begins, whose events are not compared with those before.")
      .def("take", &take, exactly("times"), nb::arg("dated").noconvert().none(), nb::arg("producers").noconvert().none(), kTake)
      .def("producers", &producers, "Of each producer: events, those behind a newer one, and how far at most; int64[p] each.");
}
