// Python's view of what puts clocks right: years for times without one, the offsets of devices.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <tuple>

#include "base/guarded.hpp"
#include "event_time/device_offsets.hpp"
#include "event_time/years.hpp"

namespace streamstat {

namespace {

using SharedOffsets = Guarded<DeviceOffsets>;
using Last = std::optional<std::int64_t>;

constexpr char kYears[] = R"(Times with years, their kinds, and the last time that there is: (int64[n], uint8[n], int or None).

times: int64[n], kinds: uint8[n], as a decoder gives them, where 4 is a time without a year. The first time of all gets
`year`, every other the year that brings it nearest to the one before it; `last` is the time before these, None if there
was none. Kind 3 is given to a time of which no such year has the day. ValueError for unequal sizes.)";

constexpr char kOffsets[] = R"(Of each device the least of `received - sent` within an hour, as its records are read.

Samples that are more than two hours older than one that is read are forgotten, and so are devices without any.)";

constexpr char kLeast[] = R"(The offset of each row, int64[n]: the least among the rows of its device so far that were received in [own - 1 h, own].

devices: uint64[n] hashes; kinds: uint8[n], 0 where a row names no device, and then its offset is its own.
received, offsets (received - sent): int64[n]. among: bool[n], where both are known. anew: bool[n], where a device's
earlier rows no longer count. ValueError for unequal sizes.)";

std::tuple<Out<std::int64_t>, Out<std::uint8_t>, Last> years(In<std::int64_t> times, In<std::uint8_t> kinds,
                                                           std::int64_t year, Last last) {
  require_size(times.size(), kinds.size(), "kinds");
  auto out_times = unfilled_array<std::int64_t>(times.size());
  auto out_kinds = unfilled_array<std::uint8_t>(times.size());
  std::copy_n(times.data(), times.size(), out_times.data());
  std::copy_n(kinds.data(), kinds.size(), out_kinds.data());
  give_years(span_of(out_times), span_of(out_kinds), year, last);
  return {out_times, out_kinds, last};
}

Out<std::int64_t> least(SharedOffsets &self, In<std::uint64_t> devices, In<std::uint8_t> kinds,
                        In<std::int64_t> received, In<std::int64_t> offsets, In<std::uint8_t> among,
                        In<std::uint8_t> anew) {
  const std::size_t n = devices.size();
  require_size(n, kinds.size(), "kinds");
  require_size(n, received.size(), "received");
  require_size(n, offsets.size(), "offsets");
  require_size(n, among.size(), "among");
  require_size(n, anew.size(), "anew");
  auto out = unfilled_array<std::int64_t>(n);
  const OffsetRows rows{span_of(devices), span_of(kinds), span_of(received),
                        span_of(offsets), span_of(among), span_of(anew)};
  self.with_few(n, [&](DeviceOffsets &state) { state.advance(rows, span_of(out)); });
  return out;
}

nb::bytes snapshot(SharedOffsets &self) {
  return to_bytes(self.with([](DeviceOffsets &state) { return state.snapshot(); }));
}

void restore(SharedOffsets &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](DeviceOffsets &state) { state.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_clocks(nanobind::module_ &module) {
  using namespace streamstat;
  module.def("give_years", &years, exactly("times"), exactly("kinds"), nb::arg("year"), nb::arg("last").none(), kYears);
  nb::class_<SharedOffsets>(module, "DeviceOffsets", kOffsets)
      .def(nb::init<>())
      .def("least", &least, exactly("devices"), exactly("kinds"), exactly("received"), exactly("offsets"),
           exactly("among"), exactly("anew"), kLeast)
      .def_prop_ro("devices", [](SharedOffsets &self) {
        return self.with_few(0, [](DeviceOffsets &state) { return state.devices(); });
      }, "How many devices are remembered.")
      .def("snapshot", &snapshot, "The whole state as bytes.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
}
