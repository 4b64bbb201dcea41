// Many conditions over events, of which each event meets few: those that it can meet are found by what is in it.
//
// Of each query a part without which it cannot be true is looked up: an equality, an element of a list, a word, the
// beginning of a text. Of parts that must all hold that is the rarest, of parts of which one is enough all of them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "queries/query_program.hpp"

namespace streamstat {

class QueryIndex {
 public:
  struct Hits {
    std::size_t end = 0;  // the row before which the search has stopped
    std::vector<std::int64_t> rows, open_rows;
    std::vector<std::int32_t> queries, open_queries;  // an open one depends on a part that is not known here
  };

  // Throws std::invalid_argument for what is no program; its number is told.
  QueryIndex(const TextColumn &programs, std::size_t fields);
  QueryIndex(const QueryIndex &) = delete;

  std::size_t size() const { return roots_.size(); }
  std::size_t fields() const { return programs_.fields(); }
  // Those that nothing can be looked up of.
  const std::vector<std::int32_t> &always() const { return always_; }

  // What holds in rows [begin, end) that are wanted, in their order, queries by their number; ends behind the row with
  // which there are `most` hits. muted: queries that are left out.
  Hits search(const QueryBlock &block, std::span<const std::uint8_t> wanted, std::span<const std::uint8_t> muted,
              std::size_t begin, std::size_t end, std::size_t most);

  // For how many events each was held against what is known here.
  std::vector<std::int64_t> evaluated() const;

 private:
  struct Posting {
    std::uint64_t key;
    std::uint32_t atom;
    std::uint32_t word = 0;  // the place in its phrase of the word that is looked up
    std::int32_t step = 0;   // where the word beside that one is; 0: there is none
    std::uint32_t beside = 0;  // bits of its hash, by which most of what is found is told at once to be no hit
  };
  // A query that an atom is looked up for, without that atom where it must hold. is_shared: others are looked up, too.
  struct Candidate {
    QueryNode root;
    std::uint32_t query;
    bool is_shared;
  };
  struct FieldUse {
    bool values = false, words = false;
    std::vector<std::size_t> lengths;  // of beginnings, ascending
  };
  struct Choice {
    double bits = 0;
    std::vector<std::uint32_t> atoms;  // none: it cannot be looked up
  };

  Choice chosen(const QueryNode &node) const;
  std::vector<std::uint32_t> place(const std::vector<Choice> &choices);
  void lie_together();
  QueryNode without(const QueryNode &root, std::uint32_t atom, std::vector<QueryNode> &nodes) const;
  void post(const std::vector<std::uint32_t> &atoms);
  void post_phrase(std::uint32_t atom, const std::vector<std::uint64_t> &common);
  void make_table();

  bool may_have(std::uint64_t key) const {
    const std::uint64_t bit = key >> 40 & (filter_.size() * 64 - 1);
    return filter_[bit / 64] >> bit % 64 & 1;
  }
  void look_up(std::uint64_t key, auto &&is_there);
  void look_for_words(const FoldedWords &words, std::uint64_t salt);
  void look_at_field(std::size_t field);
  void found(std::uint32_t atom);
  void consider(const Candidate &candidate);
  void hold(const QueryNode &root, std::uint32_t query);

  std::vector<QueryNode> roots_;
  QueryPrograms programs_;
  std::vector<std::int32_t> always_;
  std::vector<std::uint32_t> first_of_atom_;
  std::vector<Candidate> candidates_;  // of one atom behind those of another
  std::vector<FieldUse> uses_;
  bool looks_anywhere_ = false;
  std::vector<Posting> postings_;
  std::vector<std::uint64_t> filter_;  // a bit of each key, where most of what is looked up ends
  std::vector<std::uint32_t> table_;   // 1 + the first posting of a key
  std::vector<std::int64_t> found_;       // by atom: in how many events
  std::vector<std::int64_t> considered_;  // by query of several atoms: in how many events
  std::int64_t rows_ = 0;

  // Of the row at hand.
  RowAnswers answers_;
  RowWords words_;
  std::vector<std::uint64_t> found_in_, considered_in_;  // by atom and by query: the turn in which it was
  std::uint64_t turn_ = 0;
  const QueryBlock *block_ = nullptr;
  std::span<const std::uint8_t> muted_;
  std::size_t row_ = 0;
  std::vector<std::int32_t> held_, open_;
};

}  // namespace streamstat
