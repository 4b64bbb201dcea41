#include "base/arrays.hpp"
#include "events/field_list.hpp"
#include "syslog/syslog_decoder.hpp"

void bind_syslog(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SyslogDecoder, BlockDecoder>(module, "SyslogDecoder", "Syslog lines: [(path, needs)], see streamstat.input.formats.")
      .def("__init__",
           [](SyslogDecoder *self, const FieldList &fields, const TimeReader &times) {
             new (self) SyslogDecoder(field_specs(fields), times);
           },
           nb::arg("fields"), nb::arg("times"));
}
