// events/ is what every format shares: the columns that a block of records becomes, the times and numbers in them, the
// words for what is wrong with a record, and the threads that decode ahead. It knows no format, and nothing of keys,
// windows or states; it touches no Python object but in bind_events.cpp. Begin here, then block_writer.hpp, to which a
// format gives its records.
#pragma once

#include "base/buffer.hpp"
#include "events/dictionary.hpp"
#include "events/faults.hpp"
#include "events/noted.hpp"
#include "events/scan.hpp"
#include "events/times.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace streamstat {

// Bytes behind a block that may be read and written.
constexpr std::size_t kPadding = 64;

// Set in the start of bytes that lie in the arena, not in the block.
constexpr std::uint32_t kInArena = 0x80000000U;

constexpr std::size_t kNoRow = ~std::size_t{0};

// What is to be materialised of a field; kinds always are. kNumeric: its texts that spell a JSON number are that number.
// Of kUnwrap the text, and of kEach the array, is no column: what is in it makes the events (see inside.hpp). kWritten is
// asked for of no field: events are to be had as they were written (see written.hpp). Nor are kNotes: values are to be
// noted where a format can do that (see noted.hpp); nor kNulls: a record that is the word null is none that is bad.
enum Need : std::uint16_t {
  kNumber = 1,
  kText = 2,
  kHash = 4,
  kCode = 8,
  kTime = 16,
  kPresent = 32,
  kNumeric = 64,
  kUnwrap = 128,
  kEach = 256,
  kMoreHash = 512,
  kWritten = 1024,
  kNulls = 2048,
  kNotes = 4096
};

struct FieldSpec {
  std::string path;
  std::uint16_t needs;
};

// Whether something is asked for of any field, or of none.
inline bool wants(std::span<const FieldSpec> fields, Need need) {
  return std::ranges::any_of(fields, [&](const FieldSpec &field) { return field.needs & need; });
}

// A value of a record as it was found. [begin, end) is its spelling, of a quoted text what is between the quotes.
struct Cell {
  const Byte *begin, *end;
  std::int64_t number;  // int64, or the bits of a double, for a number
  std::uint8_t kind;
  bool present;
  // Writes the text that the spelling stands for to a room of three bytes for each of its own; null: it is the text.
  Byte *(*unescape)(const Byte *begin, const Byte *end, Byte *out);
};

// The text of a time field that was read last: logs of whole seconds repeat it. Of a text kMost bytes are readable.
struct LastTime {
  static constexpr std::uint32_t kMost = 32, kNone = ~0U;
  Byte text[kMost] = {};
  std::uint32_t size = kNone;
  Time time{};

  // Times of one spelling differ at their ends.
  bool is(const Byte *other, std::uint32_t other_size) const {
    if (other_size != size) return false;
    if (size >= 8 && std::memcmp(text + size - 8, other + size - 8, 8) != 0) return false;
    return std::memcmp(text, other, size) == 0;
  }

  void set(const Byte *other, std::uint32_t other_size, Time read) {
    std::memcpy(text, other, kMost);
    size = other_size;
    time = read;
  }
};

// The `unescape` of a spelling that is the text, but does not lie in the block.
inline Byte *as_spelt(const Byte *begin, const Byte *end, Byte *out) {
  const auto size = static_cast<std::size_t>(end - begin);
  if (size) std::memcpy(out, begin, size);
  return out + size;
}

// The texts of a column, behind one another; offsets are one more than rows.
struct TextCells {
  Buffer<std::int64_t> offsets;
  Arena data;

  // The text of a row, of which LastTime::kMost bytes are readable.
  void put(std::size_t row, const Byte *text, std::size_t size) {
    Byte *const out = data.grow(size);
    if (size <= LastTime::kMost)
      std::memcpy(out, text, LastTime::kMost);
    else
      std::memcpy(out, text, size);
    advance(row, size);
  }
  // That of the row before.
  void put_again(std::size_t row);
  // It was written behind the others already.
  void advance(std::size_t row, std::size_t size) {
    data.advance(size);
    offsets[row + 1] = static_cast<std::int64_t>(data.size());
  }
};

