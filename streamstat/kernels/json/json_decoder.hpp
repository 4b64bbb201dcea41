// json/ turns JSON into columns. It touches no Python object but in bind_json.cpp. Begin here, then line_parser.hpp, which
// walks a line, and json_scan.hpp, which steps over its parts.
//
// NDJSON to columns: each line is walked once and strictly validated, only projected fields are materialised.
#pragma once

#include "events/block_decoder.hpp"
#include "events/block_writer.hpp"
#include "events/time_reader.hpp"
#include "json/path_tree.hpp"

#include <span>
#include <string>
#include <vector>

namespace streamstat {

class JsonDecoder : public BlockDecoder {
 public:
  JsonDecoder(std::vector<FieldSpec> fields, TimeReader times);
  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;

  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

 private:
  template <typename Parser>
  void lines(BlockWriter &writer, Parser parser) const;

  std::vector<FieldSpec> specs_;
  PathTree tree_;
  TimeReader times_;
};

}  // namespace streamstat
