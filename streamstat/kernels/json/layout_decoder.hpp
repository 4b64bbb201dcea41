// JSON objects in any layout to columns: elements of an array, or objects that follow each other.
#pragma once

#include "events/block_decoder.hpp"
#include "events/block_writer.hpp"
#include "events/time_reader.hpp"
#include "json/path_tree.hpp"
#include "json/standing.hpp"

namespace streamstat {

class LayoutDecoder : public BlockDecoder {
 public:
  LayoutDecoder(std::vector<FieldSpec> fields, TimeReader times, json::Standing standing)
      : specs_(std::move(fields)), tree_(specs_), times_(std::move(times)), standing_(standing) {}

  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;
  // Of records as they stand outside of an array.
  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

 private:
  template <typename Places, typename Parser>
  void records(BlockWriter &writer, Places &places, Parser parser) const;

  std::vector<FieldSpec> specs_;
  PathTree tree_;
  TimeReader times_;
  json::Standing standing_;  // at the first record
};

}  // namespace streamstat
