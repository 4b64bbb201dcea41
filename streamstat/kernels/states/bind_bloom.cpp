// Python's view of membership and of first sights.
#include "base/kinds.hpp"
#include "states/bloom.hpp"
#include "states/first_seen.hpp"
#include "states/bind_slot_states.hpp"

using namespace streamstat;
using namespace nb::literals;

constexpr char kAboutStates[] = R"(Which values were there, one Bloom filter a slot.

The filter is the split-block one of the Parquet format (BloomFilter.md): a power of two of 32-byte
blocks, at least 10.5 bits for each of `capacity` values, which makes 1 % false positives when full.

>>> import numpy as np
>>> states = BloomStates(10000)
>>> states.resize(1)
>>> states.update(np.zeros(2, np.int32), np.array([5, 7], np.uint64), np.full(2, 5, np.uint8))
>>> states.estimates(np.array([0], np.int32))[1].tolist()
[2]
)";

constexpr char kAboutFirstSeen[] = R"(Which values of a stream were never seen before.

One growing Bloom filter ("Scalable Bloom Filters", Almeida et al., 2007) that starts at 2 KB. No value is called
new twice; at most 1 % of new values are missed, however many there are.

>>> import numpy as np
>>> FirstSeen().mark(np.zeros(3, np.int32), np.array([5, 7, 5], np.uint64), np.full(3, 5, np.uint8)).tolist()
[1, 1, 0]
)";

static Out<bool> over_full(Guarded<BloomStates> &self, In<std::int32_t> slots) {
  auto full = unfilled_array<bool>(slots.size());
  self.with_few(slots.size(), [&](BloomStates &table) {
    const auto found = table.estimates(span_of(slots));
    for (std::size_t i = 0; i < found.kinds.size(); ++i)
      full.data()[i] = found.kinds[i] == kind::null || found.numbers[i] > table.settings().capacity;
  });
  return full;
}

static void bind_bloom_states(nb::module_ &module) {
  nb::class_<Guarded<BloomStates>> states(module, "BloomStates", kAboutStates);
  states.def(nb::init<std::int64_t>(), "capacity"_a);
  bind_protocol(states);
  states.def(
      "update",
      [](Guarded<BloomStates> &self, In<std::int32_t> slots, In<std::uint64_t> hashes, In<std::uint8_t> kinds) {
        self.with_few(slots.size(), [&](BloomStates &table) {
          table.update(span_of(slots), span_of(hashes), span_of(kinds));
        });
      },
      exactly("slots"), exactly("hashes"), exactly("kinds"),
      "Add hashes uint64[n] to slots int32[n]; rows with a negative slot or kind NULL are skipped.");
  states.def(
      "estimates",
      [](Guarded<BloomStates> &self, In<std::int32_t> slots) {
        auto found = self.with_few(slots.size(), [&](BloomStates &table) { return table.estimates(span_of(slots)); });
        return std::pair(to_numpy(std::move(found.kinds)), to_numpy(std::move(found.numbers)));
      },
      exactly("slots"),
      "How many different values, judged by the bits set: (kinds uint8[m], numbers int64[m]).\n\n"
      "Kinds are INTEGER, or NULL where every bit is set and nothing can be told.");
  states.def("over_full", &over_full, exactly("slots"),
             "bool[m]: whether a slot seems to hold more than `capacity` values, so errs more than 1 %.");
  states.def(
      "filters",
      [](Guarded<BloomStates> &self, In<std::int32_t> slots) {
        return to_arrays(self.with([&](BloomStates &table) { return table.filters(span_of(slots)); }));
      },
      exactly("slots"), "Parquet's Bloom filter header and bitset of each slot: (offsets int64[m+1], data uint8[]).");
  states.def(
      "restore_filters",
      [](Guarded<BloomStates> &self, In<std::int32_t> slots, In<std::int64_t> offsets, In<std::uint8_t> data) {
        self.with([&](BloomStates &table) {
          table.restore_filters(span_of(slots), TextColumn(span_of(offsets), span_of(data), slots.size()));
        });
      },
      exactly("slots"), exactly("offsets"), exactly("data"),
      "Put what `filters` of a table for this capacity gave, or a Parquet writer, into slots.\n\n"
      "ValueError for other bytes and filters of another size; nothing has changed then.");
}

static void bind_first_seen(nb::module_ &module) {
  nb::class_<Guarded<FirstSeen>>(module, "FirstSeen", kAboutFirstSeen)
      .def(nb::init<>())
      .def(
          "mark",
          [](Guarded<FirstSeen> &self, In<std::int32_t> slots, In<std::uint64_t> hashes, In<std::uint8_t> kinds) {
            return to_numpy(self.with_few(slots.size(), [&](FirstSeen &seen) {
              return seen.mark(span_of(slots), span_of(hashes), span_of(kinds));
            }));
          },
          exactly("slots"), exactly("hashes"), exactly("kinds"),
          "uint8[n]: 1 where the hash is new, in input order, which adds it; 0 where slot < 0 or kind is NULL.\n\n"
          "Cutting the stream into calls differently changes nothing.")
      .def(
          "snapshot",
          [](Guarded<FirstSeen> &self) {
            return to_bytes(self.with([](FirstSeen &seen) { return seen.snapshot(); }));
          },
          "The whole state as bytes, for `restore`.")
      .def(
          "restore",
          [](Guarded<FirstSeen> &self, nb::bytes bytes) {
            const ByteSpan span = span_of_bytes(bytes);
            self.with([&](FirstSeen &seen) { seen.restore(span); });
          },
          nb::arg("snapshot"),
          "Replace the whole state by a snapshot. ValueError for other bytes; nothing has changed then.");
}

void bind_bloom(nb::module_ &module) {
  bind_bloom_states(module);
  bind_first_seen(module);
}
