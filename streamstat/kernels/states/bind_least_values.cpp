// LeastStates in Python.
#include "states/bind_slot_states.hpp"
#include "states/least_values.hpp"

namespace streamstat {

static void bind_least_states(nb::module_ &module) {
  nb::class_<Guarded<LeastStates>> type(
      module, "LeastStates",
      "The n smallest different values per slot, in the order of rows: numbers by value, then by spelling; texts by\n"
      "their bytes; false; true; other JSON by its text. NULL is left out.\n\n"
      "A value is what was written: 1, 1.0 and \"1\" are three. n is 1 to 100,000,000, else ValueError.\n\n"
      ">>> import numpy as np\n"
      ">>> least = LeastStates(2)\n"
      ">>> least.resize(1)\n"
      ">>> slots, kinds, numbers = np.zeros(3, np.int32), np.full(3, 5, np.uint8), np.zeros(3, np.int64)\n"
      ">>> least.update(slots, kinds, numbers, np.array([0, 1, 2, 3]), np.frombuffer(b'cab', np.uint8))\n"
      ">>> least.results(slots[:1])[1].tobytes()\n"
      "b'[\"a\",\"b\"]'");
  type.def(nb::init<std::int64_t>(), nb::arg("n"));
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<LeastStates> &self, In<std::int32_t> slots, In<std::uint8_t> kinds, In<std::int64_t> numbers,
             In<std::int64_t> offsets, In<std::uint8_t> data) {
            self.with_few(slots.size(), [&](LeastStates &table) {
              table.update({span_of(slots), span_of(kinds), span_of(numbers)},
                           TextColumn(span_of(offsets), span_of(data), slots.size()));
            });
          },
          exactly("slots"), exactly("kinds"), exactly("numbers"), exactly("text_offsets"), exactly("text_data"),
          "Take in row i: slots int32[n], kinds uint8[n], numbers int64[n] (doubles as IEEE bits),\n"
          "text_offsets int64[n+1], text_data uint8[]. The text of a number is its spelling, without which: ValueError.")
      .def(
          "results",
          [](Guarded<LeastStates> &self, In<std::int32_t> slots) {
            return to_arrays(self.with_few(slots.size(), [&](LeastStates &table) {
              return table.results(span_of(slots));
            }));
          },
          exactly("slots"), "JSON text [value,...] per slot: (offsets int64[m+1], data uint8[]).");
}

}  // namespace streamstat

void bind_least_values(nanobind::module_ &module) { streamstat::bind_least_states(module); }
