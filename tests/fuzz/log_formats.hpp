// The decoders of text logs for the fuzzer.
#pragma once

#include "lines/access_decoder.hpp"
#include "lines/log_format_decoder.hpp"
#include "lines/logfmt_decoder.hpp"

#include <memory>

namespace streamstat {

inline std::unique_ptr<BlockDecoder> log_decoder(std::size_t number, const std::vector<FieldSpec> &fields,
                                                 const TimeReader &times) {
  switch (number % 6) {
    case 0: return std::make_unique<AccessDecoder>(AccessDecoder::Layout::common, fields, times);
    case 1: return std::make_unique<AccessDecoder>(AccessDecoder::Layout::combined, fields, times);
    case 2: return std::make_unique<LogfmtDecoder>(fields, times);
    case 3:
      return std::make_unique<LogFormatDecoder>(
          "", LogFormatDecoder::Steps{{"a", " "}, {"b", " "}, {"ts", "] \""}, {"request", "\" "}, {"x", ""}}, fields, times);
    case 4: return std::make_unique<LogFormatDecoder>("{\"", LogFormatDecoder::Steps{{"a", "\": "}, {"b", "}"}}, fields, times);
    default: return std::make_unique<LogFormatDecoder>("", LogFormatDecoder::Steps{{"a", "."}, {"b", "e"}, {"ts", ""}}, fields, times);
  }
}

}  // namespace streamstat
