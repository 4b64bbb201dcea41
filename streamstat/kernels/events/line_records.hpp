// The loop of the formats whose records are lines of text.
#pragma once

#include "events/block_writer.hpp"
#include "events/utf8.hpp"

#include <bit>

namespace streamstat {

// A line, without newline and CR; kPadding bytes behind it are readable.
struct Line {
  const Byte *begin, *end;
  const Byte *newline;
  bool is_ascii;
  bool is_plain;  // ASCII, and without a backslash
};

// The line that begins at p. What it holds is seen on the way to its newline, which is there.
inline Line line_at(const Byte *begin) {
  const Byte *p = begin;
#if defined(__SSE2__)
  const __m128i newline = _mm_set1_epi8('\n'), backslash = _mm_set1_epi8('\\');
  __m128i bytes = _mm_setzero_si128(), slashes = bytes;  // of the blocks before the last
  __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
  unsigned hits;
  while (!(hits = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, newline))))) {
    bytes = _mm_or_si128(bytes, x);
    slashes = _mm_or_si128(slashes, _mm_cmpeq_epi8(x, backslash));
    p += 16;
    x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
  }
  const unsigned before = (hits & -hits) - 1;
  const auto among = [before](__m128i all, __m128i last) {
    return static_cast<unsigned>(_mm_movemask_epi8(all)) | (static_cast<unsigned>(_mm_movemask_epi8(last)) & before);
  };
  p += std::countr_zero(hits);
  const bool is_ascii = !among(bytes, x), has_backslash = among(slashes, _mm_cmpeq_epi8(x, backslash));
#else
  Byte bytes = 0;
  bool has_backslash = false;
  for (; *p != '\n'; ++p) bytes |= *p, has_backslash |= *p == '\\';
  const bool is_ascii = bytes < 0x80;
#endif
  return {begin, p > begin && p[-1] == '\r' ? p - 1 : p, p, is_ascii, is_ascii && !has_backslash};
}

// The first byte of a line that is no UTF-8, or null.
inline const Byte *ill_formed_utf8(const Line &line) {
  return line.is_ascii ? nullptr : ill_formed_utf8(line.begin, line.end);
}

// What a BlockWriter is given of the line that a parser has read.
template <typename Parser>
struct LineCells {
  Parser &parser;
  const Cell *operator()(std::size_t field) const { return parser.cell(field); }
  void write(ObjectWriter &object) const { parser.write(object); }
};

// Gives each line of a block to a parser of these calls:
//   bool line(const Line &)               whether it is a record; else `failure` says why
//   const Cell *cell(std::size_t field)   the value of a field of the line that was read last, or null
//   void write(ObjectWriter &)            gives it all fields of that line
//   Failure failure
// A line of white space is blank. NULs in front of a line are no part of it.
template <typename Parser>
void read_lines(BlockWriter &writer, Parser &parser) {
  for (const Byte *p = writer.begin(); p < writer.end();) {
    if (*p == 0) {
      p = writer.hole(p);
      continue;
    }
    const Line line = line_at(p);
    p = line.newline + 1;
    if (skip_space(line.begin) == line.newline) {
      writer.blank();
    } else if (parser.failure = {}; parser.line(line)) {
      writer.row(line.begin, p, LineCells<Parser>{parser});
    } else {
      writer.bad(line.begin, p, parser.failure);
    }
  }
}

// Whether any line is a record; such a parser has read the first one then.
template <typename Parser>
bool read_first_line(const BlockWriter &writer, Parser &parser) {
  for (const Byte *p = writer.begin(); p < writer.end();) {
    const Line line = line_at(BlockWriter::skip_nuls(p));
    if (skip_space(line.begin) != line.newline && parser.line(line)) return true;
    p = line.newline + 1;
  }
  return false;
}

}  // namespace streamstat
