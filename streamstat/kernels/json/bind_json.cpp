#include "base/arrays.hpp"
#include "events/field_list.hpp"
#include "json/json_decoder.hpp"

void bind_json(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<JsonDecoder, BlockDecoder>(module, "JsonDecoder", "JSON objects, one a line: [(path, needs)], see streamstat.input.formats.")
      .def("__init__",
           [](JsonDecoder *self, const FieldList &fields, const TimeReader &times) {
             new (self) JsonDecoder(field_specs(fields), times);
           },
           nb::arg("fields"), nb::arg("times"));
}
