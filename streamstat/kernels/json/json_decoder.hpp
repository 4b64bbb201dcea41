// json/ turns JSON into columns. It touches no Python object but in bind_json.cpp. Begin here, then line_parser.hpp, which
// walks a line, and json_scan.hpp, which steps over its parts.
//
// NDJSON to columns: each line is walked once and strictly validated, only projected fields are materialised.
#pragma once

#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"

#include <span>
#include <string>
#include <vector>

namespace streamstat {

class JsonDecoder : public BlockDecoder {
 public:
  JsonDecoder(std::vector<FieldSpec> fields, TimeReader times);

  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;
  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

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
  TimeReader times_;
};

}  // namespace streamstat
