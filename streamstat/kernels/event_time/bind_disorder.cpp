// Python's view of how far events come behind others.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
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
>>> disorder.take(np.array([60, 100, 80]), None).tolist()
[0, 0, 20])";

constexpr char kTake[] = R"(Take rows in order; return of each how far it is behind, int64[n], -1 of those left out.

times: int64[n], microseconds. dated: uint8[n], 0 for rows to leave out (None: none). hashes: uint64[n] of the producers
(None: all rows are of one), with their names, text_offsets int64[n+1] and text_data uint8. ValueError for unequal
sizes; nothing has moved then.)";

Times take(SharedDisorder &self, In<std::int64_t> times, std::optional<In<std::uint8_t>> dated,
           std::optional<In<std::uint64_t>> hashes, std::optional<In<std::int64_t>> text_offsets,
           std::optional<In<std::uint8_t>> text_data) {
  const std::size_t n = times.size();
  if (dated) require_size(n, dated->size(), "dated");
  if (hashes) require_size(n, hashes->size(), "hashes");
  if (hashes && !(text_offsets && text_data)) throw std::invalid_argument("text_offsets: there are no names");
  static constexpr std::int64_t nothing[1] = {0};
  const TextColumn names = hashes ? TextColumn(span_of(*text_offsets), span_of(*text_data), n) : TextColumn(nothing, {}, 0);
  auto lateness = unfilled_array<std::int64_t>(n);
  const auto marks = dated ? span_of(*dated) : std::span<const std::uint8_t>();
  const auto producers = hashes ? span_of(*hashes) : std::span<const std::uint64_t>();
  self.with_few(n, [&](Disorder &state) { state.take(span_of(times), marks, producers, names, span_of(lateness)); });
  return lateness;
}

TextArrays names(SharedDisorder &self, In<std::int64_t> which) {
  return to_arrays(self.with([&](Disorder &state) {
    ByteStrings names;
    for (const std::int64_t i : span_of(which)) {
      const std::string &name = state.names().at(static_cast<std::size_t>(i));
      names.data.insert(names.data.end(), name.begin(), name.end());
      names.end_string();
    }
    return names;
  }));
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
      .def("take", &take, exactly("times"), nb::arg("dated").noconvert().none(), nb::arg("hashes").noconvert() = nb::none(),
           nb::arg("text_offsets").noconvert() = nb::none(), nb::arg("text_data").noconvert() = nb::none(), kTake)
      .def("names", &names, exactly("which"), "The names of these producers, int64[m]: (offsets int64[m+1], data uint8). IndexError for one that there is not.")
      .def("producers", &producers,
           "Of each producer, in the order met: events, those behind a newer one, and how far at most; int64[p] each.");
}
