// syslog/ turns syslog lines into columns. It touches no Python object but in bind_syslog.cpp. Begin here, then
// syslog_parser.hpp, which reads a line.
#pragma once

#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"
#include "syslog/syslog_fields.hpp"

namespace streamstat {

class SyslogDecoder : public BlockDecoder {
 public:
  SyslogDecoder(std::vector<FieldSpec> specs, TimeReader times)
      : specs_(std::move(specs)), fields_(specs_), times_(std::move(times)) {}
  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;

  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

 private:
  std::vector<FieldSpec> specs_;
  syslog::Fields fields_;
  TimeReader times_;
};

}  // namespace streamstat
