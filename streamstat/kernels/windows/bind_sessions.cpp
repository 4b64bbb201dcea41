// Python's view of session windows.
#include "base/guarded.hpp"
#include "windows/sessions.hpp"

#include <nanobind/stl/tuple.h>

namespace streamstat {

namespace {

using Slots = Out<std::int32_t>;
using Times = Out<std::int64_t>;
using Found = std::tuple<Slots, Times, Times>;
using Taken = std::tuple<std::int64_t, Slots, Out<std::uint8_t>, Slots, Slots>;

using SharedSessions = Guarded<Sessions>;

constexpr char kAbout[] = R"(Sessions: events of a key at most `gap` apart, as they arrive. Each has a slot, the index of its state.

gap, lateness: microseconds; a lateness of 2^63 - 1 has no end. ValueError if negative. A session from event time
`first` to `last` fires when W > last + gap and closes when W > last + gap + lateness. Plus infinity, 2^63 - 1, lies
after every time: there all sessions fire and close. For events W never goes back: a lower one counts as the highest
so far.

An event within the gap of a session of its key that is not closed joins it, even where it alone would be late, and
makes two sessions one, in the lower slot. Else it is a session of its own, in the lowest free slot; or late, if that
session would be closed at once. A closed session takes no event; it stays until it is dropped.

stop_at_firing: whether `admit` stops where sessions must fire first, as a row may change those that have.

promises: whether nothing begins any more before the lesser of W and the least start of an open session, one that is
not closed: a row that would begin its session there, with all that it joins, is late.

stop_at_each: whether `admit` stops before each row before which a session must fire, whatever the row.

>>> import numpy as np
>>> sessions = Sessions(10, 0, False)
>>> times, before = np.array([0, 30, 8, 20]), np.array([0, 0, 20, 20])
>>> end, slots, late, into, source = sessions.admit(np.zeros(4, np.int32), times, before, np.ones(4, np.uint8), 0)
>>> slots.tolist(), late.tolist()
([0, 1, -1, 1], [0, 0, 1, 0])
>>> [column.tolist() for column in sessions.at(np.array([0, 1], np.int32))]
[[0, 0], [0, 20], [0, 30]])";

constexpr char kAdmit[] = R"(Take rows in order, from `begin` on: (end, slots int32[k], late uint8[k], into int32[m], source int32[m]).

keys: int32[n]. times: int64[n], microseconds. before: int64[n], W as it stands before each row. take: uint8[n]: 0 =
leave this row out. end: n; or, if this stops at firings, the first row before which a session that has not fired has
to, if that row is behind its W or one since the last firing changed a session that had fired, or if it stops at each:
`fire` at that W, then go on there. slots: of rows [begin, end), -1 for those left out or late; where the row's
session went into another one later in the call, that one's. into, source: sessions that became one, in order: before
the state of these rows is added, absorb source[i] in into[i], one after the other, then clear all of `source`. Slots
of `source` are used again from the next call on. ValueError for unequal sizes, IndexError for a begin outside
[0, n].)";

Taken admit(SharedSessions &self, In<std::int32_t> keys, In<std::int64_t> times, In<std::int64_t> before,
                In<std::uint8_t> take, std::int64_t begin) {
  require_size(keys.size(), times.size(), "times");
  require_size(keys.size(), before.size(), "before");
  require_size(keys.size(), take.size(), "take");
  if (begin < 0 || static_cast<std::size_t>(begin) > keys.size())
    throw std::out_of_range("begin: " + std::to_string(begin) + " lies outside of [0, " +
                            std::to_string(keys.size()) + "]");
  auto done = self.with_few(keys.size(), [&](Sessions &state) {
    return state.admit(span_of(keys), span_of(times), span_of(before), span_of(take), static_cast<std::size_t>(begin));
  });
  return {static_cast<std::int64_t>(done.end), to_numpy(std::move(done.slots)), to_numpy(std::move(done.late)),
          to_numpy(std::move(done.into)), to_numpy(std::move(done.source))};
}

constexpr char kAdmitSpans[] = R"(Take in sessions of other streams: (slots int32[n], into int32[m], source int32[m]), as `admit` has them.

keys: int32[n]. firsts, lasts: int64[n], microseconds: the first and the last event of each; what lies between them is
of one session. Those that come within the gap of each other become one. ValueError for unequal sizes, for one that
ends before it begins, and behind any event.

