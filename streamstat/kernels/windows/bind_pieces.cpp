// Python's view of the live pieces.
#include <nanobind/stl/tuple.h>

#include <tuple>

#include "base/guarded.hpp"
#include "windows/pieces.hpp"
#include "windows/shared_pieces.hpp"

namespace streamstat {

namespace {

using Slots = Out<std::int32_t>;
using Times = Out<std::int64_t>;

constexpr char kAbout[] = R"(Live pieces: each different (key, lo) has a slot, the index of its state, until dropped.

A new piece gets the lowest free slot, so slots depend on the order of rows and of drops and on nothing else.

>>> import numpy as np
>>> pieces = PieceTable()
>>> keys, los = np.array([7, 7, 8], np.int32), np.array([0, 0, 60])
>>> slots, created = pieces.admit(keys, los, los + 60, np.ones(3, np.uint8))
>>> slots.tolist(), created.tolist()
([0, 0, 1], [0, 1]))";

constexpr char kAdmit[] = R"(The slot of each row's piece, made if it is new: (slots int32[n], created int32[c]).

keys: int32[n]. los, his: int64[n], the piece's bounds; a piece keeps the hi of its first row. take: uint8[n]: 0 =
leave this row out, slot -1. created: slots made by this call, in row order. ValueError for unequal sizes.)";

std::tuple<Slots, Slots> admit(SharedPieces &self, In<std::int32_t> keys, In<std::int64_t> los, In<std::int64_t> his,
                               In<std::uint8_t> take) {
  require_size(keys.size(), los.size(), "los");
  require_size(keys.size(), his.size(), "his");
  require_size(keys.size(), take.size(), "take");
  auto slots = unfilled_array<std::int32_t>(keys.size());
  auto created = self.with_few(keys.size(), [&](PieceTable &state) {
    return state.admit(span_of(keys), span_of(los), span_of(his), span_of(take), span_of(slots));
  });
  return {slots, to_numpy(std::move(created))};
}

void drop(SharedPieces &self, In<std::int32_t> slots) {
  self.with_few(slots.size(), [&](PieceTable &state) { state.drop(span_of(slots)); });
}

Slots slots(SharedPieces &self) {
  return to_numpy(self.with([](PieceTable &state) { return state.live_slots(); }));
}

std::tuple<Slots, Slots, Times, Times> live(SharedPieces &self) {
  auto all = self.with([](PieceTable &state) { return state.live(); });
  return {to_numpy(std::move(all.slots)), to_numpy(std::move(all.keys)), to_numpy(std::move(all.los)),
          to_numpy(std::move(all.his))};
}

std::tuple<Slots, Times, Times> at(SharedPieces &self, In<std::int32_t> slots) {
  auto found = self.with_few(slots.size(), [&](PieceTable &state) { return state.at(span_of(slots)); });
  return {to_numpy(std::move(found.keys)), to_numpy(std::move(found.los)), to_numpy(std::move(found.his))};
}

Out<std::int32_t> find(SharedPieces &self, In<std::int32_t> keys, In<std::int64_t> los) {
  require_size(keys.size(), los.size(), "los");
  auto slots = unfilled_array<std::int32_t>(keys.size());
  self.with_few(keys.size(), [&](PieceTable &state) { state.find(span_of(keys), span_of(los), span_of(slots)); });
  return slots;
}

std::size_t size(SharedPieces &self) {
  return self.with_few(0, [](PieceTable &state) { return state.size(); });
}

std::size_t capacity(SharedPieces &self) {
  return self.with_few(0, [](PieceTable &state) { return state.capacity(); });
}

nb::bytes snapshot(SharedPieces &self) {
  return to_bytes(self.with([](PieceTable &state) { return state.snapshot(); }));
}

void restore(SharedPieces &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](PieceTable &state) { state.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_pieces(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedPieces>(module, "PieceTable", kAbout)
      .def(nb::init<>())
      .def("admit", &admit, exactly("keys"), exactly("los"), exactly("his"),
           exactly("take"), kAdmit)
      .def("drop", &drop, exactly("slots"),
           "Forget the pieces in these slots and free the slots. IndexError for a slot without a live piece, or named "
           "twice; nothing has changed then.")
      .def("slots", &slots, "Slots of live pieces, ascending: int32[k].")
      .def("live", &live, "Live pieces in slot order: (slots int32[k], keys int32[k], los int64[k], his int64[k]).")
      .def("at", &at, exactly("slots"),
           "The pieces in these slots: (keys int32[k], los int64[k], his int64[k]). IndexError for a slot without one.")
      .def("find", &find, exactly("keys"), exactly("los"),
           "The slot of each piece, -1 where there is none: int32[n]. ValueError for unequal sizes.")
      .def("__len__", &size)
      .def_prop_ro("capacity", &capacity, "The highest slot given so far + 1: the rows that a store needs.")
      .def("snapshot", &snapshot, "The whole state as bytes, for `restore`.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
}
