// Python's view of the distinct counts.
#include "states/hll.hpp"
#include "states/bind_slot_states.hpp"

using namespace streamstat;
using namespace nb::literals;

constexpr char kAbout[] = R"(Numbers of different values, one sketch a slot.

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
  nb::class_<Guarded<HllStates>> states(module, "HllStates", kAbout);
  states.def(nb::init<int>(), "p"_a);
  bind_protocol(states);
  states.def(
      "update",
      [](Guarded<HllStates> &self, In<std::int32_t> slots, In<std::uint64_t> hashes, In<std::uint8_t> kinds) {
        self.with_few(slots.size(), [&](HllStates &table) {
          table.update(span_of(slots), span_of(hashes), span_of(kinds));
        });
      },
      exactly("slots"), exactly("hashes"), exactly("kinds"),
      "Add hashes uint64[n] to slots int32[n]; rows with a negative slot or kind NULL are skipped.");
  states.def(
      "estimates",
      [](Guarded<HllStates> &self, In<std::int32_t> slots) {
        return to_numpy(self.with_few(slots.size(), [&](HllStates &table) { return table.estimates(span_of(slots)); }));
      },
      exactly("slots"), "How many different hashes: int64[m], exact up to 1,024, then estimated and rounded.");
  states.def(
      "registers",
      [](Guarded<HllStates> &self, In<std::int32_t> slots) {
        return to_arrays(self.with([&](HllStates &table) { return table.registers(span_of(slots)); }));
      },
      exactly("slots"),
      "The bytes of datasketch's HyperLogLogPlusPlus.serialize(), one byte p and 2**p registers each, also\n"
      "where the number is exact: (offsets int64[m+1], data uint8[]).");
  states.def(
      "restore_registers",
      [](Guarded<HllStates> &self, In<std::int32_t> slots, In<std::int64_t> offsets, In<std::uint8_t> data) {
        self.with([&](HllStates &table) {
          table.restore_registers(span_of(slots), TextColumn(span_of(offsets), span_of(data), slots.size()));
        });
      },
      exactly("slots"), exactly("offsets"), exactly("data"),
      "Put what `registers` of a table with this p gave, or datasketch, into slots; from then on they estimate.\n\n"
      "ValueError for other bytes; nothing has changed then.");
}
