// Lines in which a regular expression was found: its groups are the fields. The search itself is made elsewhere, over the
// texts of all lines of a block at once.
#pragma once

#include "base/byte_strings.hpp"
#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"

namespace streamstat {

// What the search found in each line that was given to it, in order.
struct FoundGroups {
  std::span<const std::uint8_t> matched;  // of each line: 1 if the pattern was found in it
  // Of each group for each line: the first byte of its text in the line, and how many there are; negative: none.
  std::vector<std::span<const std::int64_t>> spans;  // two numbers a line
};

class GroupDecoder {
 public:
  GroupDecoder(const std::vector<std::string> &groups, const std::vector<FieldSpec> &fields, TimeReader times);

  // The lines to search, without their newlines: all but blank ones and those that are no UTF-8.
  ByteStrings lines(std::span<Byte> block, std::size_t begin) const;

  // See BlockDecoder; `found` is what was found in `lines` of the same block. std::invalid_argument if it does not fit.
  void decode(std::span<Byte> block, std::size_t begin, const FoundGroups &found, Decoded &out) const;

 private:
  friend class GroupParser;
  std::vector<std::string> names_;  // of the groups
  std::vector<FieldSpec> specs_;
  std::vector<std::size_t> groups_;  // which group each field is; their number: none
  TimeReader times_;
};

}  // namespace streamstat
