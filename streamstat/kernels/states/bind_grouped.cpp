// Counts, Extremes, Extents and Picks in Python.
#include "states/bind_slot_states.hpp"
#include "states/grouped.hpp"
#include "states/picks.hpp"

namespace streamstat {

namespace {

using Indices = In<std::int32_t>;
using Numbers = In<std::int64_t>;
using Marks = In<std::uint8_t>;

constexpr char kAboutCounts[] =
    "Counts per slot. Rows with a negative slot are not counted.\n\n"
    ">>> import numpy as np\n"
    ">>> counts = Counts()\n"
    ">>> counts.resize(2)\n"
    ">>> counts.update(np.array([1, -1, 1], np.int32))\n"
    ">>> counts.values(np.array([0, 1], np.int32)).tolist()\n"
    "[0, 2]";

constexpr char kAboutExtremes[] =
    "The least, or greatest, number per slot; TRUE and FALSE are 1 and 0, what is no finite number is skipped.\n"
    "-0.0 is just below 0.0, so no result depends on order.\n\n"
    ">>> import numpy as np\n"
    ">>> extremes = Extremes(minimum=True)\n"
    ">>> extremes.resize(1)\n"
    ">>> slots = np.zeros(2, np.int32)\n"
    ">>> extremes.update(slots, np.array([3, 3], np.uint8), np.array([7, -2]))\n"
    ">>> [array.tolist() for array in extremes.values(slots[:1])]\n"
    "[[3], [-2]]";

constexpr char kAboutExtents[] =
    "The first and last event time per slot.\n\n"
    ">>> import numpy as np\n"
    ">>> extents = Extents()\n"
    ">>> extents.resize(1)\n"
    ">>> extents.update(np.zeros(2, np.int32), np.array([70, 20]))\n"
    ">>> [times.tolist() for times in extents.values(np.zeros(1, np.int32))]\n"
    "[[20], [70]]";

constexpr char kAboutPicks[] =
    "The value with the first, or last, event time per slot, ties by input order; NULL is left out.\n\n"
    ">>> import numpy as np\n"
    ">>> picks = Picks(last=True)\n"
    ">>> picks.resize(1)\n"
    ">>> slots, kinds, numbers = np.zeros(2, np.int32), np.full(2, 5, np.uint8), np.zeros(2, np.int64)\n"
    ">>> texts = np.array([0, 3, 6]), np.frombuffer(b'oldnew', np.uint8)\n"
    ">>> picks.update(slots, kinds, numbers, *texts, np.array([10, 20]), 0)\n"
    ">>> picks.values(slots[:1])[3].tobytes()\n"
    "b'new'";

}  // namespace

static void bind_counts(nb::module_ &module) {
  nb::class_<Guarded<Counts>> type(module, "Counts", kAboutCounts);
  type.def(nb::init<>());
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<Counts> &self, Indices slots) {
            self.with_few(slots.size(), [&](Counts &table) { table.update(span_of(slots)); });
          },
          exactly("slots"), "Count each row: slots int32[n].")
      .def(
          "update_nonnull",
          [](Guarded<Counts> &self, Indices slots, Marks kinds) {
            self.with_few(slots.size(), [&](Counts &table) { table.update_nonnull(span_of(slots), span_of(kinds)); });
          },
          exactly("slots"), exactly("kinds"), "Count the rows whose kind (uint8[n]) is not NULL.")
      .def(
          "update_true",
          [](Guarded<Counts> &self, Indices slots, Marks flags) {
            self.with_few(slots.size(), [&](Counts &table) { table.update_true(span_of(slots), span_of(flags)); });
          },
          exactly("slots"), nb::arg("flags"), "Count the rows whose flag (uint8[n] or bool[n]) is not 0.")
      .def(
          "remove",
          [](Guarded<Counts> &self, Indices slots) {
            self.with_few(slots.size(), [&](Counts &table) { table.remove(span_of(slots)); });
          },
          exactly("slots"), "Undo `update` with the same rows.")
      .def(
          "values",
          [](Guarded<Counts> &self, Indices slots) {
            return to_numpy(self.with_few(slots.size(), [&](Counts &table) { return table.values(span_of(slots)); }));
          },
          exactly("slots"), "The counts: int64[m].");
}

