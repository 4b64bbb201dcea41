// queries/ holds many conditions at once against each event. Begin with query_index.hpp; a condition comes as a program
// (query_program.hpp) of atoms (query_atom.hpp), each a question about one field or about the whole event.
//
// The events of a block, as atoms look at them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/byte_strings.hpp"
#include "base/kinds.hpp"
#include "events/scan.hpp"
#include "words/folded_words.hpp"
#include "words/text_values.hpp"

namespace streamstat {

// A field. Numbers and texts are there if some query asks for them.
struct QueryColumn {
  std::span<const std::uint8_t> kinds;
  std::span<const std::int64_t> numbers;
  std::optional<TextColumn> texts;

  bool is_text(std::size_t row) const { return kinds[row] == kind::text && texts; }
};

struct QueryBlock {
  std::size_t rows;
  std::vector<QueryColumn> columns;
  std::optional<TextColumn> written;  // whole events
};

// Words of texts of one row, cut when they are first asked for.
class RowWords {
 public:
  explicit RowWords(std::size_t fields) : of_field_(fields) {}

  void begin_block(const QueryBlock &block) { block_ = &block, ++epoch_; }
  void begin_row(std::size_t row) { row_ = row, ++epoch_; }
  const FoldedWords &of(std::size_t field) {
    Cut &cut = of_field_[field];
    if (cut.epoch != epoch_) {
      cut.epoch = epoch_;
      cut.words.clear();
      const QueryColumn &column = block_->columns[field];
      if (column.is_text(row_)) cut.words.add((*column.texts)[row_]);
    }
    return cut.words;
  }
  const FoldedWords &of_event() {
    if (event_.epoch != epoch_) {
      event_.epoch = epoch_;
      event_.words.clear();
      if (block_->written)
        for_each_text_value((*block_->written)[row_], room_, [&](std::string_view text) { event_.words.add(text); });
    }
    return event_.words;
  }

 private:
  struct Cut {
    FoldedWords words;
    std::uint64_t epoch = 0;
  };

  const QueryBlock *block_ = nullptr;
  std::size_t row_ = 0;
  std::uint64_t epoch_ = 0;
  std::vector<Cut> of_field_;
  Cut event_;
  std::vector<Byte> room_;
};

}  // namespace streamstat