>>> import numpy as np
>>> sessions, keys = Sessions(10, 0, False), np.zeros(3, np.int32)
>>> sessions.admit_spans(keys, np.array([0, 50, 15]), np.array([5, 90, 42]))[0].tolist()
[0, 0, 0])";

std::tuple<Slots, Slots, Slots> admit_spans(SharedSessions &self, In<std::int32_t> keys, In<std::int64_t> firsts,
                                            In<std::int64_t> lasts) {
  require_size(keys.size(), firsts.size(), "firsts");
  require_size(keys.size(), lasts.size(), "lasts");
  auto done = self.with_few(keys.size(), [&](Sessions &state) {
    return state.admit_spans(span_of(keys), span_of(firsts), span_of(lasts));
  });
  return {to_numpy(std::move(done.slots)), to_numpy(std::move(done.into)), to_numpy(std::move(done.source))};
}

bool due(SharedSessions &self, std::int64_t watermark) {
  return self.with_few(0, [&](Sessions &state) { return state.due(watermark); });
}

std::int64_t least_start(SharedSessions &self, std::int64_t watermark) {
  return self.with_few(0, [&](Sessions &state) { return state.least_start(watermark); });
}

template <auto Question>
Out<std::int32_t> slots_at(SharedSessions &self, std::int64_t watermark) {
  return to_numpy(self.with_few(0, [&](Sessions &state) { return (state.*Question)(watermark); }));
}

void drop(SharedSessions &self, In<std::int32_t> slots) {
  self.with_few(slots.size(), [&](Sessions &state) { state.drop(span_of(slots)); });
}

Found at(SharedSessions &self, In<std::int32_t> slots) {
  auto found = self.with_few(slots.size(), [&](Sessions &state) { return state.at(span_of(slots)); });
  return {to_numpy(std::move(found.keys)), to_numpy(std::move(found.firsts)), to_numpy(std::move(found.lasts))};
}

Out<std::int32_t> live(SharedSessions &self) {
  return to_numpy(self.with([](Sessions &state) { return state.live(); }));
}

std::size_t size(SharedSessions &self) {
  return self.with_few(0, [](Sessions &state) { return state.size(); });
}

std::size_t capacity(SharedSessions &self) {
  return self.with_few(0, [](Sessions &state) { return state.capacity(); });
}

nb::bytes snapshot(SharedSessions &self) {
  return to_bytes(self.with([](Sessions &state) { return state.snapshot(); }));
}

void restore(SharedSessions &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](Sessions &state) { state.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_sessions(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedSessions>(module, "Sessions", kAbout)
      .def(nb::init<std::int64_t, std::int64_t, bool, bool, bool>(), nb::arg("gap"), nb::arg("lateness"),
           nb::arg("stop_at_firing"), nb::arg("promises") = false, nb::arg("stop_at_each") = false)
      .def("admit", &admit, exactly("keys"), exactly("times"), exactly("before"),
           exactly("take"), nb::arg("begin"), kAdmit)
      .def("admit_spans", &admit_spans, exactly("keys"), exactly("firsts"), exactly("lasts"), kAdmitSpans)
      .def("due", &due, nb::arg("watermark"), "Whether `fire` would have anything to fire.")
      .def("fire", &slots_at<&Sessions::fire>, nb::arg("watermark"),
           "Sessions that have not fired and whose last + gap lies below the watermark: int32[k], ascending. They have "
           "fired now. One that grows until it has to wait again is as if it had not; one made of two has fired if "
           "both had.")
      .def("closed", &slots_at<&Sessions::closed>, nb::arg("watermark"),
           "Sessions whose last + gap + lateness lies below the watermark: int32[k], ascending.")
      .def("least_start", &least_start, nb::arg("watermark"),
           "The first event time of all sessions that are open at the watermark, 2^63 - 1 if none is; with `promises` "
           "or `stop_at_each` only. Rows that follow count as having at least this W.")
      .def("drop", &drop, exactly("slots"),
           "Forget the sessions in these slots and free the slots. IndexError for a slot without a live session, or "
           "named twice; nothing has changed then.")
      .def("at", &at, exactly("slots"),
           "The sessions in these slots: (keys int32[k], first int64[k], last int64[k]). IndexError for a slot without "
           "one.")
      .def("live", &live, "Slots of all sessions that were not dropped: int32[k], ascending.")
      .def("__len__", &size)
      .def_prop_ro("capacity", &capacity, "The highest slot given so far + 1: the rows that a store needs.")
      .def("snapshot", &snapshot, "The whole state as bytes, for `restore` of Sessions with equal gap and lateness.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
}
