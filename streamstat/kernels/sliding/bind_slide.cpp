// The sliding windows in Python.
#include <algorithm>

#include "sliding/slide.hpp"
#include "states/bind_slot_states.hpp"

namespace streamstat {

namespace {

using Marks = In<std::uint8_t>;
using Integers = In<std::int64_t>;
using Hashes = In<std::uint64_t>;

// None comes as an array that is not valid.
slide::Taken taken(std::size_t events, const Marks &take) {
  if (!take.is_valid()) return {};
  require_size(events, take.size(), "take");
  return {take.data()};
}

slide::Ranges ranges(std::size_t events, const Integers &lo, const Integers &hi) {
  const slide::Ranges ranges{span_of(lo), span_of(hi)};
  ranges.require_within(events);
  return ranges;
}

// Checks what all functions over values take, and calls one of them without the GIL.
template <typename Work>
NumberArrays of_numbers(const Marks &kinds, const Integers &numbers, const Marks &take, const Integers &lo,
                        const Integers &hi, Work work) {
  return to_arrays(without_gil([&] {
    require_size(kinds.size(), numbers.size(), "numbers");
    require_kinds(span_of(kinds));
    const slide::Values values{span_of(kinds), span_of(numbers), taken(kinds.size(), take)};
    return work(values, ranges(kinds.size(), lo, hi));
  }));
}

template <auto function>
NumberArrays exact_numbers(Marks kinds, Integers numbers, Marks take, Integers lo, Integers hi) {
  return of_numbers(kinds, numbers, take, lo, hi, function);
}

template <auto function>
Out<std::int64_t> of_marks(Marks marks, Marks take, Integers lo, Integers hi) {
  return to_numpy(
      without_gil([&] { return function(span_of(marks), taken(marks.size(), take), ranges(marks.size(), lo, hi)); }));
}

std::size_t events_of(const Marks &kinds, const Marks &take, const Integers &hi) {
  if (kinds.is_valid()) return kinds.size();
  if (take.is_valid()) return take.size();
  return hi.size() ? static_cast<std::size_t>(std::max<std::int64_t>(hi.data()[hi.size() - 1], 0)) : 0;
}

Out<std::int64_t> counts(Marks kinds, Marks take, Integers lo, Integers hi) {
  return to_numpy(without_gil([&] {
    const std::size_t events = events_of(kinds, take, hi);
    const auto checked = ranges(events, lo, hi);
    const auto flags = taken(events, take);
    return kinds.is_valid() ? slide::counts_nonnull(span_of(kinds), flags, checked) : slide::counts(flags, checked);
  }));
}

Out<std::int64_t> picks(Marks kinds, Marks take, Integers lo, Integers hi, bool last) {
  return last ? of_marks<slide::last>(kinds, take, lo, hi) : of_marks<slide::first>(kinds, take, lo, hi);
}

Out<std::int64_t> distinct(Hashes hashes, Marks kinds, Marks take, Integers lo, Integers hi) {
  return to_numpy(without_gil([&] {
    require_size(hashes.size(), kinds.size(), "kinds");
    const auto flags = taken(hashes.size(), take);
    return slide::distinct(span_of(hashes), span_of(kinds), flags, ranges(hashes.size(), lo, hi));
  }));
}

NumberArrays ratios(Marks kinds, Integers numbers, Marks take, Integers lo, Integers hi, Integers divisors,
                    std::int64_t scale) {
  return of_numbers(kinds, numbers, take, lo, hi, [&](const slide::Values &values, const slide::Ranges &ranges) {
    return slide::ratios(values, ranges, span_of(divisors), scale);
  });
}

NumberArrays extremes(Marks kinds, Integers numbers, Marks take, Integers lo, Integers hi, bool minimum) {
  return of_numbers(kinds, numbers, take, lo, hi, [&](const slide::Values &values, const slide::Ranges &ranges) {
    return slide::extremes(values, ranges, minimum);
  });
}

std::pair<Out<std::uint8_t>, Out<double>> quantiles(Marks kinds, Integers numbers, Marks take, Integers lo,
                                                    Integers hi, Hashes numerators, Hashes denominators) {
  auto columns = without_gil([&] {
    require_size(kinds.size(), numbers.size(), "numbers");
    require_kinds(span_of(kinds));
    const slide::Values values{span_of(kinds), span_of(numbers), taken(kinds.size(), take)};
    return slide::quantiles(values, ranges(kinds.size(), lo, hi), span_of(numerators), span_of(denominators));
  });
  return {to_numpy(std::move(columns.kinds)), to_numpy(std::move(columns.values))};
}

constexpr char kAboutCounts[] =
    "How many events each range holds, or how many whose kind (uint8[n]) is not NULL: int64[m].\n\n"
    "All slide functions: row r is about the events [lo[r], hi[r]), int64[m] both, 0 <= lo[r] <= hi[r] <= n, and\n"
    "neither goes back from row to row. take uint8[n]: 0 leaves an event out; None: none is. ValueError for other\n"
    "ranges and for unequal sizes.\n\n"
    ">>> import numpy as np\n"
    ">>> slide_counts(None, None, np.array([0, 0, 1]), np.array([1, 2, 4])).tolist()\n"
    "[1, 2, 3]";

constexpr char kAboutSums[] =
    "The exact sum of each range, rounded once, as ExactSums.sums: (kinds uint8[m], numbers int64[m]).\n\n"
    ">>> import numpy as np\n"
    ">>> kinds, numbers = np.full(3, 4, np.uint8), np.array([0.1, 1e300, 0.2]).view(np.int64)\n"
    ">>> slide_sums(kinds, numbers, None, np.array([0, 2]), np.array([2, 3]))[1].view(np.float64).tolist()\n"
    "[1e+300, 0.2]";

constexpr char kAboutDistinct[] =
    "How many different hashes (uint64[n]) the events of each range have whose kind (uint8[n]) is not NULL: int64[m].\n\n"
    "Exact. The memory of the table goes with the hashes of one range.\n\n"
    ">>> import numpy as np\n"
    ">>> hashes, kinds = np.array([7, 8, 7], np.uint64), np.full(3, 5, np.uint8)\n"
    ">>> slide_distinct(hashes, kinds, None, np.array([0, 0, 1]), np.array([1, 3, 3])).tolist()\n"
    "[1, 2, 2]";

constexpr char kAboutQuantiles[] =
    "Several quantiles of each range in one sweep, with the values of HdrStates.quantile.\n\n"
    "Quantile k is numerators[k] / denominators[k], uint64[q] both; ValueError outside 0 to 1. Returns\n"
    "(kinds uint8[q * m], values float64[q * m]): the m rows of quantile 0, then those of quantile 1, and so on.\n"
    "Kinds are DOUBLE, or NULL where a range holds no number.\n\n"
    ">>> import numpy as np\n"
    ">>> kinds, numbers = np.full(4, 3, np.uint8), np.array([10, 20, 30, 40])\n"
    ">>> quantiles = np.array([1, 99], np.uint64), np.array([2, 100], np.uint64)\n"
    ">>> slide_quantiles(kinds, numbers, None, np.array([0, 2]), np.array([3, 4]), *quantiles)[1].tolist()\n"
    "[20.0, 30.0, 30.0, 40.0]";

}  // namespace

static void bind_sliding(nb::module_ &module) {
  const auto take = nb::arg("take").none().noconvert();
  const auto kinds = exactly("kinds"), numbers = exactly("numbers"), lo = exactly("lo"), hi = exactly("hi");
  module.def("slide_counts", &counts, nb::arg("kinds").none().noconvert(), take, lo, hi, kAboutCounts);
  module.def("slide_true", &of_marks<slide::counts_true>, exactly("flags"), take, lo, hi,
             "How many events of each range have their flag (uint8[n]) set: int64[m].");
  module.def("slide_sums", &exact_numbers<slide::sums>, kinds, numbers, take, lo, hi, kAboutSums);
  module.def("slide_means", &exact_numbers<slide::means>, kinds, numbers, take, lo, hi,
             "The mean of each range, as ExactSums.means: (kinds, numbers).");
  module.def("slide_ratios", &ratios, kinds, numbers, take, lo, hi, exactly("divisors"), nb::arg("scale"),
             "The sum of each range times scale by divisors[r], int64[m], as ExactSums.ratios: (kinds, numbers).");
  module.def("slide_variances", &exact_numbers<slide::variances>, kinds, numbers, take, lo, hi,
             "The sample variance of each range, as ExactSums.variances: (kinds, numbers).");
  module.def("slide_deviations", &exact_numbers<slide::deviations>, kinds, numbers, take, lo, hi,
             "The root of the sample variance of each range, as ExactSums.deviations: (kinds, numbers).");
  module.def("slide_extremes", &extremes, kinds, numbers, take, lo, hi, nb::arg("minimum"),
             "The least or the greatest number of each range, as Extremes: (kinds uint8[m], numbers int64[m]).");
  module.def("slide_picks", &picks, kinds, take, lo, hi, nb::arg("last"),
             "The index of the first or the last event of each range that is not NULL, -1 if there is none: int64[m].");
  module.def("slide_distinct", &distinct, exactly("hashes"), kinds, take, lo, hi, kAboutDistinct);
  module.def("slide_quantiles", &quantiles, kinds, numbers, take, lo, hi, exactly("numerators"),
             exactly("denominators"), kAboutQuantiles);
}

}  // namespace streamstat

void bind_slide(nanobind::module_ &module) { streamstat::bind_sliding(module); }
