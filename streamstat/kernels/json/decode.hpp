// json/ turns bytes of lines into columns. It knows nothing of keys, windows or states, and touches no Python object
// but in bind_decode.cpp. Begin here, then line_parser.hpp, which walks a line, and json_scan.hpp, which steps over its
// parts.
//
// NDJSON to columns: each line is walked once and strictly validated, only projected fields are materialised.
#pragma once

#include "base/buffer.hpp"
#include "json/dictionary.hpp"
#include "json/json_scan.hpp"
#include "json/number.hpp"
#include "json/times.hpp"

#include <span>
#include <string>
#include <vector>

namespace streamstat {

// Set in the start of a text that lies in the arena of unescaped texts, not in the block.
constexpr std::uint32_t kInArena = 0x80000000U;

// What is to be materialised of a field; kinds always are.
enum Need : std::uint8_t { kNumber = 1, kText = 2, kHash = 4, kCode = 8, kTime = 16, kPresent = 32 };

struct FieldSpec {
  std::string path;
  std::uint8_t needs;
};

// One projected field of a block, a cell a row; only what was asked for has cells.
struct FieldColumn {
  std::uint8_t needs = 0;
  Buffer<std::uint8_t> kinds;
  Buffer<std::int64_t> numbers;  // int64, or the bits of a double
  Buffer<std::uint64_t> hashes;
  Buffer<std::int32_t> codes;  // into `dictionary`
  Buffer<std::uint32_t> starts, lengths;  // text: see TextSpan
  Buffer<std::int64_t> times;
  Buffer<std::uint8_t> time_kinds;
  Buffer<std::uint8_t> present;  // 1 if the name is there, even with null
  Dictionary dictionary;
  void reserve(std::size_t rows);
};

struct BadLine {
  std::uint32_t line;    // counted from the first of the block
  std::uint32_t column;  // characters, from 1
  std::uint32_t begin, end;  // bytes, newline included
  json::Fault fault;
};

// A decoded block. Rows are the valid lines, in order. A hole is NULs in front of a line, which are no part of it; at the
// end of the block, in front of nothing, they are no line.
struct Decoded {
  std::size_t rows = 0, lines = 0, blank = 0;
  std::size_t nuls = 0, holes = 0, first_hole = 0;  // bytes of holes, how many there are, where the first one begins
  std::vector<FieldColumn> columns;
  std::vector<BadLine> bad;
  Buffer<std::uint32_t> row_begins, row_ends;  // bytes of each row's line, newline included
  Arena arena;  // unescaped texts
};

class Decoder {
 public:
  Decoder(std::vector<FieldSpec> fields, TimeUnit unit, std::string time_pattern);

  // `block` holds whole lines (the last may lack its newline) and 64 writable bytes more, the first of which is set to
  // a newline. Safe to call from several threads.
  void decode(std::span<json::Byte> block, std::size_t begin, Decoded &out) const;

  // The names at the top level of the first valid line.
  std::vector<std::string> names(std::span<json::Byte> block, std::size_t begin) const;

  std::size_t fields() const { return specs_.size(); }

  // A place in the tree of projected names: where a member's value goes.
  struct Edge {
    std::string key;
    int slot = -1;   // capture the value
    int child = -1;  // node for the members of an object
    std::vector<int> below;  // slots of the sub-tree, void when the name comes again
  };
  struct Node {
    std::vector<Edge> edges;
  };
  struct Choice {
    int literal, nested;  // slots; -1 if the path has no dots
  };

 private:
  friend class LineParser;
  int edge(int node, const std::string &key);
  void add_path(const FieldSpec &spec);

  std::vector<FieldSpec> specs_;
  std::vector<Node> nodes_;
  std::vector<Choice> choices_;
  int slots_ = 0;
  TimeUnit unit_;
  TimePattern pattern_;
  bool has_pattern_;
};

constexpr std::size_t kPadding = 64;

}  // namespace streamstat
