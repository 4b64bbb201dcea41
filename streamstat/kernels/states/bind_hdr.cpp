// Python's view of the percentiles.
#include "states/hdr.hpp"
#include "states/bind_slot_states.hpp"

using namespace streamstat;
using namespace nb::literals;

constexpr char kAbout[] = R"(Percentiles, one sketch a slot, over doubles and integers of any size and sign.

Buckets are those of HdrHistogram with 3 significant digits (http://hdrhistogram.org): 1,024 an octave. So a
quantile is at most 0.1 % above the true nearest-rank value and never below it; integers below 2,048 are
exact where all values of the slot are whole. Counts, not samples: order, cuts and merges change nothing.

>>> import numpy as np
>>> states = HdrStates()
>>> states.resize(1)
>>> states.update(np.zeros(4, np.int32), np.full(4, 3, np.uint8), np.array([10, 20, 30, 40]))
>>> states.quantile(np.array([0], np.int32), 99, 100)[1].tolist()
[40.0]
)";

void bind_hdr(nb::module_ &module) {
  nb::class_<Guarded<HdrStates>> states(module, "HdrStates", kAbout);
  states.def(nb::init<>());
  bind_protocol(states);
  states.def(
      "update",
      [](Guarded<HdrStates> &self, In<std::int32_t> slots, In<std::uint8_t> kinds, In<std::int64_t> numbers) {
        self.with_few(slots.size(), [&](HdrStates &table) {
          table.update(span_of(slots), span_of(kinds), span_of(numbers));
        });
      },
      exactly("slots"), exactly("kinds"), exactly("numbers"),
      "Add the values (kinds uint8[n], numbers int64[n], as in batch.Values) to slots int32[n].\n\n"
      "True and false count as 1 and 0; negative slots, other kinds and infinities are skipped.");
  states.def(
      "quantile",
      [](Guarded<HdrStates> &self, In<std::int32_t> slots, std::uint64_t numerator, std::uint64_t denominator) {
        auto found = self.with_few(slots.size(), [&](HdrStates &table) {
          return table.quantile(span_of(slots), numerator, denominator);
        });
        return std::pair(to_numpy(std::move(found.kinds)), to_numpy(std::move(found.values)));
      },
      exactly("slots"), "numerator"_a, "denominator"_a,
      "The value of rank max(1, ceil(n * numerator / denominator)): (kinds uint8[m], values float64[m]).\n\n"
      "Kinds are DOUBLE, or NULL for an empty slot. Values are the upper edge of the bucket that holds the rank\n"
      "(of negatives the edge nearer zero), or the largest integer in it where all values are whole, and\n"
      "never above the true maximum. ValueError for a quantile outside 0 to 1.");
  states.def(
      "payloads",
      [](Guarded<HdrStates> &self, In<std::int32_t> slots, int fraction_bits) {
        return to_arrays(self.with([&](HdrStates &table) { return table.payloads(span_of(slots), fraction_bits, 1); }));
      },
      exactly("slots"), "fraction_bits"_a,
      "Counters of HdrHistogram(1, 2**63-1, 3) for floor(value * 2**fraction_bits) of the values >= 0, clamped,\n"
      "in the V2 encoding (ZigZag LEB128): (offsets int64[m+1], data uint8[]); empty without such values.");
  states.def(
      "negative_payloads",
      [](Guarded<HdrStates> &self, In<std::int32_t> slots, int fraction_bits) {
        return to_arrays(self.with([&](HdrStates &table) {
          return table.payloads(span_of(slots), fraction_bits, -1);
        }));
      },
      exactly("slots"), "fraction_bits"_a, "As payloads, of the magnitudes of the values < 0.");
  states.def(
      "restore_histograms",
      [](Guarded<HdrStates> &self, In<std::int32_t> slots, In<std::int64_t> offsets, In<std::uint8_t> data,
         In<std::int64_t> negative_offsets, In<std::uint8_t> negative_data) {
        self.with([&](HdrStates &table) {
          table.restore_histograms(span_of(slots), TextColumn(span_of(offsets), span_of(data), slots.size()),
                                   TextColumn(span_of(negative_offsets), span_of(negative_data), slots.size()));
        });
      },
      exactly("slots"), exactly("offsets"), exactly("data"), exactly("negative_offsets"), exactly("negative_data"),
      "Put what two HdrHistograms count into each slot: one of values, one of the magnitudes of values < 0.\n\n"
      "Each in the V2 encoding, header and counters, inflated; an empty string counts nothing. They may have 3 to 5\n"
      "digits, any range and any ratio. A quantile is then what the histogram reads at that rank, the highest of the\n"
      "values that its counter cannot tell apart, or at most 0.1 % above: the very same for 3 digits, a lowest value\n"
      "of 1 and a power of two as ratio. ValueError for other bytes; nothing has changed then.");
}
