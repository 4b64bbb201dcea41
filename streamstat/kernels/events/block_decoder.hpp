// What a format gives: decoding of a block into the columns of its fields.
#pragma once

#include "events/columns.hpp"

#include <span>
#include <string>
#include <vector>

namespace streamstat {

class BlockDecoder {
 public:
  BlockDecoder() = default;
  BlockDecoder(const BlockDecoder &) = delete;
  BlockDecoder &operator=(const BlockDecoder &) = delete;
  virtual ~BlockDecoder() = default;

  // `block` holds whole records from `begin` on (the last may lack its newline) and kPadding writable bytes more, the
  // first of which is set to a newline. Safe to call from several threads.
  virtual void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const = 0;

  // The names of the fields of the first valid record, at the top level.
  virtual std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const = 0;
};

}  // namespace streamstat
