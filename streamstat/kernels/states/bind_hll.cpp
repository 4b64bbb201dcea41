// Python's view of the distinct counts.
#include "states/hll.hpp"
#include "states/sketch_bindings.hpp"

using namespace streamstat;
using namespace nb::literals;

static const char *const about = R"(Numbers of different values, one sketch a slot.

Exact up to 1,024 different hashes a slot, then HyperLogLog with 2**p registers, p in 4..16, which
are those of all hashes of the slot. Index (the low p bits) and rank (leading zeros of the rest, plus
one) are those of datasketch.HyperLogLogPlusPlus; the estimate is Ertl's ("New cardinality estimation
algorithms for HyperLogLog sketches", 2017).

>>> import numpy as np
>>> states = HllStates(14)
>>> states.resize(1)
>>> states.update(np.zeros(3, np.int32), np.array([5, 7, 5], np.uint64), np.full(3, 5, np.uint8))
>>> states.estimates(np.array([0], np.int32)).tolist()
[2]
)";

void bind_hll(nb::module_ &module) {
  nb::class_<HllStates> states(module, "HllStates", about);
  states.def("__init__", [](HllStates *self, int p) { new (self) HllStates(HllSettings(p)); }, "p"_a);
  bind_states(states);
  states.def(
      "update",
      [](HllStates &self, In<std::int32_t> slots, In<std::uint64_t> hashes, In<std::uint8_t> kinds) {
        without_gil_if_many(slots.size(), [&] { self.update(view(slots), view(hashes), view(kinds)); });
      },
      "slots"_a, "hashes"_a, "kinds"_a,
      "Add hashes uint64[n] to slots int32[n]; rows with a negative slot or kind NULL are skipped.");
  states.def(
      "estimates",
      [](const HllStates &self, In<std::int32_t> slots) {
        return to_numpy(without_gil_if_many(slots.size(), [&] { return self.estimates(view(slots)); }));
      },
      "slots"_a, "How many different hashes: int64[m], exact up to 1,024, then estimated and rounded.");
  states.def(
      "registers",
      [](const HllStates &self, In<std::int32_t> slots) {
        return to_numpy(without_gil([&] { return self.registers(view(slots)); }));
      },
      "slots"_a,
      "The bytes of datasketch's HyperLogLogPlusPlus.serialize(), one byte p and 2**p registers each, also\n"
      "where the number is exact: (offsets int64[m+1], data uint8[]).");
}
