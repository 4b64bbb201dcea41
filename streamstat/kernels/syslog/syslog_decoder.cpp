#include "syslog/syslog_decoder.hpp"

#include "events/line_records.hpp"
#include "syslog/syslog_parser.hpp"

namespace streamstat {

void SyslogDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  syslog::Parser parser(fields_);
  read_lines(writer, parser);
}

std::vector<std::string> SyslogDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  syslog::Parser parser(fields_);
  std::vector<std::string> found;
  parser.names = &found;
  if (!read_first_line(writer, parser)) return {};
  found.insert(found.begin(), syslog::kNames.begin(), syslog::kNames.end());
  return found;
}

}  // namespace streamstat
