// Cells that are lists, [[upper, count], ...], [[value, count, error], ...] and [value, ...], taken apart into columns.
#pragma once

#include <cstdint>
#include <vector>

#include "text/render.hpp"

namespace streamstat {

struct Lists {
  std::vector<std::int64_t> starts{0};  // where each row's entries begin, and the end of the last
  std::vector<double> uppers;           // HISTOGRAM; NaN for null
  std::vector<std::int64_t> counts;
  std::vector<std::int64_t> errors;  // TOP
  std::vector<std::int64_t> text_offsets{0};
  TextBuffer texts;
};

// Rows of a HISTOGRAM, TOP or LIST column, none for null; throws std::invalid_argument on any other text.
Lists read_lists(const Column &column, RowRange rows);

// Appends what the JSON string says, quotes included in `literal`; lone surrogates become U+FFFD.
void put_unescaped(TextBuffer &out, std::string_view literal);

}  // namespace streamstat
