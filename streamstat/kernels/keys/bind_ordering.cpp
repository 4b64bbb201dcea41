// Orders in Python.
#include <nanobind/stl/tuple.h>

#include <tuple>

#include "keys/ordering.hpp"
#include "states/bind_slot_states.hpp"

namespace streamstat {

namespace {

using Places = Out<std::int64_t>;
using Arrays = std::tuple<Places, Places, Places>;

Out<std::int64_t> stable_order(In<std::int64_t> numbers) {
  return to_numpy(without_gil_if_many(numbers.size(), [&] { return ordering::stable_order(span_of(numbers)); }));
}

Arrays arrange(In<std::int32_t> keys, In<std::int64_t> times, std::size_t sorted, std::int64_t size) {
  auto trail = without_gil_if_many(keys.size(), [&] { return ordering::arrange(span_of(keys), span_of(times), sorted, size); });
  return {to_numpy(std::move(trail.order)), to_numpy(std::move(trail.ends)), to_numpy(std::move(trail.lo))};
}

void bind_orders(nb::module_ &module) {
  module.def("stable_order", &stable_order, nb::arg("numbers"),
             "The places int64[n] of these numbers int64[n] in ascending order; equal ones stay as they are.\n\n"
             ">>> stable_order(np.array([3, 1, 3, 0])).tolist()\n"
             "[3, 1, 0, 2]");
  module.def("arrange_trail", &arrange, nb::arg("keys"), nb::arg("times"), nb::arg("sorted"), nb::arg("size"),
             "Events int32[n], int64[n] in the order of key, time and place, and the rows of windows that trail by\n"
             "`size`: order int64[n]; for each different key and time, the place in that order of its last event and\n"
             "of the first event of its window. The first `sorted` events are in order already. ValueError if they\n"
             "are not, if sizes differ, or if a key or the size is negative.\n\n"
             ">>> order, ends, lo = arrange_trail(np.zeros(3, np.int32), np.array([1, 9, 4]), 2, 5)\n"
             ">>> order.tolist(), ends.tolist(), lo.tolist()\n"
             "([0, 2, 1], [0, 1, 2], [0, 0, 1])");
}

}  // namespace

}  // namespace streamstat

void bind_ordering(nanobind::module_ &module) { streamstat::bind_orders(module); }
