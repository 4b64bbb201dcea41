#include "base/arrays.hpp"
#include "cri/cri_decoder.hpp"
#include "cri/cri_record_ends.hpp"
#include "events/field_list.hpp"

void bind_cri(nanobind::module_ &module) {
  using namespace streamstat;
  using Content = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
  nb::class_<CriDecoder, BlockDecoder>(module, "CriDecoder", "Lines of containers: [(path, needs)], see streamstat.input.formats.")
      .def("__init__",
           [](CriDecoder *self, const FieldList &fields, const TimeReader &times) {
             new (self) CriDecoder(field_specs(fields), times);
           },
           nb::arg("fields"), nb::arg("times"));
  nb::class_<CriRecordEnds>(module, "CriRecordEnds", "Where no message of a container is open; see `Records` of streamstat.input.formats.")
      .def(nb::init<>())
      .def("end",
           [](CriRecordEnds &self, const Content &content) {
             nb::gil_scoped_release release;
             return self.end(content.data(), content.size());
           },
           nb::arg("content"), nb::sig("def end(self, content: memoryview) -> int"),
           "The byte behind the last whole record.")
      .def("forced_end",
           [](CriRecordEnds &self, const Content &content) { return self.forced_end(content.data(), content.size()); },
           nb::arg("content"), nb::sig("def forced_end(self, content: memoryview) -> int"),
           "The byte behind the last whole line, where messages that are open are cut off.")
      .def("taken", &CriRecordEnds::taken, nb::arg("size"), "The first bytes were taken.");
}
