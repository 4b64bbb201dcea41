// Python's view of the plain cases of event time.
#include "base/guarded.hpp"
#include "event_time/timing.hpp"

namespace streamstat {

namespace {

constexpr char kCorrected[] = R"(occurred + (received - sent), int64[n], if nothing about them is unusual; else None.

Of each time field int64[n] microseconds and uint8[n] kinds, 1 for an instant. Unusual is any other kind, a sent before
its occurred, and a result outside [lowest, highest]. Times are in years 1 to 9999. ValueError for unequal sizes.

>>> import numpy as np
>>> one = np.ones(1, np.uint8)
>>> corrected_times(np.array([5]), one, np.array([7]), one, np.array([100]), one, 0, 1000).tolist()
[98])";

constexpr char kQuotients[] = R"(floor((times - origin) / step), int64[n]; cheap where neighbours are alike.

times: int64[n], of which origin can be subtracted. ValueError unless step is positive.

>>> import numpy as np
>>> quotients(np.array([-1, 0, 59, 60]), 0, 60).tolist()
[-1, 0, 0, 1])";

nb::object corrected_times(In<std::int64_t> occurred, In<std::uint8_t> occurred_kinds, In<std::int64_t> sent,
                           In<std::uint8_t> sent_kinds, In<std::int64_t> received, In<std::uint8_t> received_kinds,
                           std::int64_t lowest, std::int64_t highest) {
  const std::size_t n = occurred.size();
  require_size(n, occurred_kinds.size(), "occurred_kinds");
  require_size(n, sent.size(), "sent");
  require_size(n, sent_kinds.size(), "sent_kinds");
  require_size(n, received.size(), "received");
  require_size(n, received_kinds.size(), "received_kinds");
  auto out = unfilled_array<std::int64_t>(n);
  const bool plain = correct_plain({span_of(occurred), span_of(occurred_kinds)}, {span_of(sent), span_of(sent_kinds)},
                                   {span_of(received), span_of(received_kinds)}, lowest, highest, span_of(out));
  return plain ? nb::cast(out) : nb::none();
}

template <auto Kernel>
Out<std::int64_t> on_grid(In<std::int64_t> times, std::int64_t origin, std::int64_t step) {
  if (step <= 0) throw std::invalid_argument("step: not positive");
  auto out = unfilled_array<std::int64_t>(times.size());
  Kernel(span_of(times), origin, step, span_of(out));
  return out;
}

}  // namespace

}  // namespace streamstat

void bind_timing(nanobind::module_ &module) {
  using namespace streamstat;
  module.def("corrected_times", &corrected_times, nb::arg("occurred"), nb::arg("occurred_kinds"), nb::arg("sent"),
             nb::arg("sent_kinds"), nb::arg("received"), nb::arg("received_kinds"), nb::arg("lowest"),
             nb::arg("highest"), kCorrected,
             nb::sig("def corrected_times(occurred: numpy.typing.NDArray[numpy.int64], occurred_kinds: "
                     "numpy.typing.NDArray[numpy.uint8], sent: numpy.typing.NDArray[numpy.int64], sent_kinds: "
                     "numpy.typing.NDArray[numpy.uint8], received: numpy.typing.NDArray[numpy.int64], received_kinds: "
                     "numpy.typing.NDArray[numpy.uint8], lowest: int, highest: int) -> "
                     "numpy.typing.NDArray[numpy.int64] | None"));
  module.def("cell_starts", &on_grid<cell_starts>, nb::arg("times"), nb::arg("origin"), nb::arg("step"),
             "origin + step * quotients(times, origin, step), int64[n].");
  module.def("quotients", &on_grid<quotients>, nb::arg("times"), nb::arg("origin"), nb::arg("step"), kQuotients);
}
