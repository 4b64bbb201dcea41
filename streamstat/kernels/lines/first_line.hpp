// The first line of a block that is a record.
#pragma once

#include "events/block_writer.hpp"

#include <cstring>

namespace streamstat {

// Whether there is one; `parser`, which is that of read_lines, has read it then.
template <typename Parser>
bool read_first_line(const BlockWriter &writer, Parser &parser) {
  for (const Byte *p = writer.begin(); p < writer.end();) {
    p = BlockWriter::skip_nuls(p);
    const auto *const newline =
        static_cast<const Byte *>(std::memchr(p, '\n', static_cast<std::size_t>(writer.end() + 1 - p)));
    const Byte *const end = newline > p && newline[-1] == '\r' ? newline - 1 : newline;
    if (skip_space(p) != newline && parser.line(p, end)) return true;
    p = newline + 1;
  }
  return false;
}

}  // namespace streamstat
