// logfmt: `time=2026-05-01T10:00:01Z level=info msg="took \"long\"" ms=12.5 retry`.
#pragma once

#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"

namespace streamstat {

class LogfmtDecoder : public BlockDecoder {
 public:
  LogfmtDecoder(const std::vector<FieldSpec> &fields, TimeReader times);
  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;

  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

 private:
  friend class LogfmtParser;
  std::vector<FieldSpec> specs_;
  TimeReader times_;
};

}  // namespace streamstat
