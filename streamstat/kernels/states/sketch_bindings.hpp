// Binds what all grouped sketch states share; the bodies run without the GIL, the arrays are made with it.
#pragma once

#include "base/arrays.hpp"
#include "base/gil.hpp"
#include "states/sketch_states.hpp"

#include <nanobind/stl/pair.h>

namespace streamstat {

template <typename T>
std::span<const T> view(const In<T> &array) {
  return {array.data(), array.size()};
}

inline std::pair<Out<std::int64_t>, Out<std::uint8_t>> to_numpy(ByteStrings &&strings) {
  return {to_numpy(std::move(strings.offsets)), to_numpy(std::move(strings.data))};
}

template <typename States>
void bind_states(nb::class_<States> &states) {
  using namespace nb::literals;
  states.def("__len__", [](const States &self) { return self.size(); });
  states.def("resize", [](States &self, std::int64_t n) { self.resize(n); }, "n"_a,
             "Make slots 0 to n-1 exist, new ones empty; never shrinks. ValueError where n < 0 or n >= 2**31.");
  states.def(
      "clear", [](States &self, In<std::int32_t> slots) { without_gil_if_many(slots.size(), [&] { self.clear(view(slots)); }); },
      "slots"_a, "Empty these slots and free their memory. IndexError for a slot that does not exist.");
  states.def(
      "absorb",
      [](States &self, const States &other, In<std::int32_t> into, In<std::int32_t> source) {
        without_gil([&] { self.absorb(other, view(into), view(source)); });
      },
      "other"_a, "into"_a, "source"_a,
      "Merge other[source[i]] into self[into[i]], for i in order; other may be self.\n\n"
      "Law: absorbing the state of a stream equals updating with that stream, to the bit.\n"
      "ValueError where the settings differ, IndexError for a slot that does not exist.");
  states.def(
      "snapshot",
      [](const States &self, In<std::int32_t> slots) {
        return to_numpy(without_gil([&] { return self.snapshot(view(slots)); }));
      },
      "slots"_a,
      "The states as byte strings (offsets int64[m+1], data uint8[]): a version byte, the state, a checksum.\n\n"
      "Equal states give equal bytes.");
  states.def(
      "restore",
      [](States &self, In<std::int32_t> slots, In<std::int64_t> offsets, In<std::uint8_t> data) {
        without_gil([&] { self.restore(view(slots), view(offsets), view(data)); });
      },
      "slots"_a, "offsets"_a, "data"_a,
      "Replace these slots by snapshots of states with the same settings.\n\n"
      "ValueError where a state is damaged or of other settings; then nothing has changed.");
}

}  // namespace streamstat
