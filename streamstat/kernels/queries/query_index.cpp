#include "queries/query_index.hpp"

#include <algorithm>

#include "queries/lookups.hpp"

namespace streamstat {

std::vector<std::int64_t> QueryIndex::evaluated() const {
  std::vector<std::int64_t> counts = considered_;
  for (std::size_t atom = 0; atom < found_.size(); ++atom)
    for (std::uint32_t i = first_of_atom_[atom]; i < first_of_atom_[atom + 1]; ++i)
      if (!candidates_[i].is_shared) counts[candidates_[i].query] = found_[atom];
  for (const std::int32_t each : always_) counts[static_cast<std::size_t>(each)] = rows_;
  return counts;
}

void QueryIndex::look_up(std::uint64_t key, auto &&is_there) {
  if (!may_have(key)) return;
  for (std::size_t place = key & (table_.size() - 1); table_[place]; place = (place + 1) & (table_.size() - 1)) {
    std::size_t i = table_[place] - 1;
    if (postings_[i].key != key) continue;
    for (; i < postings_.size() && postings_[i].key == key; ++i)
      if (is_there(postings_[i])) found(postings_[i].atom);
    return;
  }
}

void QueryIndex::look_for_words(const FoldedWords &text, std::uint64_t salt) {
  const auto &words = text.words();  // behind the last one stands an empty one
  for (std::size_t i = 0; i < words.size(); ++i)
    look_up(salted(words[i].hash, salt), [&](const Posting &posting) {
      if (posting.step) {
        const std::size_t beside = i + static_cast<std::size_t>(posting.step);
        if (beside >= words.size() || static_cast<std::uint32_t>(words[beside].hash) != posting.beside) return false;
      }
      return programs_.atoms()[posting.atom].phrase.is_around(text, i, posting.word);
    });
}

void QueryIndex::look_at_field(std::size_t field) {
  const FieldUse &use = uses_[field];
  const QueryColumn &column = block_->columns[field];
  const std::uint8_t kind = column.kinds[row_];
  if (kind == kind::null || kind > kind::text) return;
  const std::string_view text = column.is_text(row_) ? (*column.texts)[row_] : std::string_view();
  if (use.values) {
    const std::int64_t number = column.numbers.empty() ? 0 : column.numbers[row_];
    look_up(salted(hash_value(kind, number, text), salt_of(Lookup::value, field)), [&](const Posting &posting) {
      const auto &literals = programs_.atoms()[posting.atom].literals;
      return std::any_of(literals.begin(), literals.end(), [&](const auto &each) { return equals(each, column, row_); });
    });
  }
  if (kind != kind::text) return;
  if (use.words) look_for_words(words_.of(field), salt_of(Lookup::word, field));
  for (const std::size_t length : use.lengths) {
    if (length > text.size()) break;
    const std::string_view beginning = text.substr(0, length);
    look_up(salted(hash_text(beginning), salt_of(Lookup::beginning, field)),
            [&](const Posting &posting) { return programs_.atoms()[posting.atom].text == beginning; });
  }
}

void QueryIndex::found(std::uint32_t atom) {
  if (found_in_[atom] == turn_) return;
  found_in_[atom] = turn_;
  ++found_[atom];
  answers_.put(atom, Truth::yes);
  for (std::uint32_t i = first_of_atom_[atom]; i < first_of_atom_[atom + 1]; ++i) consider(candidates_[i]);
}

void QueryIndex::consider(const Candidate &candidate) {
  if (candidate.is_shared) {
    if (considered_in_[candidate.query] == turn_) return;
    considered_in_[candidate.query] = turn_;
    ++considered_[candidate.query];
  }
  hold(candidate.root, candidate.query);
}

void QueryIndex::hold(const QueryNode &root, std::uint32_t query) {
  if (!muted_.empty() && muted_[query]) return;
  const Truth truth = answers_.of(root, *block_, row_, words_);
  if (truth == Truth::yes) held_.push_back(static_cast<std::int32_t>(query));
  else if (truth == Truth::maybe) open_.push_back(static_cast<std::int32_t>(query));
}

QueryIndex::Hits QueryIndex::search(const QueryBlock &block, std::span<const std::uint8_t> wanted,
                                    std::span<const std::uint8_t> muted, std::size_t begin, std::size_t end,
                                    std::size_t most) {
  Hits hits;
  block_ = &block;
  muted_ = muted;
  words_.begin_block(block);
  for (row_ = begin; row_ < end && hits.rows.size() + hits.open_rows.size() < most; ++row_) {
    if (!wanted.empty() && !wanted[row_]) continue;
    ++turn_;
    ++rows_;
    answers_.begin_row();
    words_.begin_row(row_);
    held_.clear();
    open_.clear();
    for (std::size_t field = 0; field < uses_.size(); ++field) look_at_field(field);
    if (looks_anywhere_) look_for_words(words_.of_event(), salt_of(Lookup::anywhere, 0));
    for (const std::int32_t query : always_) hold(roots_[static_cast<std::size_t>(query)], static_cast<std::uint32_t>(query));
    for (auto *each : {&held_, &open_}) std::sort(each->begin(), each->end());
    hits.rows.insert(hits.rows.end(), held_.size(), static_cast<std::int64_t>(row_));
    hits.queries.insert(hits.queries.end(), held_.begin(), held_.end());
    hits.open_rows.insert(hits.open_rows.end(), open_.size(), static_cast<std::int64_t>(row_));
    hits.open_queries.insert(hits.open_queries.end(), open_.begin(), open_.end());
  }
  hits.end = row_;
  block_ = nullptr;
  return hits;
}

}  // namespace streamstat
