// Histograms in Python.
#include "states/bind_slot_states.hpp"
#include "states/histogram.hpp"

namespace streamstat {

static void bind_histograms(nb::module_ &module) {
  nb::class_<Guarded<Histograms>> type(
      module, "Histograms",
      "Counts of numbers per slot in buckets; TRUE and FALSE are 1 and 0, what is no finite number is skipped.\n\n"
      "edges float64[]: finite and strictly ascending, else ValueError; they give len(edges) + 1 buckets, each\n"
      "with its lower edge and without its upper one. None: buckets between powers of two, and of zeros.\n\n"
      ">>> import numpy as np\n"
      ">>> histograms = Histograms(np.array([10.0, 100.0]))\n"
      ">>> histograms.resize(1)\n"
      ">>> histograms.update(np.zeros(2, np.int32), np.full(2, 3, np.uint8), np.array([9, 10]))\n"
      ">>> histograms.results(np.zeros(1, np.int32))[1].tobytes()\n"
      "b'[[10,1],[100,1],[null,0]]'");
  type.def(
      "__init__", [](Guarded<Histograms> *self, In<double> edges) { new (self) Guarded<Histograms>(span_of(edges)); },
      exactly("edges"));
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<Histograms> &self, In<std::int32_t> slots, In<std::uint8_t> kinds, In<std::int64_t> numbers) {
            self.with_few(slots.size(), [&](Histograms &table) {
              table.update({span_of(slots), span_of(kinds), span_of(numbers)});
            });
          },
          exactly("slots"), exactly("kinds"), exactly("numbers"),
          "Count row i: slots int32[n], kinds uint8[n], numbers int64[n] (doubles as IEEE bits).")
      .def(
          "results",
          [](Guarded<Histograms> &self, In<std::int32_t> slots) {
            return to_arrays(self.with_few(slots.size(), [&](Histograms &table) {
              return table.results(span_of(slots));
            }));
          },
          exactly("slots"),
          "JSON text [[upper,count],...] per slot, ascending: (offsets int64[m+1], data uint8[]). The upper bound is\n"
          "exclusive, null for none (and for 2^1024, which no double is). With edges every bucket is listed, without\n"
          "only those in use; zeros are in the smallest positive one if its bound is at most 1, else under 1.");
}

}  // namespace streamstat

void bind_histogram(nanobind::module_ &module) { streamstat::bind_histograms(module); }
