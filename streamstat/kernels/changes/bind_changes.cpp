// Python's view of what logs of changes say.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "base/gil.hpp"
#include "base/guarded.hpp"
#include "base/kinds.hpp"
#include "changes/edits.hpp"
#include "changes/extended.hpp"
#include "changes/key_texts.hpp"
#include "changes/members.hpp"
#include "changes/objects.hpp"
#include "changes/positions.hpp"
#include "changes/typed.hpp"

#include <tuple>

namespace streamstat {

namespace {

using Offsets = In<std::int64_t>;
using Data = In<std::uint8_t>;
using Numbers = std::tuple<Out<std::uint64_t>, Out<std::uint64_t>, Out<std::uint8_t>>;

TextColumn column(const Offsets &offsets, const Data &data) {
  if (offsets.size() == 0) throw std::invalid_argument("text_offsets: there are none");
  return {span_of(offsets), span_of(data), offsets.size() - 1};
}

template <ByteStrings (*Make)(const TextColumn &)>
TextArrays of_one(Offsets offsets, Data data) {
  const TextColumn texts = column(offsets, data);
  return to_arrays(without_gil_if_many(texts.size(), [&] { return Make(texts); }));
}

template <ByteStrings (*Make)(const TextColumn &, const TextColumn &)>
TextArrays of_two(Offsets offsets, Data data, Offsets other_offsets, Data other_data) {
  const TextColumn one = column(offsets, data), other = column(other_offsets, other_data);
  require_size(one.size(), other.size(), "texts");
  return to_arrays(without_gil_if_many(one.size(), [&] { return Make(one, other); }));
}

std::tuple<Out<std::int64_t>, TextArrays, Out<std::uint8_t>> elements(Offsets offsets, Data data) {
  const TextColumn texts = column(offsets, data);
  Elements out = without_gil_if_many(texts.size(), [&] { return array_elements(texts); });
  return {to_numpy(std::move(out.rows)), to_arrays(std::move(out.texts)), to_numpy(std::move(out.valid))};
}

TextArrays without(Offsets offsets, Data data, const std::string &prefix) {
  const TextColumn texts = column(offsets, data);
  return to_arrays(without_gil_if_many(texts.size(), [&] { return objects_without(texts, prefix); }));
}

TextArrays key_objects(Data kinds, Offsets offsets, Data data, const std::string &name) {
  const TextColumn texts = column(offsets, data);
  return to_arrays(without_gil_if_many(texts.size(), [&] { return objects_of_keys(span_of(kinds), texts, name); }));
}

TextArrays numbers_by_type(Offsets offsets, Data data, Offsets type_offsets, Data type_data, In<std::int64_t> types_of) {
  const TextColumn texts = column(offsets, data), types = column(type_offsets, type_data);
  const auto of = span_of(types_of);
  return to_arrays(without_gil_if_many(texts.size(), [&] { return objects_with_numbers(texts, types, of); }));
}

Out<std::int64_t> having(Offsets offsets, Data data, const std::vector<std::string> &needles) {
  const TextColumn texts = column(offsets, data);
  return to_numpy(without_gil_if_many(texts.size(), [&] { return rows_with(texts, needles); }));
}

std::pair<TextArrays, TextArrays> parted_marks(Offsets offsets, Data data, const std::vector<std::string> &marks) {
  const TextColumn texts = column(offsets, data);
  auto [rest, marked] = without_gil_if_many(texts.size(), [&] { return without_marks(texts, marks); });
  return {to_arrays(std::move(rest)), to_arrays(std::move(marked))};
}

Numbers to_numbers(Places &&places) {
  return {to_numpy(std::move(places.high)), to_numpy(std::move(places.low)), to_numpy(std::move(places.valid))};
}

template <Places (*Read)(const TextColumn &)>
Numbers places_in(Offsets offsets, Data data) {
  const TextColumn texts = column(offsets, data);
  return to_numbers(without_gil_if_many(texts.size(), [&] { return Read(texts); }));
}

std::pair<Numbers, TextArrays> log_places_in(Offsets offsets, Data data, bool have_places) {
  const TextColumn texts = column(offsets, data);
  LogPlaces out = without_gil_if_many(texts.size(), [&] { return log_places(texts, have_places); });
  return {to_numbers(std::move(out.places)), to_arrays(std::move(out.bases))};
}

TextArrays packed(const std::vector<In<std::uint64_t>> &columns, In<std::uint8_t> known) {
  std::vector<std::span<const std::uint64_t>> all;
  for (const auto &each : columns) all.push_back(span_of(each));
  return to_arrays(without_gil_if_many(known.size(), [&] { return packed_numbers(all, span_of(known)); }));
}

TextArrays typed(Offsets offsets, Data data, In<std::int32_t> schemas,
                 const std::vector<std::vector<std::tuple<std::string, int, std::int64_t>>> &columns) {
  const TextColumn texts = column(offsets, data);
  std::vector<std::vector<TypedColumn>> plans;
  for (const auto &schema : columns) {
    auto &plan = plans.emplace_back();
    for (const auto &[name, meaning, scale] : schema) {
      if (!is_string(name) || meaning < 0 || meaning >= kMeanings) throw std::invalid_argument("columns: no name or meaning");
      plan.push_back({name, static_cast<Meaning>(meaning), scale});
    }
  }
  const auto of = span_of(schemas);
  return to_arrays(without_gil_if_many(texts.size(), [&] { return objects_typed(texts, of, plans); }));
}

using KeyArrays = std::tuple<Data, Offsets, Data>;

TextArrays texts_of_keys(const std::vector<KeyArrays> &columns, std::size_t n) {
  std::vector<KeyColumnIn> in;
  for (const auto &[kinds, offsets, data] : columns) in.push_back({span_of(kinds), column(offsets, data)});
  for (const KeyColumnIn &each : in) require_size(n, each.texts.size(), "texts");
  return to_arrays(without_gil_if_many(n, [&] { return key_texts(in, n); }));
}

std::vector<std::tuple<Out<std::uint8_t>, Out<std::int64_t>, Out<std::uint8_t>>> columns_of_keys(Offsets offsets, Data data,
                                                                                              std::size_t width) {
  std::vector<std::tuple<Out<std::uint8_t>, Out<std::int64_t>, Out<std::uint8_t>>> out;
  for (KeyColumn &each : keys_of_texts(column(offsets, data), width)) {
    auto [text_offsets, text_data] = to_arrays(std::move(each.texts));
    out.emplace_back(to_numpy(std::move(each.kinds)), text_offsets, text_data);
  }
  return out;
}

Out<std::uint8_t> differing(Data kinds, Offsets offsets, Data data, Data other_kinds, Offsets other_offsets, Data other_data) {
  const TextColumn one = column(offsets, data), other = column(other_offsets, other_data);
  require_size(one.size(), other.size(), "texts");
  require_size(one.size(), kinds.size(), "kinds");
  require_size(one.size(), other_kinds.size(), "kinds");
  const auto of = span_of(kinds), of_other = span_of(other_kinds);
  return to_numpy(without_gil_if_many(one.size(), [&] {
    std::vector<std::uint8_t> out(one.size());
    for (std::size_t row = 0; row < one.size(); ++row)
      out[row] = one[row] != other[row] || identity_of(of[row]) != identity_of(of_other[row]);
    return out;
  }));
}

using SharedUpdates = Guarded<HeldUpdates>;

TextArrays take(SharedUpdates &self, Data ops, Offsets offsets, Data data) {
  const TextColumn keys = column(offsets, data);
  const auto of = span_of(ops);
  return to_arrays(self.with_few(keys.size(), [&](HeldUpdates &state) { return state.take(of, keys); }));
}

TextArrays held_keys(SharedUpdates &self) {
  return to_arrays(self.with([](HeldUpdates &state) { return state.keys(); }));
}

std::size_t size(SharedUpdates &self) {
  return self.with([](HeldUpdates &state) { return state.size(); });
}

nb::bytes snapshot(SharedUpdates &self) {
  return to_bytes(self.with([](HeldUpdates &state) { return state.snapshot(); }));
}

void restore(SharedUpdates &self, nb::bytes bytes) {
  const auto span = span_of_bytes(bytes);
  self.with([&](HeldUpdates &state) { state.restore(span); });
}

}  // namespace

}  // namespace streamstat

