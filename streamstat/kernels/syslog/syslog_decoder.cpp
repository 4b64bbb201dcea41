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
  for (const Byte *p = writer.begin(); p < writer.end();) {
    p = BlockWriter::skip_nuls(p);
    const auto *const newline =
        static_cast<const Byte *>(std::memchr(p, '\n', static_cast<std::size_t>(writer.end() + 1 - p)));
    found.assign(syslog::kNames.begin(), syslog::kNames.end());
    if (parser.line(p, newline > p && newline[-1] == '\r' ? newline - 1 : newline)) return found;
    p = newline + 1;
  }
  return {};
}

}  // namespace streamstat
