// What is in the events of decoded blocks, field by field, in one pass and in bounded memory.
#pragma once

#include "profiles/field_tree.hpp"

#include <atomic>
#include <span>
#include <vector>

namespace streamstat {

class FieldProfiles {
 public:
  // Of at most so many fields; the values of others are counted together.
  FieldProfiles(std::size_t most, TimeReader times) : tree_(most), times_(std::move(times)) {}

  // Finds the values of rows [lo, hi) of a block, those that are left (empty: all); `block` is what was decoded, and stays
  // until they are taken. Of formats whose records are no JSON objects events must be there as they were written:
  // std::invalid_argument if not.
  void find(const Decoded &decoded, std::span<const Byte> block, std::span<const std::uint8_t> left, std::size_t lo, std::size_t hi);

  // Takes in the values that were found, a field at a time; several threads may, each until none is left.
  void take();

  std::uint64_t rows() const { return rows_; }
  FieldTree &tree() { return tree_; }

 private:
  void find_in_records(const Decoded &decoded, std::span<const Byte> block, std::span<const std::int64_t> rows);
  void find_in_written(const Decoded &decoded, std::span<const Byte> block, std::span<const std::int64_t> rows);

  FieldTree tree_;
  TimeReader times_;
  std::uint64_t rows_ = 0;
  std::vector<std::uint8_t> written_;  // the events whose values were found, where they are not in the block
  std::atomic<std::size_t> next_ = 0;  // the field to be taken next
};

}  // namespace streamstat
