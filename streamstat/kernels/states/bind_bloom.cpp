// Python's view of membership and of first sights.
#include "base/kinds.hpp"
#include "states/bloom.hpp"
#include "states/first_seen.hpp"
#include "states/sketch_bindings.hpp"

using namespace streamstat;
using namespace nb::literals;

static const char *const about_states = R"(Which values were there, one Bloom filter a slot.

The filter is the split-block one of the Parquet format (BloomFilter.md): a power of two of 32-byte
blocks, at least 10.5 bits for each of `capacity` values, which makes 1 % false positives when full.

>>> import numpy as np
>>> states = BloomStates(10000)
>>> states.resize(1)
>>> states.update(np.zeros(2, np.int32), np.array([5, 7], np.uint64), np.full(2, 5, np.uint8))
>>> states.estimates(np.array([0], np.int32))[1].tolist()
[2]
)";

static const char *const about_first_seen = R"(Which values of a stream were never seen before.

One growing Bloom filter ("Scalable Bloom Filters", Almeida et al., 2007) that starts at 2 KB. No value is called
new twice; at most 1 % of new values are missed, however many there are.

>>> import numpy as np
>>> FirstSeen().mark(np.zeros(3, np.int32), np.array([5, 7, 5], np.uint64), np.full(3, 5, np.uint8)).tolist()
[1, 1, 0]
)";

static Out<bool> over_full(const BloomStates &self, In<std::int32_t> slots) {
  const auto found = without_gil_if_many(slots.size(), [&] { return self.estimates(view(slots)); });
  auto *full = new bool[found.kinds.size()];
  nb::capsule owner(full, [](void *p) noexcept { delete[] static_cast<bool *>(p); });
  for (std::size_t i = 0; i < found.kinds.size(); ++i)
    full[i] = found.kinds[i] == kind::null || found.numbers[i] > self.settings().capacity;
  return Out<bool>(full, {found.kinds.size()}, owner);
}

static void bind_bloom_states(nb::module_ &module) {
  nb::class_<BloomStates> states(module, "BloomStates", about_states);
  states.def(
      "__init__", [](BloomStates *self, std::int64_t capacity) { new (self) BloomStates(BloomSettings(capacity)); },
      "capacity"_a);
  bind_states(states);
  states.def(
      "update",
      [](BloomStates &self, In<std::int32_t> slots, In<std::uint64_t> hashes, In<std::uint8_t> kinds) {
        without_gil_if_many(slots.size(), [&] { self.update(view(slots), view(hashes), view(kinds)); });
      },
      "slots"_a, "hashes"_a, "kinds"_a,
      "Add hashes uint64[n] to slots int32[n]; rows with a negative slot or kind NULL are skipped.");
  states.def(
      "estimates",
      [](const BloomStates &self, In<std::int32_t> slots) {
        auto found = without_gil_if_many(slots.size(), [&] { return self.estimates(view(slots)); });
        return std::pair(to_numpy(std::move(found.kinds)), to_numpy(std::move(found.numbers)));
      },
      "slots"_a,
      "How many different values, judged by the bits set: (kinds uint8[m], numbers int64[m]).\n\n"
      "Kinds are INTEGER, or NULL where every bit is set and nothing can be told.");
  states.def("over_full", &over_full, "slots"_a,
             "bool[m]: whether a slot seems to hold more than `capacity` values, so errs more than 1 %.");
  states.def(
      "filters",
      [](const BloomStates &self, In<std::int32_t> slots) {
        return to_numpy(without_gil([&] { return self.filters(view(slots)); }));
      },
      "slots"_a, "Parquet's Bloom filter header and bitset of each slot: (offsets int64[m+1], data uint8[]).");
}

static void bind_first_seen(nb::module_ &module) {
  nb::class_<FirstSeen>(module, "FirstSeen", about_first_seen)
      .def(nb::init<>())
      .def(
          "mark",
          [](FirstSeen &self, In<std::int32_t> slots, In<std::uint64_t> hashes, In<std::uint8_t> kinds) {
            return to_numpy(without_gil_if_many(slots.size(), [&] { return self.mark(view(slots), view(hashes), view(kinds)); }));
          },
          "slots"_a, "hashes"_a, "kinds"_a,
          "uint8[n]: 1 where the hash is new, in input order, which adds it; 0 where slot < 0 or kind is NULL.\n\n"
          "Cutting the stream into calls differently changes nothing.")
      .def(
          "snapshot",
          [](const FirstSeen &self) {
            const Bytes bytes = without_gil([&] { return self.snapshot(); });
            return nb::bytes(bytes.data(), bytes.size());
          },
          "The whole state, with a version byte and a checksum.")
      .def(
          "restore",
          [](FirstSeen &self, nb::bytes bytes) {
            const ByteSpan view(static_cast<const std::uint8_t *>(bytes.data()), bytes.size());
            without_gil([&] { self.restore(view); });
          },
          "bytes"_a, "Become the state of a snapshot; ValueError where it is damaged, then nothing has changed.");
}

void bind_bloom(nb::module_ &module) {
  bind_bloom_states(module);
  bind_first_seen(module);
}
