#include "base/arrays.hpp"
#include "events/field_list.hpp"
#include "lines/access_decoder.hpp"
#include "lines/group_decoder.hpp"
#include "lines/log_format_decoder.hpp"
#include "lines/logfmt_decoder.hpp"

namespace streamstat {

using Block = nb::ndarray<std::uint8_t, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

template <AccessDecoder::Layout kLayout>
static AccessDecoder *access_decoder(const FieldList &fields, const TimeReader &times) {
  return new AccessDecoder(kLayout, field_specs(fields), times);
}

static TextArrays lines_of(const GroupDecoder &decoder, Block block, std::size_t begin) {
  ByteStrings lines;
  {
    nb::gil_scoped_release release;
    lines = decoder.lines({block.data(), block.size()}, begin);
  }
  return to_arrays(std::move(lines));
}

using Spans = std::vector<In<std::int64_t>>;

static void decode_into(Decoded &out, const GroupDecoder &decoder, Block block, std::size_t begin,
                        const In<std::uint8_t> &matched, const Spans &spans) {
  FoundGroups found{span_of(matched), {}};
  for (const auto &each : spans) found.spans.push_back(span_of(each));
  nb::gil_scoped_release release;
  decoder.decode({block.data(), block.size()}, begin, found, out);
}

static Decoded *decode_found(const GroupDecoder &decoder, Block block, std::size_t begin, In<std::uint8_t> matched,
                             const Spans &spans) {
  auto out = std::make_unique<Decoded>();
  decode_into(*out, decoder, block, begin, matched, spans);
  return out.release();
}

static std::vector<nb::bytes> names_inside(const GroupDecoder &decoder, Block block, std::size_t begin,
                                           In<std::uint8_t> matched, const Spans &spans, std::size_t row) {
  Decoded decoded;
  decoded.names_of = row;
  decode_into(decoded, decoder, block, begin, matched, spans);
  std::vector<nb::bytes> names;
  for (const std::string &name : decoded.names) names.emplace_back(name.data(), name.size());
  return names;
}

}  // namespace streamstat

void bind_lines(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<AccessDecoder, BlockDecoder>(module, "AccessDecoder", "Access logs: [(name, needs)], see streamstat.input.formats.")
      .def_static("common", &access_decoder<AccessDecoder::Layout::common>, nb::arg("fields"), nb::arg("times"),
                  nb::rv_policy::take_ownership, "Lines that end behind the bytes.")
      .def_static("combined", &access_decoder<AccessDecoder::Layout::combined>, nb::arg("fields"), nb::arg("times"),
                  nb::rv_policy::take_ownership, "Lines that may go on with a referer, an agent, and anything.");
  nb::class_<LogFormatDecoder, BlockDecoder>(module, "LogFormatDecoder", "Lines of an nginx log_format.")
      .def("__init__",
           [](LogFormatDecoder *self, std::string head, LogFormatDecoder::Steps steps, const FieldList &fields, const TimeReader &times) {
             new (self) LogFormatDecoder(std::move(head), std::move(steps), field_specs(fields), times);
           },
           nb::arg("head"), nb::arg("steps"), nb::arg("fields"), nb::arg("times"),
           "steps: (name, text behind it); only behind the last one there may be none.");
  nb::class_<LogfmtDecoder, BlockDecoder>(module, "LogfmtDecoder", "Lines of key=value.")
      .def("__init__",
           [](LogfmtDecoder *self, const FieldList &fields, const TimeReader &times) {
             new (self) LogfmtDecoder(field_specs(fields), times);
           },
           nb::arg("fields"), nb::arg("times"));
  nb::class_<GroupDecoder>(module, "GroupDecoder", "Lines in which a regular expression was found, its groups as fields.")
      .def("__init__",
           [](GroupDecoder *self, const std::vector<std::string> &groups, const FieldList &fields, const TimeReader &times) {
             new (self) GroupDecoder(groups, field_specs(fields), times);
           },
           nb::arg("groups"), nb::arg("fields"), nb::arg("times"))
      .def("lines", &lines_of, nb::arg("block"), nb::arg("begin"), "The lines to search: offsets int64[n+1], bytes.")
      .def("decode", &decode_found, nb::arg("block"), nb::arg("begin"), exactly("matched"), exactly("spans"),
           nb::rv_policy::take_ownership,
           "Decode with what was found: 1 for each line that matched; of each group two numbers a line, the first byte and how many.")
      .def("names_inside", &names_inside, nb::arg("block"), nb::arg("begin"), exactly("matched"), exactly("spans"),
           nb::arg("row"), "Names of what is inside of a row's record, as bytes.");
}
