// The calls every table of states has in Python, bound once.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>

#include <utility>

#include "base/guarded.hpp"
#include "states/slot_states.hpp"

namespace streamstat {

using NumberArrays = std::pair<Out<std::uint8_t>, Out<std::int64_t>>;

inline NumberArrays to_arrays(NumberColumn &&column) {
  return {to_numpy(std::move(column.kinds)), to_numpy(std::move(column.numbers))};
}

template <StateSlots Table>
void bind_keeping(nb::class_<Guarded<Table>> &type) {
  using Shared = Guarded<Table>;
  type.def("__len__", [](Shared &self) { return self.with_few(0, [](Table &table) { return table.size(); }); })
      .def(
          "resize", [](Shared &self, std::int64_t n) { self.with_few(0, [&](Table &table) { resize(table, n); }); },
          nb::arg("n"),
          "Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.")
      .def(
          "clear",
          [](Shared &self, In<std::int32_t> slots) {
            self.with_few(slots.size(), [&](Table &table) { clear(table, span_of(slots)); });
          },
          exactly("slots"),
          "Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.")
      .def(
          "snapshot",
          [](Shared &self, In<std::int32_t> slots) {
            return to_arrays(self.with([&](Table &table) { return snapshot(table, span_of(slots)); }));
          },
          exactly("slots"),
          "The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).\n\n"
          "Equal states give equal bytes.")
      .def(
          "restore",
          [](Shared &self, In<std::int32_t> slots, In<std::int64_t> offsets, In<std::uint8_t> data) {
            self.with([&](Table &table) {
              restore(table, span_of(slots), TextColumn(span_of(offsets), span_of(data), slots.size()));
            });
          },
          exactly("slots"), exactly("offsets"), exactly("data"),
          "Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for\n"
          "other bytes; nothing has changed then.");
}

template <SlotTable Table>
void bind_protocol(nb::class_<Guarded<Table>> &type) {
  using Shared = Guarded<Table>;
  bind_keeping(type);
  type.def(
          "absorb",
          [](Shared &self, Shared &other, In<std::int32_t> into, In<std::int32_t> source) {
            self.with_both(other, [&](Table &table, const Table &added) {
              absorb(table, added, span_of(into), span_of(source));
            });
          },
          nb::arg("other"), exactly("into"), exactly("source"),
          "For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.\n\n"
          "Law: absorbing the state of a stream equals updating with that stream.\n"
          "ValueError if other was made with other parameters, IndexError if a slot does not exist.")
      .def(
          "absorb_snapshots",
          [](Shared &self, Shared &passage, In<std::int32_t> into, In<std::int64_t> offsets, In<std::uint8_t> data,
             std::int64_t later) {
            self.with_both(passage, [&](Table &table, Table &through) {
              absorb_snapshots(table, through, span_of(into),
                               TextColumn(span_of(offsets), span_of(data), into.size()), later);
            });
          },
          nb::arg("passage"), exactly("into"), exactly("offsets"), exactly("data"), nb::arg("later"),
          "Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same\n"
          "parameters. The events of these states stand `later` places further on in the stream than they know.\n\n"
          "ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.");
}

}  // namespace streamstat
