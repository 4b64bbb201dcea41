// The calls every table of states has in Python, bound once.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>

#include <span>
#include <utility>

#include "base/arrays.hpp"
#include "base/gil.hpp"
#include "states/slot_states.hpp"

namespace streamstat::states {

template <typename T>
std::span<const T> view(const In<T> &array) {
  return {array.data(), array.size()};
}

// An array argument whose dtype must be the one named: a silent conversion would turn doubles into other numbers.
inline auto exactly(const char *name) { return nb::arg(name).noconvert(); }

using NumberArrays = std::pair<Out<std::uint8_t>, Out<std::int64_t>>;
using TextArrays = std::pair<Out<std::int64_t>, Out<std::uint8_t>>;

inline NumberArrays to_arrays(NumberColumn &&column) {
  return {to_numpy(std::move(column.kinds)), to_numpy(std::move(column.numbers))};
}

inline TextArrays to_arrays(ByteStrings &&texts) {
  return {to_numpy(std::move(texts.offsets)), to_numpy(std::move(texts.data))};
}

template <SlotTable Table>
void bind_protocol(nb::class_<Table> &type) {
  type.def("__len__", [](const Table &table) { return table.size(); })
      .def(
          "resize",
          [](Table &table, std::int64_t n) {
            require_growth(table.size(), n);
            table.resize(static_cast<std::size_t>(n));
          },
          nb::arg("n"), "Make slots 0..n-1 exist; new ones are empty. Fewer than there are: ValueError.")
      .def(
          "clear",
          [](Table &table, In<std::int32_t> slots) { without_gil_if_many(slots.size(), [&] { clear(table, view(slots)); }); },
          exactly("slots"), "Make these slots (int32[m]) empty and free their memory.")
      .def(
          "absorb",
          [](Table &table, const Table &other, In<std::int32_t> into, In<std::int32_t> source) {
            without_gil([&] { absorb(table, other, view(into), view(source)); });
          },
          nb::arg("other"), exactly("into"), exactly("source"),
          "For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.\n\n"
          "ValueError if other was made with other parameters, IndexError if a slot does not exist.")
      .def(
          "snapshot",
          [](const Table &table, In<std::int32_t> slots) {
            return to_arrays(without_gil([&] { return snapshot(table, view(slots)); }));
          },
          exactly("slots"),
          "The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).")
      .def(
          "restore",
          [](Table &table, In<std::int32_t> slots, In<std::int64_t> offsets, In<std::uint8_t> data) {
            without_gil([&] { restore(table, view(slots), view(offsets), view(data)); });
          },
          exactly("slots"), exactly("offsets"), exactly("data"),
          "Put back what `snapshot` gave, state i into slots[i]. Damaged bytes: ValueError, and the slots before\n"
          "the damaged one are restored, the others as they were.");
}

}  // namespace streamstat::states
