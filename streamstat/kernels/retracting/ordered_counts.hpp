// Numbers and how often each is there, in their order: one can be added, taken out again, and found by its rank.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/state_bytes.hpp"

namespace streamstat {

// Sorted pieces of bounded size behind one another, 16 bytes a different number. A tree takes four times the memory,
// and a table without order would have to be sorted for each answer. Changes wait until there are some, or until
// somebody asks, and are taken in by number: to look up each by itself waits for memory again and again.
class OrderedCounts {
 public:
  void add(std::int64_t key) { note(key, 1); }
  // Throws std::invalid_argument for a number that is not there, at the latest when somebody asks.
  void remove(std::int64_t key) { note(key, -1); }
  bool is_empty() const { return settled().total_ == 0; }
  std::uint64_t total() const { return settled().total_; }
  std::size_t different() const { return settled().different_; }
  // All three need a number.
  std::int64_t least() const { return settled().pieces_.front().entries.front().key; }
  std::int64_t greatest() const { return settled().pieces_.back().entries.back().key; }
  std::int64_t at_rank(std::uint64_t rank) const;  // from 1 to total()

  void write(Bytes &bytes) const;
  static OrderedCounts read(Reader &reader);

 private:
  struct Entry {
    std::int64_t key;
    std::uint64_t count;
  };
  struct Piece {
    std::vector<Entry> entries;  // never empty
    std::uint64_t total = 0;
  };
  struct Change {
    std::int64_t key, by;
  };
  static constexpr std::size_t kMost = 512;  // entries of a piece
  static constexpr std::size_t kFewWait = 16, kPartWaits = 4;  // changes, and which part of the different numbers

  void note(std::int64_t key, std::int64_t by) {
    waiting_.push_back({key, by});
    total_ += static_cast<std::uint64_t>(by);
    if (waiting_.size() >= kFewWait && waiting_.size() >= different_ / kPartWaits) settle();
  }
  // With no change waiting.
  const OrderedCounts &settled() const {
    if (!waiting_.empty()) const_cast<OrderedCounts *>(this)->settle();
    return *this;
  }
  void settle();
  void apply(std::int64_t key, std::int64_t by);
  std::vector<Piece>::iterator piece_of(std::int64_t key);
  void split(std::vector<Piece>::iterator piece);
  void shrink(std::vector<Piece>::iterator piece);

  std::vector<Piece> pieces_;
  std::vector<Change> waiting_;
  std::uint64_t total_ = 0;
  std::size_t different_ = 0;
};

}  // namespace streamstat
