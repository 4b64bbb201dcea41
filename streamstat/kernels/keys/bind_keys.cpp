// Python's view of the keys.
#include <nanobind/stl/pair.h>

#include <utility>

#include "base/guarded.hpp"
#include "keys/keys.hpp"

namespace streamstat {

namespace {

using SharedKeys = Guarded<KeyTable>;

constexpr char kAbout[] = R"(JSON values to dense codes in first-come order, and back.

Values are the same key if they are both null, both false, both true, numbers of one spelling, texts of the
same bytes, or objects and arrays of one spelling: 1, 1.0 and "1" are three keys.

>>> import numpy as np
>>> keys = KeyTable()
>>> kinds, data = np.array([5, 3, 5], np.uint8), np.frombuffer(b"a1a", np.uint8)  # "a", 1, "a"
>>> keys.intern(kinds, np.array([0, 1, 2, 3]), data).tolist()
[0, 1, 0])";

constexpr char kIntern[] = R"(The code of each value, given if it is new: int32[n].

kinds: uint8[n] of Kind. text_offsets: int64[n+1] and text_data: uint8, the bytes of texts, of JSON and of numbers
as spelt; those of null, false and true are ignored. ValueError for an unknown kind or offsets that do not ascend
within the data, OverflowError beyond 2^31 - 1 keys.)";

Out<std::int32_t> intern(SharedKeys &self, In<std::uint8_t> kinds, In<std::int64_t> offsets, In<std::uint8_t> data) {
  auto codes = unfilled_array<std::int32_t>(kinds.size());
  self.with_few(kinds.size(), [&](KeyTable &state) {
    state.intern(span_of(kinds), TextColumn(span_of(offsets), span_of(data), kinds.size()), span_of(codes));
  });
  return codes;
}

Out<std::int32_t> find(SharedKeys &self, In<std::uint8_t> kinds, In<std::int64_t> offsets, In<std::uint8_t> data) {
  auto codes = unfilled_array<std::int32_t>(kinds.size());
  self.with_few(kinds.size(), [&](KeyTable &state) {
    state.find(span_of(kinds), TextColumn(span_of(offsets), span_of(data), kinds.size()), span_of(codes));
  });
  return codes;
}

Out<std::uint8_t> kinds(SharedKeys &self, In<std::int32_t> codes) {
  auto kinds = unfilled_array<std::uint8_t>(codes.size());
  self.with_few(codes.size(), [&](KeyTable &state) { state.kinds(span_of(codes), span_of(kinds)); });
  return kinds;
}

TextArrays texts(SharedKeys &self, In<std::int32_t> codes) {
  return to_arrays(self.with_few(codes.size(), [&](KeyTable &state) { return state.texts(span_of(codes)); }));
}

Out<std::int32_t> ranks(SharedKeys &self) {
  return to_numpy(self.with([](KeyTable &state) { return state.ranks(); }));
}

Out<std::int32_t> retain(SharedKeys &self, In<std::uint8_t> live) {
  return to_numpy(self.with([&](KeyTable &state) { return state.retain(span_of(live)); }));
}

std::size_t size(SharedKeys &self) {
  return self.with_few(0, [](KeyTable &state) { return state.size(); });
}

nb::bytes snapshot(SharedKeys &self) {
  return to_bytes(self.with([](KeyTable &state) { return state.snapshot(); }));
}

void restore(SharedKeys &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](KeyTable &state) { state.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_keys(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedKeys>(module, "KeyTable", kAbout)
      .def(nb::init<>())
      .def("intern", &intern, exactly("kinds"), exactly("text_offsets"),
           exactly("text_data"), kIntern)
      .def("find", &find, exactly("kinds"), exactly("text_offsets"),
           exactly("text_data"), "As intern, but a value without a code gets none: -1.")
      .def("__len__", &size)
      .def("kinds", &kinds, exactly("codes"),
           "The kind of each code's first value: uint8[m]. IndexError for a code that was never given.")
      .def("texts", &texts, exactly("codes"),
           "The bytes of each code, empty for null, false and true: (offsets int64[m+1], data uint8). IndexError for a "
           "code that was never given.")
      .def("ranks", &ranks, "The dense rank of each code in the order of result rows: int32[len].")
      .def("retain", &retain, exactly("live"),
           "Forget codes whose flag (uint8, one a code) is 0, close the gaps in order; the new code of each old one, "
           "-1 if forgotten: int32. ValueError for a wrong number of flags.")
      .def("snapshot", &snapshot, "The whole state as bytes, for `restore`.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
}
