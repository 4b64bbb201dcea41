// TopStates in Python.
#include "states/bind_slot_states.hpp"
#include "states/topk.hpp"

namespace streamstat {

static void bind_top_states(nb::module_ &module) {
  nb::class_<Guarded<TopStates>> type(
      module, "TopStates",
      "The k most frequent values per slot: exact up to max(1024, 20k) different ones, then Space-Saving (Metwally,\n"
      "Agrawal, El Abbadi 2005) in input order with so many counters. The true count is in [count - error, count].\n\n"
      "A value is what was written: 1, 1.0 and \"1\" are three. When all counters are taken, a new value replaces\n"
      "the one with the least count, of equal ones that whose count grew the longest ago. While no slot has lost a\n"
      "value, absorbing equals updating; then counts and errors add up as in Agarwal et al. 2012, which is sound\n"
      "but not what updating would have given. k is 1 to 100,000,000, else ValueError.\n\n"
      ">>> import numpy as np\n"
      ">>> top = TopStates(2)\n"
      ">>> top.resize(1)\n"
      ">>> slots, kinds = np.zeros(3, np.int32), np.full(3, 5, np.uint8)\n"
      ">>> top.update(slots, kinds, np.array([0, 1, 2, 3]), np.frombuffer(b'aba', np.uint8))\n"
      ">>> top.results(slots[:1])[1].tobytes()\n"
      "b'[[\"a\",2,0],[\"b\",1,0]]'");
  type.def(nb::init<std::int64_t>(), nb::arg("k"));
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<TopStates> &self, In<std::int32_t> slots, In<std::uint8_t> kinds, In<std::int64_t> offsets,
             In<std::uint8_t> data) {
            self.with_few(slots.size(), [&](TopStates &table) {
              table.update(span_of(slots), span_of(kinds), TextColumn(span_of(offsets), span_of(data), slots.size()));
            });
          },
          exactly("slots"), exactly("kinds"), exactly("text_offsets"), exactly("text_data"),
          "Count row i, in this order: slots int32[n], kinds uint8[n], text_offsets int64[n+1], text_data uint8[].\n"
          "The text of a number is its spelling, without which: ValueError. NULL is skipped.")
      .def(
          "results",
          [](Guarded<TopStates> &self, In<std::int32_t> slots) {
            return to_arrays(self.with_few(slots.size(), [&](TopStates &table) {
              return table.results(span_of(slots));
            }));
          },
          exactly("slots"),
          "JSON text [[value,count,error],...] per slot, greatest count first, equal ones in row order of the value:\n"
          "(offsets int64[m+1], data uint8[]).")
      .def(
          "exact",
          [](Guarded<TopStates> &self, In<std::int32_t> slots) {
            return to_numpy(self.with_few(slots.size(), [&](TopStates &table) { return table.exact(span_of(slots)); }));
          },
          exactly("slots"), "Whether each slot (int32[m]) has lost no value, so that all its counts are exact: uint8[m].");
}

}  // namespace streamstat

void bind_topk(nanobind::module_ &module) { streamstat::bind_top_states(module); }
