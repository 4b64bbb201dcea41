// W3C extended log format, as IIS and CloudFront write it: lines of cells behind single spaces or tabs, whichever comes
// first in a line. `#Fields:` names the columns from there on; no other line with # means anything.
#pragma once

#include "delimited/record_cells.hpp"
#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"

namespace streamstat {

class W3cDecoder : public BlockDecoder {
 public:
  // Without names no line can be read before `#Fields:`.
  W3cDecoder(std::vector<FieldSpec> fields, TimeReader times, ColumnNames names)
      : specs_(std::move(fields)), times_(std::move(times)), names_(std::move(names)) {}
  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;

  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

 private:
  std::vector<FieldSpec> specs_;
  TimeReader times_;
  ColumnNames names_;
};

// What the last `#Fields:` of these lines names; none if there is none.
std::optional<ColumnNames> last_w3c_names(std::span<const Byte> lines);

}  // namespace streamstat
