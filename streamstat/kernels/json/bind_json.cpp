#include "base/arrays.hpp"
#include "events/field_list.hpp"
#include "json/json_decoder.hpp"
#include "json/layout_decoder.hpp"
#include "json/record_ends.hpp"

#include <nanobind/stl/tuple.h>

namespace streamstat {

// inside an array, column, and the column of a bad record whose end is looked for.
using StandingTuple = std::tuple<bool, std::int64_t, std::int64_t>;

static json::Standing standing(const StandingTuple &facts) {
  const auto [inside, column, seeking] = facts;
  if (column < 0 || seeking < -1) throw std::invalid_argument("standing: less than nothing");
  return {inside, column, seeking};
}

using Content = nb::ndarray<std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

}  // namespace streamstat

void bind_json(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<JsonDecoder, BlockDecoder>(module, "JsonDecoder", "JSON objects, one a line: [(path, needs)], see streamstat.input.formats.")
      .def("__init__",
           [](JsonDecoder *self, const FieldList &fields, const TimeReader &times) {
             new (self) JsonDecoder(field_specs(fields), times);
           },
           nb::arg("fields"), nb::arg("times"));
  nb::class_<LayoutDecoder, BlockDecoder>(module, "LayoutDecoder", "JSON objects in any layout, from a place on.")
      .def("__init__",
           [](LayoutDecoder *self, const FieldList &fields, const TimeReader &times, const StandingTuple &facts) {
             new (self) LayoutDecoder(field_specs(fields), times, standing(facts));
           },
           nb::arg("fields"), nb::arg("times"), nb::arg("standing"));
  nb::class_<RecordEnds>(module, "JsonRecordEnds", "Ends of JSON records in any layout; see `Records` of streamstat.input.formats.")
      .def("__init__", [](RecordEnds *self, const StandingTuple &facts) { new (self) RecordEnds(standing(facts)); },
           nb::arg("standing"))
      .def("end",
           [](RecordEnds &self, const Content &content) {
             nb::gil_scoped_release release;
             return self.end(content.data(), content.size());
           },
           nb::arg("content"), nb::sig("def end(self, content: memoryview) -> int"),
           "The byte behind the last whole record. PADDING writable bytes stand behind the content.")
      .def("forced_end",
           [](RecordEnds &self, const Content &content) {
             nb::gil_scoped_release release;
             return self.forced_end(content.data(), content.size());
           },
           nb::arg("content"), nb::sig("def forced_end(self, content: memoryview) -> int"),
           "Where a record that is all of the content ends, or is cut off.")
      .def("taken",
           [](RecordEnds &self, std::size_t size) {
             const json::Standing behind = self.taken(size);
             return StandingTuple(behind.inside, behind.column, behind.seeking);
           },
           nb::arg("size"), "The first bytes were taken; how those behind them are read.");
}
