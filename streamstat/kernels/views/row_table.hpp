// views/ keeps the last row of each key of a table, as changes of it come in the order of their log. It knows keys by their
// numbers, rows as JSON objects on one line, and no format of logs. Begin here.
#pragma once

#include "base/buffer.hpp"
#include "base/byte_strings.hpp"
#include "base/state_bytes.hpp"
#include "views/names.hpp"
#include "views/positions.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace streamstat {

enum class RowOp : std::uint8_t { put, patch, remove, truncate, read, edit };
enum class RowEvent : std::uint8_t { insert = 1, update = 2, remove = 3 };

// n changes in the order of the log. Of a truncate the slot is -1. old_slots: the key that the row had before, or -1.
struct RowChanges {
  std::span<const std::uint8_t> ops;
  std::span<const std::int32_t> slots, old_slots;
  TextColumn texts;
  std::optional<TextColumn> kept;  // objects of the names of columns that rows have, whatever is in them
  std::span<const std::int32_t> spaces;
  TextColumn positions;
  std::span<const std::int64_t> times;
};

// What changes did to rows, in order. applied: of each change bit 1 where it was applied to its key, bit 2 where to the old one.
// names: how many names of columns were known behind each event.
// before_times: when the row before had changed.
struct RowEvents {
  std::vector<std::uint8_t> applied;
  std::vector<std::int64_t> changes;
  std::vector<std::uint8_t> kinds;
  std::vector<std::int32_t> slots;
  std::vector<std::int32_t> names;
  std::vector<std::int64_t> before_times;
  ByteStrings before, after;  // of each event, if they are wanted
};

// Which rows of events are wanted.
struct WantedRows {
  bool before, after;
};

class RowTable {
 public:
  static constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

  // collects_names: whether the names of columns are kept, in the order in which changes bring them.
  explicit RowTable(bool collects_names) : collects_names_(collects_names) {}

  // Throws std::invalid_argument, with nothing changed, for changes that cannot be.
  RowEvents apply(const RowChanges &changes, WantedRows wanted);

  // The slots that have a row, ascending; of these, the ones of which not all columns are known.
  std::vector<std::int32_t> live() const;
  std::vector<std::int32_t> partial() const;
  // Of slots that have a row; std::out_of_range for any other.
  ByteStrings rows(std::span<const std::int32_t> slots) const;
  void times(std::span<const std::int32_t> slots, std::span<std::int64_t> times) const;
  // The names of columns that have come with changes, in that order, if they are collected.
  const ColumnNames &names() const { return names_; }
  // Those of them that rows have, or of which a row may have a value that nobody knows.
  std::vector<std::string> present_names() const;
  std::size_t bytes() const { return arena_.size(); }

  Bytes snapshot() const;
  void restore(ByteSpan snapshot);

 private:
  enum Flag : std::uint8_t { kHasRow = 1, kStreamed = 2, kPartial = 4 };

  // A line of memory, so that a change looks at one line and no more to tell whether it is stale. The position lies there
  // if it is short, else in the arena, in front of the row.
  struct alignas(64) Slot {
    static constexpr std::size_t kShort = 36;

    std::uint64_t begin = 0;
    std::int64_t time = kNoTime;
    std::uint32_t row_size = 0;
    std::int32_t space = -1;
    std::uint16_t position_size = 0;
    std::uint8_t flags = 0;
    std::uint8_t short_position[kShort] = {};

    bool has(Flag flag) const { return flags & flag; }
    std::size_t before_row() const { return position_size <= kShort ? 0 : position_size; }
    std::size_t size() const { return before_row() + row_size; }  // in the arena
  };
  using Row = std::optional<std::string_view>;

  std::string_view position(const Slot &slot) const;
  std::string_view row(const Slot &slot) const;
  bool is_stale(std::size_t number, RowOp op, const Position &at) const;
  // Memory that changes behind this one will look at: keys come in any order, and the table is larger than any cache.
  void ask_ahead(std::span<const std::int32_t> slots, std::size_t i) const;
  // Whether a position is no greater than that of the last change of a key. Positions and rows go by reference: a copy of one
  // that was just written would wait until all writes before it are done, most of which are to memory that is far away.
  bool is_behind(std::size_t number, const Position &at) const;
  void check(const RowChanges &changes) const;
  void change(const RowChanges &changes, std::size_t i, RowEvents &events, WantedRows wanted);
  void truncate(const Position &at, std::size_t i, RowEvents &events, WantedRows wanted);
  // The row that a change makes of one that may be there.
  std::string_view made(RowOp op, const Row &before, std::string_view text);
  void store(std::size_t number, const Position &at, const Row &row, std::int64_t time, std::uint8_t flags);
  void put(Slot &slot, const Position &at, const Row &row, std::int64_t time, std::uint8_t flags);
  void tell(RowEvents &events, std::size_t change, RowEvent kind, std::size_t slot, const Row &before, const Row &after,
            WantedRows wanted) const;
  void compact();

  bool collects_names_;
  bool is_truncated_ = false;  // any truncate was applied: it was a change of every key
  std::vector<Slot> slots_;
  Arena arena_;
  std::size_t garbage_ = 0;
  LastPositions<std::int32_t> truncates_;
  LastPositions<std::pair<std::int32_t, std::int32_t>> elsewhere_;  // by slot and space: where the last change was in another
  ColumnNames names_;
  ColumnNames kept_;  // whose values changes have left out
  std::vector<std::uint8_t> made_;  // the row that is being made
};

}  // namespace streamstat
