// ExactSums in Python.
#include "states/bind_slot_states.hpp"
#include "states/exact.hpp"

namespace streamstat {

namespace {

using Numbers = In<std::int64_t>;

NumberRows rows(const In<std::int32_t> &slots, const In<std::uint8_t> &kinds, const Numbers &numbers) {
  return {span_of(slots), span_of(kinds), span_of(numbers)};
}

template <auto method>
NumberArrays numbers_of(Guarded<ExactSums> &self, In<std::int32_t> slots) {
  return to_arrays(self.with_few(slots.size(), [&](ExactSums &table) { return (table.*method)(span_of(slots)); }));
}

constexpr char kAbout[] =
    "Exact sums of numbers (and of their squares) per slot, rounded once, half to even, when asked for.\n\n"
    "INTEGER, DOUBLE, TRUE (1) and FALSE (0) are numbers, all else and non-finite doubles are skipped. No result\n"
    "depends on the order of updates, merges and removals.\n\n"
    ">>> import numpy as np\n"
    ">>> sums = ExactSums(squares=False)\n"
    ">>> sums.resize(1)\n"
    ">>> slots, kinds = np.zeros(10, np.int32), np.full(10, 4, np.uint8)\n"
    ">>> sums.update(slots, kinds, np.full(10, 0.1).view(np.int64))\n"
    ">>> sums.sums(slots[:1])[1].view(np.float64).tolist()\n"
    "[1.0]";

}  // namespace

static void bind_sums(nb::module_ &module) {
  nb::class_<Guarded<ExactSums>> type(module, "ExactSums", kAbout);
  type.def(nb::init<bool>(), nb::arg("squares"));
  bind_protocol(type);
  type.def(
          "update",
          [](Guarded<ExactSums> &self, In<std::int32_t> slots, In<std::uint8_t> kinds, Numbers numbers) {
            self.with_few(slots.size(), [&](ExactSums &table) { table.update(rows(slots, kinds, numbers)); });
          },
          exactly("slots"), exactly("kinds"), exactly("numbers"),
          "Add row i to slots[i], or to none if negative: slots int32[n], kinds uint8[n], numbers int64[n].")
      .def(
          "remove",
          [](Guarded<ExactSums> &self, In<std::int32_t> slots, In<std::uint8_t> kinds, Numbers numbers) {
            self.with_few(slots.size(), [&](ExactSums &table) { table.remove(rows(slots, kinds, numbers)); });
          },
          exactly("slots"), exactly("kinds"), exactly("numbers"), "Undo `update` with the same rows, exactly.")
      .def(
          "counts",
          [](Guarded<ExactSums> &self, In<std::int32_t> slots) {
            return to_numpy(self.with_few(slots.size(), [&](ExactSums &table) {
              return table.counts(span_of(slots));
            }));
          },
          exactly("slots"), "How many numbers there are: int64[m].")
      .def("sums", &numbers_of<&ExactSums::sums>, exactly("slots"),
           "(kinds uint8[m], numbers int64[m]): INTEGER while all were integers and the sum fits int64, else DOUBLE\n"
           "(IEEE bits); INTEGER 0 of nothing; NULL beyond the largest double.")
      .def("means", &numbers_of<&ExactSums::means>, exactly("slots"),
           "(kinds, numbers): the exact sum over the count, DOUBLE; NULL of nothing.")
      .def(
          "ratios",
          [](Guarded<ExactSums> &self, In<std::int32_t> slots, Numbers divisors, std::int64_t scale) {
            return to_arrays(self.with_few(slots.size(), [&](ExactSums &table) {
              return table.ratios(span_of(slots), span_of(divisors), scale);
            }));
          },
          exactly("slots"), exactly("divisors"), nb::arg("scale"),
          "(kinds, numbers): sum·scale / divisors[i], DOUBLE; NULL where the divisor (int64[m], >= 0) is 0. A rate per\n"
          "second has the microseconds as divisor and scale 1,000,000.")
      .def("variances", &numbers_of<&ExactSums::variances>, exactly("slots"),
           "(kinds, numbers): the sample variance (n - 1), DOUBLE; NULL below two numbers. Needs squares.")
      .def("deviations", &numbers_of<&ExactSums::deviations>, exactly("slots"),
           "(kinds, numbers): the root of the exact sample variance, rounded once; NULL below two numbers. Needs\n"
           "squares.");
}

}  // namespace streamstat

void bind_exact(nanobind::module_ &module) { streamstat::bind_sums(module); }