// One projected field of a block, a cell a row; only what was asked for has cells.
struct FieldColumn {
  std::uint16_t needs = 0;
  Buffer<std::uint8_t> kinds;
  Buffer<std::int64_t> numbers;  // int64, or the bits of a double
  Buffer<std::uint64_t> hashes, more_hashes;  // with other seeds, 128 bits together
  Buffer<std::int32_t> codes;  // into `dictionary`
  TextCells texts;
  std::shared_ptr<TextCells> held_texts;  // the same, once somebody has them
  Buffer<std::int64_t> times;
  Buffer<std::uint8_t> time_kinds;
  Buffer<std::uint8_t> present;  // 1 if the name is there, even with null
  bool seen = false;  // the name is there in a row, even with null; until it is, rows have no cells
  bool is_filled = false;  // if no row has the name: there are cells all the same
  Dictionary dictionary;
  LastTime last_time;
  void reserve(std::size_t rows);
  // Cells of the rows before this one, none of which has the name.
  void fill_absent(std::size_t rows);
};

struct BadRecord {
  std::uint32_t line;    // lines of the block before the one on which that shows, or on which it begins
  std::uint32_t column;  // characters, from 1
  std::uint32_t begin, end;  // bytes, newline included; those of an element as of a row
  std::uint32_t record;      // where its record begins
  Fault fault;
};

// A further part [begin, end) of the record whose first part begins at `first`; other records may stand between them.
struct RecordPart {
  std::uint32_t first, begin, end;
};

// An object that holds fields of events: [begin, end), in the block or the arena, see kInArena. Those of the object around it
// stand in front of its own. Of a row of a table only values are kept, each behind a NUL, as names may be longer than they
// are: an empty one is left out.
struct WrittenObject {
  static constexpr std::uint32_t kNone = ~0U;
  std::uint32_t begin, end;
  std::uint32_t around = kNone;   // the number of another object
  std::uint32_t heading = kNone;  // in `headings`: the names of the values
};

// A decoded block. Rows are the valid records, in order. A hole is NULs in front of a record, which are no part of it; at
// the end of the block, in front of nothing, they are no record.
struct Decoded {
  std::size_t rows = 0, records = 0, blank = 0;  // records: rows, bad and blank ones, and nulls
  std::size_t nulls = 0;                         // where they are not bad
  std::size_t lines = 0;                         // that the records stand on
  std::size_t nuls = 0, holes = 0, first_hole = 0;  // bytes of holes, how many there are, where the first one begins
  std::vector<FieldColumn> columns;
  std::vector<BadRecord> bad;
  Buffer<std::uint32_t> row_begins, row_ends;  // bytes of each row's record, newline included, or of its first part
  std::vector<RecordPart> parts;
  Arena arena;  // bytes of objects that are not in the block as they are

  // Where rows are elements of their records, `row_begins` and `row_ends` are of the element, in the block or the arena, see
  // kInArena; and these of the record.
  Buffer<std::uint32_t> record_begins, record_ends;
  bool has_array = false, lacks_array = false;      // whether a record has the array, and one has none
  std::uint32_t lacking_begin = 0, lacking_end = 0;  // the first one that has none

  // How rows were written, if that was asked for: the innermost object of each. Without any, a row's record is its object.
  bool is_written = false;
  std::vector<WrittenObject> objects;
  std::vector<std::uint32_t> row_objects;
  std::vector<std::vector<std::string>> headings;

  bool is_noted = false;       // if not, values are found in rows as they were written
  std::size_t noted_size = 0;  // of the block
  std::vector<NotedField> noted;

  std::size_t names_of = kNoRow;   // set before decoding: the row of which names are to be noted
  std::vector<std::string> names;  // of what is inside of its record

  // With cells, even if no row has the field; most of such fields are never looked at. Not by several threads at once.
  FieldColumn &column(std::size_t field);
};

// Where so many bytes begin that are about to be added to the arena.
inline std::uint32_t arena_start(const Arena &arena, std::size_t size) {
  if (arena.size() + size >= kInArena) throw std::length_error("texts of a block: 2 GiB or more");
  return static_cast<std::uint32_t>(arena.size()) | kInArena;
}

}  // namespace streamstat
