// Numbers and how often each is there, in their order: one can be added, taken out again, and found by its rank.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/state_bytes.hpp"

namespace streamstat {

// Sorted pieces of bounded size behind one another, 16 bytes a different number. A tree takes four times the memory,
// and a table without order would have to be sorted for each answer.
class OrderedCounts {
 public:
  void add(std::int64_t key);
  // Throws std::invalid_argument for a number that is not there.
  void remove(std::int64_t key);
  bool is_empty() const { return total_ == 0; }
  std::uint64_t total() const { return total_; }
  std::size_t different() const { return different_; }
  // All three need a number.
  std::int64_t least() const { return pieces_.front().entries.front().key; }
  std::int64_t greatest() const { return pieces_.back().entries.back().key; }
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
  static constexpr std::size_t kMost = 512;  // entries of a piece

  std::vector<Piece>::iterator piece_of(std::int64_t key);
  void split(std::vector<Piece>::iterator piece);
  void shrink(std::vector<Piece>::iterator piece);

  std::vector<Piece> pieces_;
  std::uint64_t total_ = 0;
  std::size_t different_ = 0;
};

}  // namespace streamstat
