// A JSON object inside of a text, or of an array: its fields as cells.
#pragma once

#include "events/inside.hpp"
#include "json/line_parser.hpp"

namespace streamstat {

class ObjectInside {
 public:
  explicit ObjectInside(std::span<const FieldSpec> fields) : tree_(fields), parser_(tree_) {}

  // Whether a text is one object with nothing but white space around it. Its cells are valid until the next call.
  bool read(const Cell &text);

  // Where the object of that text lies, until the next call.
  const Byte *begin() const { return begin_; }
  const Byte *end() const { return end_; }

  // p at the brace of an object in valid JSON; returns the first byte behind it. The cells lie in it.
  const Byte *read_valid(const Byte *p) {
    names_.clear();
    return parser_.record(p);
  }

  // Sets how texts of the cells are written out. They must be where they do not lie in the block.
  void spell(bool lies_in_block);

  const Cell *cell(std::size_t field) const { return parser_.cell(field); }
  std::uint32_t taken(std::size_t field) const { return parser_.taken(field); }

  // p at any value of valid JSON.
  const Byte *behind(const Byte *p) { return parser_.skipped(p); }

  // From now on the names at the top level are noted.
  void note_names() { parser_.names = &names_; }
  const std::vector<std::string> &names() const { return names_; }

 private:
  PathTree tree_;
  ObjectParser<json::AnyLayout> parser_;
  Buffer<Byte> room_;  // for the text
  const Byte *begin_ = nullptr, *end_ = nullptr;
  std::vector<std::string> names_;
};

}  // namespace streamstat
