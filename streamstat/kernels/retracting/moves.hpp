// Rows before and after changes as lines that can be decoded, and texts that are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/buffer.hpp"
#include "base/byte_strings.hpp"

namespace streamstat::retracting {

// A block with a line for each row that goes or comes, in the order of events, that which goes first. events, gone: of which
// event each is, and whether it goes.
struct Moves {
  Buffer<std::uint8_t> block;
  std::size_t size;  // of the block
  std::vector<std::int64_t> events;
  std::vector<std::uint8_t> gone;
};

// An empty text is no row. skips_same: an event whose row stays as it is gives no line. padding: bytes behind the last line.
Moves moves(const TextColumn &before, const TextColumn &after, bool skips_same, std::size_t padding);

// 1 where two columns of one length have the same text.
std::vector<std::uint8_t> same_texts(const TextColumn &one, const TextColumn &other);

}  // namespace streamstat::retracting
