// Composes the object of a record, its fields in their order. Equal names all stay: the last one wins, as in the record.
#pragma once

#include "events/columns.hpp"
#include "text/escape.hpp"

#include <string_view>
#include <vector>

namespace streamstat {

// What holds the elements that are events of their own: an array, or the text that it was unwrapped from, as it stands in
// the object around it. `begin` is null: nothing.
struct Elements {
  const Byte *begin = nullptr, *end = nullptr;
};

class ObjectWriter {
 public:
  // Begins an object. What holds the elements is left out of it: else each of a million events would hold all of them.
  void restart(Elements elements = {}) {
    elements_ = elements;
    text_.clear();
    is_first_ = true;
    has_columns_ = false;
  }

  // Null: the record has no such field.
  void field(std::string_view name, const Cell *cell);

  // The fields of an object [begin, end), which is valid; white space may stand around it.
  void fields_of(const Byte *begin, const Byte *end);

  // The value of the next column of a table; such an object has no other fields. See WrittenObject.
  void column(const Cell &cell);

  // All of it, once.
  std::string_view finished();
  bool has_columns() const { return has_columns_; }

 private:
  void comma() { text_.put(is_first_ ? '{' : ','), is_first_ = false; }
  void value(const Cell &cell);
  bool holds_elements(const Cell &cell) const {
    return elements_.begin && cell.begin == elements_.begin && cell.end == elements_.end;
  }

  Elements elements_;
  TextBuffer text_;
  bool is_first_ = true, has_columns_ = false;
  std::vector<Byte> room_;  // for a text that is not what stands in its cell, or an object without the elements
};

}  // namespace streamstat