static void bind_extremes(nb::module_ &module) {
  nb::class_<Guarded<Extremes>> type(module, "Extremes", kAboutExtremes);
  type.def(nb::init<bool>(), nb::arg("minimum"));
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<Extremes> &self, Indices slots, Marks kinds, Numbers numbers) {
            self.with_few(slots.size(), [&](Extremes &table) {
              table.update({span_of(slots), span_of(kinds), span_of(numbers)});
            });
          },
          exactly("slots"), exactly("kinds"), exactly("numbers"),
          "Take in row i: slots int32[n], kinds uint8[n], numbers int64[n] (doubles as IEEE bits).")
      .def(
          "values",
          [](Guarded<Extremes> &self, Indices slots) {
            return to_arrays(self.with_few(slots.size(), [&](Extremes &table) {
              return table.values(span_of(slots));
            }));
          },
          exactly("slots"),
          "(kinds uint8[m], numbers int64[m]): INTEGER where all numbers were integers, else DOUBLE; NULL of nothing.");
}

static void bind_extents(nb::module_ &module) {
  nb::class_<Guarded<Extents>> type(module, "Extents", kAboutExtents);
  type.def(nb::init<>());
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<Extents> &self, Indices slots, Numbers times) {
            self.with_few(slots.size(), [&](Extents &table) { table.update(span_of(slots), span_of(times)); });
          },
          exactly("slots"), exactly("times"), "Take in row i: slots int32[n], times int64[n] in microseconds.")
      .def(
          "values",
          [](Guarded<Extents> &self, Indices slots) {
            auto [lo, hi] = self.with_few(slots.size(), [&](Extents &table) { return table.values(span_of(slots)); });
            return std::pair(to_numpy(std::move(lo)), to_numpy(std::move(hi)));
          },
          exactly("slots"),
          "(lo int64[m], hi int64[m]), both ends included; an empty slot has the largest int64 as lo and the least\n"
          "as hi.");
}

static void bind_picks(nb::module_ &module) {
  nb::class_<Guarded<Picks>> type(module, "Picks", kAboutPicks);
  type.def(nb::init<bool>(), nb::arg("last"));
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<Picks> &self, Indices slots, Marks kinds, Numbers numbers, Numbers offsets, Marks data, Numbers times,
             std::int64_t first_sequence) {
            self.with_few(slots.size(), [&](Picks &table) {
              const TextColumn texts(span_of(offsets), span_of(data), slots.size());
              table.update({{span_of(slots), span_of(kinds), span_of(numbers)}, texts, span_of(times), first_sequence});
            });
          },
          exactly("slots"), exactly("kinds"), exactly("numbers"), exactly("text_offsets"), exactly("text_data"),
          exactly("times"), nb::arg("first_sequence"),
          "Take in row i, which is number first_sequence + i of the input: slots int32[n], kinds uint8[n],\n"
          "numbers int64[n], text_offsets int64[n+1], text_data uint8[], times int64[n] in microseconds.")
      .def(
          "values",
          [](Guarded<Picks> &self, Indices slots) {
            PickedValues values = self.with_few(slots.size(), [&](Picks &table) {
              return table.values(span_of(slots));
            });
            return std::tuple(to_numpy(std::move(values.numbers.kinds)), to_numpy(std::move(values.numbers.numbers)),
                              to_numpy(std::move(values.texts.offsets)), to_numpy(std::move(values.texts.data)));
          },
          exactly("slots"),
          "(kinds uint8[m], numbers int64[m], text_offsets int64[m+1], text_data uint8[]); NULL of nothing.");
}

}  // namespace streamstat

void bind_grouped(nanobind::module_ &module) {
  streamstat::bind_counts(module);
  streamstat::bind_extremes(module);
  streamstat::bind_extents(module);
  streamstat::bind_picks(module);
}
