// lines/ reads the text formats of logs whose records are lines: access logs, those of an nginx log_format, logfmt, and
// what a regular expression found. It touches no Python object but in bind_lines.cpp. Begin with access_decoder.cpp, then
// scan_line.hpp, which steps over the parts of a line.
//
// Access logs as Apache and nginx write them. The texts are taken as they stand, `-` is null.
#pragma once

#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"

namespace streamstat {

class AccessDecoder : public BlockDecoder {
 public:
  // Which lines are records: `common` ones end behind the bytes; `combined` ones may, or have a referer and an agent next,
  // and anything behind that.
  enum class Layout : std::uint8_t { common, combined };

  AccessDecoder(Layout layout, const std::vector<FieldSpec> &fields, TimeReader times);
  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;

  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

 private:
  friend class AccessParser;
  Layout layout_;
  std::vector<FieldSpec> specs_;
  std::vector<std::size_t> parts_;  // which of a line's parts each field is
  TimeReader times_;
};

}  // namespace streamstat
