#include "base/arrays.hpp"
#include "delimited/delimited_decoder.hpp"
#include "delimited/quoted_records.hpp"
#include "delimited/w3c_decoder.hpp"
#include "events/field_list.hpp"

#include <nanobind/stl/optional.h>

namespace streamstat {

using Content = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Block = nb::ndarray<std::uint8_t, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Names = std::optional<std::vector<std::string>>;

static std::size_t end_of_records(QuotedRecords &records, const Content &content) {
  nb::gil_scoped_release release;
  return records.end(span_of(content));
}

static Names last_names(const Content &lines) {
  nb::gil_scoped_release release;
  return last_w3c_names(span_of(lines));
}

}  // namespace streamstat

void bind_delimited(nanobind::module_ &module) {
  using namespace streamstat;
  module.attr("MOST_COLUMNS") = kMostColumns;
  nb::class_<DelimitedDecoder, BlockDecoder>(module, "DelimitedDecoder", "CSV, or TSV: [(path, needs)], see streamstat.input.formats.")
      .def("__init__",
           [](DelimitedDecoder *self, const FieldList &fields, const TimeReader &times, char separator, bool quotes, Names names) {
             new (self) DelimitedDecoder(field_specs(fields), times, {static_cast<Byte>(separator), quotes}, std::move(names));
           },
           nb::arg("fields"), nb::arg("times"), nb::arg("separator"), nb::arg("quotes"), nb::arg("names").none())
      .def("heading",
           [](const DelimitedDecoder &self, Block block, std::size_t begin) {
             return self.heading({block.data(), block.size()}, begin);
           },
           nb::arg("block"), nb::arg("begin"), "What the first readable record of a block names, if there is one.")
      .def("widths",
           [](const DelimitedDecoder &self, Block block, std::size_t begin, std::size_t most) {
             return self.widths({block.data(), block.size()}, begin, most);
           },
           nb::arg("block"), nb::arg("begin"), nb::arg("most"),
           "How many cells each of the first records has, 0 where its quotes are wrong; blank ones left out.");
  nb::class_<QuotedRecords>(module, "QuotedRecords", "Finds the ends of whole records of CSV, see `Records`.")
      .def("__init__",
           [](QuotedRecords *self, char separator) { new (self) QuotedRecords(static_cast<Byte>(separator)); },
           nb::arg("separator"))
      .def("end", &end_of_records, nb::arg("content"), nb::sig("def end(self, content: memoryview) -> int"),
           "The byte behind the last whole record, 0 if none ends. Releases the GIL.")
      .def("forced_end", [](const QuotedRecords &, const Content &content) { return QuotedRecords::forced_end(span_of(content)); },
           nb::arg("content"), nb::sig("def forced_end(self, content: memoryview) -> int"),
           "Behind the first line, 0 if that has no end.")
      .def("taken", &QuotedRecords::taken, nb::arg("size"), "The first bytes were taken.");
  nb::class_<W3cDecoder, BlockDecoder>(module, "W3cDecoder", "W3C extended log format: [(path, needs)], see streamstat.input.formats.")
      .def("__init__",
           [](W3cDecoder *self, const FieldList &fields, const TimeReader &times, std::vector<std::string> names) {
             new (self) W3cDecoder(field_specs(fields), times, std::move(names));
           },
           nb::arg("fields"), nb::arg("times"), nb::arg("names"));
  module.def("last_w3c_names", &last_names, nb::arg("lines"),
             nb::sig("def last_w3c_names(lines: memoryview) -> list[str] | None"),
             "What the last `#Fields:` of these lines names; None if there is none. Releases the GIL.");
}
