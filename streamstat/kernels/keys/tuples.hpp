// Rows of codes to dense ids and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/state_bytes.hpp"
#include "keys/code_slots.hpp"

namespace streamstat {

class TupleTable {
 public:
  explicit TupleTable(std::int64_t width);

  std::size_t size() const { return hashes_.size(); }
  std::size_t width() const { return width_; }
  // Column c of row i is columns[c][i]; rows whose take is 0 get -1, an empty take takes all.
  void intern(std::span<const std::int32_t *const> columns, std::span<const std::uint8_t> take,
              std::span<std::int32_t> ids);
  // As intern, but a row that has no id gets -1.
  void find(std::span<const std::int32_t *const> columns, std::span<std::int32_t> ids) const;
  void column(std::size_t column, std::span<const std::int32_t> ids, std::span<std::int32_t> codes) const;
  std::vector<std::int32_t> retain(std::span<const std::uint8_t> live);

  Bytes snapshot() const;
  void restore(ByteSpan snapshot);

 private:
  template <typename Unknown>
  void look_up(std::span<const std::int32_t *const> columns, std::span<const std::uint8_t> take,
               std::span<std::int32_t> ids, Unknown &&unknown) const;
  template <std::size_t Width, typename Unknown>
  void look_up_rows(std::span<const std::int32_t *const> columns, std::span<const std::uint8_t> take,
                    std::span<std::int32_t> ids, Unknown &&unknown) const;
  std::int32_t add(std::uint64_t hash, std::span<const std::int32_t *const> columns, std::size_t row);

  std::size_t width_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::int32_t> rows_;  // width_ codes an id
  CodeSlots slots_;
};

}  // namespace streamstat