void bind_changes(nanobind::module_ &module) {
  using namespace streamstat;
  const auto offsets = exactly("offsets");
  const auto data = exactly("data");
  const auto other_offsets = exactly("other_offsets");
  const auto other_data = exactly("other_data");
  module.def("array_elements", &elements, offsets, data,
             "The elements of arrays of JSON: (row of each int64[m], (offsets, data), whether a row is an array uint8[n]).");
  module.def("objects_of_pairs", &of_two<objects_of_pairs>, offsets, data, other_offsets, other_data,
             R"(["a","b"] and [1,2] as {"a":1,"b":2}; empty where they are not such: (offsets, data).)");
  module.def("objects_of_named", &of_one<objects_of_named>, offsets, data,
             R"([{"name":"a","value":1}] as {"a":1}; empty where it is not such: (offsets, data).)");
  module.def("member_names", &of_one<names_of_members>, offsets, data,
             R"({"a":1} as ["a"]; empty where it is no object: (offsets, data).)");
  module.def("objects_of_keys", &key_objects, exactly("kinds"), offsets, data, nb::arg("name"),
             "Keys of records as objects; what is none is the member of this name, in quotes (without a name: empty): (offsets, data).");
  module.def("objects_without", &without, offsets, data, nb::arg("prefix"),
             "Objects without the members whose names begin so; empty where it is none: (offsets, data).");
  module.def("objects_overlaid", &of_two<objects_overlaid>, offsets, data, other_offsets, other_data,
             "Objects with the members of others laid over them; of two, one of which is none, the other: (offsets, data).");
  module.def("numbers_by_type", &numbers_by_type, offsets, data, exactly("type_offsets"), exactly("type_data"),
             exactly("types_of"),
             "Texts as the numbers that they spell, where MySQL's type of the column is one; types_of: int64[n], the type object of "
             "each: (offsets, data).");
  module.def("rows_with", &having, offsets, data, nb::arg("needles"), "Rows that hold one of these texts: int64[m].");
  module.def("parted_marks", &parted_marks, offsets, data, nb::arg("marks"),
             "Objects without the members whose value is a mark, and objects of these with null, empty where there are none.");
  module.def("plain_json", &of_one<plain_json_of>, offsets, data,
             R"(Extended JSON without its wrappers: {"$numberLong":"5"} is 5: (offsets, data).)");
  module.def("steps_of_updates", &of_two<steps_of_updates>, offsets, data, other_offsets, other_data,
             "MongoDB's updateDescription as steps for `rows_edited`, behind one for each member of the key; empty where it is none.");
  module.def("rows_edited", &of_two<rows_edited>, offsets, data, other_offsets, other_data,
             "Rows, objects of JSON, changed by steps; empty where these are none: (offsets, data).");
  module.def("lsns", &places_in<lsns>, offsets, data, "0/153A670: (zeros, uint64[n], which are valid uint8[n]).");
  module.def("sequences", &places_in<sequences>, offsets, data,
             R"(["24023119","24023128"], as one text: (uint64[n], uint64[n], which are valid uint8[n]).)");
  module.def("hex_lsns", &places_in<hex_lsns>, offsets, data,
             "00000027:00000758:0005: (uint64[n], uint64[n], which are valid uint8[n]).");
  module.def("log_places", &log_places_in, offsets, data, nb::arg("have_places"),
             "master.000006:800911, or without a place: ((number of the file, place in it, which are valid), names without their numbers).");
  module.def("packed_numbers", &packed, nb::arg("columns").noconvert(), exactly("known"),
             "Rows of numbers, uint64[n] each, as bytes that compare as they do; empty where not known uint8[n]: (offsets, data). "
             "ValueError for other lengths.");
  module.def("objects_typed", &typed, offsets, data, exactly("schemas"), nb::arg("columns"),
             "Objects whose values are written as their schema means them. schemas: int32[n], -1 none; columns: of each schema "
             "(name in quotes, meaning, scale): (offsets, data).");
  module.def("key_texts", &texts_of_keys, nb::arg("columns").noconvert(), nb::arg("n"),
             "Keys as texts, which are equal if the keys are; columns: (kinds, offsets, data) each: (offsets, data).");
  module.def("keys_of_texts", &columns_of_keys, offsets, data, nb::arg("width"),
             "The columns of keys, (kinds, offsets, data) each, null where a text is empty; ValueError for what is no key.");
  module.def("differing", &differing, exactly("kinds"), offsets, data, exactly("other_kinds"), other_offsets, other_data,
             "Which values differ; numbers are told apart by their spelling: uint8[n].");
  nb::class_<SharedUpdates>(module, "HeldUpdates", "First halves of updates that wait for their second ones.")
      .def(nb::init<>())
      .def("take", &take, exactly("ops"), offsets, data,
           "ops: uint8[n], 1 a first half, 2 a second one; the key of its first half for each second one, empty if none waits: "
           "(offsets, data).")
      .def("__len__", &size)
      .def("keys", &held_keys, "The keys of those that wait, in their order: (offsets, data).")
      .def("snapshot", &snapshot, "The whole state as bytes.")
      .def("restore", &restore, nb::arg("snapshot"),
           "Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.");
}
