// delimited/ turns rows of cells into columns: CSV, TSV and W3C logs. It touches no Python object but in
// bind_delimited.cpp. Begin here, then record_reader.hpp, which finds records and their cells, and quoted_records.hpp,
// which finds where blocks may be cut.
//
// CSV and TSV: of each record only the number of cells and the UTF-8 are checked; cells that nobody wants are not read.
#pragma once

#include "delimited/record_reader.hpp"
#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"

namespace streamstat {

class DelimitedDecoder : public BlockDecoder {
 public:
  // Without names the first record that can be read is the heading.
  DelimitedDecoder(std::vector<FieldSpec> fields, TimeReader times, Dialect dialect, std::optional<ColumnNames> names)
      : specs_(std::move(fields)), times_(std::move(times)), dialect_(dialect), names_(std::move(names)) {
    if (names_) columns_ = columns_of(specs_, *names_);
  }
  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;

  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

  // What the heading in a block names; none if there is no heading in it.
  std::optional<ColumnNames> heading(std::span<Byte> block, std::size_t begin) const;

  // How many cells each of the first records has, 0 where its quotes are wrong; blank ones left out.
  std::vector<std::size_t> widths(std::span<Byte> block, std::size_t begin, std::size_t most) const;

 private:
  std::vector<FieldSpec> specs_;
  TimeReader times_;
  Dialect dialect_;
  std::optional<ColumnNames> names_;
  std::vector<std::size_t> columns_;  // of each field
};

}  // namespace streamstat
