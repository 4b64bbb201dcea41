// The loop of the formats whose records are lines of text.
#pragma once

#include "events/block_writer.hpp"
#include "events/utf8.hpp"

namespace streamstat {

// Gives each line of a block to a parser of these calls:
//   bool line(const Byte *begin, const Byte *end)   whether a line, without newline and CR, is a record; kPadding bytes
//                                                    behind it are readable. Else `failure` says why, or skips it.
//   const Cell *cell(std::size_t field)             the value of a field of the line that was read last, or null
//   Failure failure
// A line of white space is blank. NULs in front of a line are no part of it.
template <typename Parser>
void read_lines(BlockWriter &writer, Parser &parser) {
  for (const Byte *p = writer.begin(); p < writer.end();) {
    const auto *const newline =
        static_cast<const Byte *>(std::memchr(p, '\n', static_cast<std::size_t>(writer.end() + 1 - p)));
    const Byte *const end = newline > p && newline[-1] == '\r' ? newline - 1 : newline;
    if (*p == 0) {
      p = writer.hole(p);
      continue;
    }
    if (skip_space(p) == newline) {
      writer.blank();
    } else {
      parser.failure = {};
      if (parser.line(p, end))
        writer.row(p, newline + 1, [&](std::size_t field) { return parser.cell(field); });
      else
        writer.bad(p, newline + 1, parser.failure);
    }
    p = newline + 1;
  }
}

}  // namespace streamstat
