// Python's view of the watermark.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <tuple>

#include "base/guarded.hpp"
#include "event_time/watermark.hpp"

namespace streamstat {

namespace {

using Codes = Out<std::int32_t>;
using Times = Out<std::int64_t>;
using SharedWatermark = Guarded<Watermark>;
using Delay = std::optional<std::int64_t>;

constexpr char kAbout[] = R"(The watermark W: no more events with a time below W. It never goes back.

delay: microseconds that W stays behind the newest event time; None or -1 = events never move it.
idle: a producer whose newest time lags more than this many microseconds behind the newest of all is left out
of the minimum until it catches up; None or -1 = never. ValueError if below -1.

Each producer p has m_p, the newest time it spoke of, and W_p = max(W_p, m_p - delay); W is the largest so far
of min(W_p of producers that are not idle) and of the promises made for all. Int64 limits stand for the
infinities, and subtraction saturates there.

>>> import numpy as np
>>> watermark = Watermark(delay=5)
>>> times, producers = np.array([60, 100, 80, 200]), np.array([1, 0, 1, 0], np.int32)
>>> watermark.advance(times, producers, np.ones(4, np.uint8))[1:].tolist(), watermark.watermark
([55, 55, 75], 75))";

constexpr char kAdvance[] = R"(Take rows in order; return W as it stood before each, int64[n].

times: int64[n], microseconds. producers: int32[n] codes from 0, or None where all rows are of one, `producer`.
roles: uint8[n]: 0 moves nothing, 1 an event, 2 a promise of its producer, 3 a promise for all producers.
A producer is known from its first event or promise. ValueError for unequal sizes or another role, IndexError
for a negative producer of an event or promise; nothing has moved then.)";

Out<std::int64_t> advance(SharedWatermark &self, In<std::int64_t> times, std::optional<In<std::int32_t>> producers,
                          In<std::uint8_t> roles, std::int32_t producer) {
  require_size(times.size(), roles.size(), "roles");
  if (producers) require_size(times.size(), producers->size(), "producers");
  auto before = unfilled_array<std::int64_t>(times.size());
  const auto codes = producers ? span_of(*producers) : std::span<const std::int32_t>();
  self.with_few(times.size(), [&](Watermark &state) {
    state.advance(span_of(times), codes, producer, span_of(roles), span_of(before));
  });
  return before;
}

std::tuple<Codes, Times, Times> producers(SharedWatermark &self) {
  const auto all = self.with([](Watermark &state) { return state.producers(); });
  auto codes = unfilled_array<std::int32_t>(all.size());
  auto newest = unfilled_array<std::int64_t>(all.size()), watermarks = unfilled_array<std::int64_t>(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    codes.data()[i] = all[i].code;
    newest.data()[i] = all[i].newest;
    watermarks.data()[i] = all[i].watermark;
  }
  return {codes, newest, watermarks};
}

void renumber(SharedWatermark &self, In<std::int32_t> codes) {
  self.with([&](Watermark &state) { state.renumber(span_of(codes)); });
}

template <auto Question>
auto ask(SharedWatermark &self) {
  return self.with_few(0, [](Watermark &state) { return (state.*Question)(); });
}

nb::bytes snapshot(SharedWatermark &self) { return to_bytes(ask<&Watermark::snapshot>(self)); }

void restore(SharedWatermark &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](Watermark &state) { state.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_watermark(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedWatermark>(module, "Watermark", kAbout)
      .def(nb::init<Delay, Delay>(), nb::arg("delay").none(), nb::arg("idle") = nb::none())
      .def("advance", &advance, exactly("times"), nb::arg("producers").none().noconvert(),
           exactly("roles"), nb::arg("producer") = 0, kAdvance)
      .def("forget_promises", &ask<&Watermark::forget_promises>,
           "Forget the promises made for all while W was held: they do not bind an input that comes later. W stays.")
      .def("renumber", &renumber, exactly("codes"),
           "Give each producer the code that `codes`, int32, has at its present one, and forget those where that is -1: "
           "of an input read to its end nothing counts any more. W moves to where those that are left let it. "
           "IndexError for a code without a new one, ValueError for one given twice; nothing has changed then.")
      .def("finish", &ask<&Watermark::finish>, "All inputs have ended: W becomes plus infinity, 2^63 - 1.")
      .def_prop_rw(
          "held", &ask<&Watermark::held>,
          [](SharedWatermark &self, bool held) { self.with_few(0, [&](Watermark &state) { state.hold(held); }); },
          "While True, as inputs have not yet begun, W stays where it is; the producers' clocks still move. Then the "
          "next row that moves anything moves W.")
      .def_prop_ro("watermark", &ask<&Watermark::watermark>,
                   "W in microseconds; -2^63 = minus, 2^63 - 1 = plus infinity.")
      .def_prop_ro("newest", &ask<&Watermark::newest>, "The newest m_p of all producers; -2^63 before any.")
      .def_prop_ro("max_lateness", &ask<&Watermark::max_lateness>,
                   "Microseconds: the most that an event of the run lay behind an earlier one of its producer; 0 if none did.")
      .def("producers", &producers,
           "Producers in first-come order: (codes int32[k], m_p int64[k], W_p int64[k]).")
      .def("snapshot", &snapshot, "The whole state as bytes, for `restore` of a Watermark with equal delay and idle.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
}
