// RankedPicks in Python.
#include "states/bind_slot_states.hpp"
#include "states/ranked.hpp"

namespace streamstat {

namespace {

using Numbers = In<std::int64_t>;
using Marks = In<std::uint8_t>;

constexpr char kAboutRankedPicks[] =
    "The value of the event with the greatest, or the least, number per slot; ties by event time, then by input\n"
    "order. TRUE and FALSE are 1 and 0; a row whose number is none, or whose value is NULL, is left out. Integers\n"
    "and doubles are compared exactly.\n\n"
    ">>> import numpy as np\n"
    ">>> ranked = RankedPicks(greatest=True)\n"
    ">>> ranked.resize(1)\n"
    ">>> slots, kinds, numbers = np.zeros(2, np.int32), np.full(2, 5, np.uint8), np.zeros(2, np.int64)\n"
    ">>> texts = np.array([0, 4, 8]), np.frombuffer(b'slowfast', np.uint8)\n"
    ">>> by = np.full(2, 3, np.uint8), np.array([900, 20])\n"
    ">>> ranked.update(slots, kinds, numbers, *texts, *by, np.array([10, 20]), 0)\n"
    ">>> ranked.values(slots[:1])[3].tobytes()\n"
    "b'slow'";

}  // namespace

static void bind_ranked_picks(nb::module_ &module) {
  nb::class_<Guarded<RankedPicks>> type(module, "RankedPicks", kAboutRankedPicks);
  type.def(nb::init<bool>(), nb::arg("greatest"));
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<RankedPicks> &self, In<std::int32_t> slots, Marks kinds, Numbers numbers, Numbers offsets, Marks data,
             Marks by_kinds, Numbers by_numbers, Numbers times, std::int64_t first_sequence) {
            self.with_few(slots.size(), [&](RankedPicks &table) {
              const TextColumn texts(span_of(offsets), span_of(data), slots.size());
              const NumberRows values{span_of(slots), span_of(kinds), span_of(numbers)};
              table.update({{values, texts, span_of(times), first_sequence}, span_of(by_kinds), span_of(by_numbers)});
            });
          },
          exactly("slots"), exactly("kinds"), exactly("numbers"), exactly("text_offsets"), exactly("text_data"),
          exactly("by_kinds"), exactly("by_numbers"), exactly("times"), nb::arg("first_sequence"),
          "Take in row i, which is number first_sequence + i of the input: slots int32[n]; its value in kinds uint8[n],\n"
          "numbers int64[n], text_offsets int64[n+1], text_data uint8[]; the number that ranks it in by_kinds uint8[n],\n"
          "by_numbers int64[n]; times int64[n] in microseconds.")
      .def(
          "values",
          [](Guarded<RankedPicks> &self, In<std::int32_t> slots) {
            PickedValues values = self.with_few(slots.size(), [&](RankedPicks &table) {
              return table.values(span_of(slots));
            });
            return std::tuple(to_numpy(std::move(values.numbers.kinds)), to_numpy(std::move(values.numbers.numbers)),
                              to_numpy(std::move(values.texts.offsets)), to_numpy(std::move(values.texts.data)));
          },
          exactly("slots"),
          "(kinds uint8[m], numbers int64[m], text_offsets int64[m+1], text_data uint8[]); NULL of nothing.");
}

}  // namespace streamstat

void bind_ranked(nanobind::module_ &module) { streamstat::bind_ranked_picks(module); }
