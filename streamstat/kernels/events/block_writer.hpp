// What a format gives its records to: it counts them, and puts them into the columns of a block.
#pragma once

#include "events/inside.hpp"
#include "events/row_writer.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>

namespace streamstat {

class BlockWriter {
 public:
  // Sets the newline behind the block. What is asked for of `fields` is what a row's cells are asked for; see inside.hpp for
  // those that make other events of a record.
  BlockWriter(std::span<Byte> block, std::size_t begin, std::span<const FieldSpec> fields, const TimeReader &times,
              Decoded &out);

  // Records lie in [begin, end); a newline stands at the end.
  const Byte *begin() const { return begin_; }
  const Byte *end() const { return end_; }

  // A record without anything in it, on a line of its own.
  void blank() {
    ++out_.records;
    ++out_.blank;
    ++out_.lines;
  }

  // A valid record [begin, next), newline included, on so many lines; cell(f) gives the Cell of field f, or null. Where
  // fields are nested, cell.taken(f) tells of the name by which one was found: see Found. Where the record is no JSON object,
  // cell.write(object) gives all its fields to an ObjectWriter.
  template <typename CellOf>
  void row(const Byte *begin, const Byte *next, CellOf cell, std::size_t lines = 1) {
    if (inside_) [[unlikely]] {
      for (std::size_t f = 0; f < fields_.size(); ++f) found_[f] = found(cell, f);
      inside_->open(found_);
      if (out_.is_written) layers_.assign(1, {0, record_object(begin, next, cell)});
      return parts(begin, next, lines);
    }
    if constexpr (requires { cell.write(object_); })
      if (out_.is_written) [[unlikely]] out_.row_objects.push_back(record_object(begin, next, cell));
    if (out_.rows == capacity_) reserve();
    meet(cell);
    for (const std::size_t f : seen_) rows_.cell(out_.columns[f], cell(f));
    out_.row_begins[out_.rows] = offset(begin);
    out_.row_ends[out_.rows] = offset(next);
    ++out_.rows;
    ++out_.records;
    out_.lines += lines;
  }

  // A record [begin, next) that cannot be read, and where in its first line that shows.
  void bad(const Byte *begin, const Byte *next, const Failure &failure, std::size_t lines = 1) {
    if (takes_nulls_ && is_null(begin, next)) {
      ++out_.records;
      ++out_.nulls;
      out_.lines += lines;
      return;
    }
    const std::uint32_t column = characters(begin, std::clamp(failure.where, begin, next)) + 1;
    out_.bad.push_back({static_cast<std::uint32_t>(out_.lines), column, offset(begin), offset(next), offset(begin), failure.fault});
    ++out_.records;
    out_.lines += lines;
  }

  // The names of what records give as columns to an ObjectWriter from now on; they must stay where they are.
  void columns(std::span<const std::string> names) {
    columns_ = names;
    has_heading_ = false;
  }

  // Lines that are no record, such as a heading.
  void heading(std::size_t lines) { out_.lines += lines; }

  // p at a NUL where a record would begin; returns what stands behind the hole.
  const Byte *hole(const Byte *p) {
    const Byte *const begin = p;
    p = skip_nuls(p);
    if (out_.holes++ == 0) out_.first_hole = static_cast<std::size_t>(begin - block_);
    out_.nuls += static_cast<std::size_t>(p - begin);
    return p;
  }

  // The first byte that is no NUL: at the latest the newline that every block ends with.
  static const Byte *skip_nuls(const Byte *p) {
    while (*p == 0) ++p;
    return p;
  }

 private:
  // Whether a record is the word null, whatever white space is around it.
  static bool is_null(const Byte *begin, const Byte *next) {
    const auto is_space = [](Byte c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (begin < next && is_space(*begin)) ++begin;
    while (begin < next && is_space(next[-1])) --next;
    return next - begin == 4 && std::memcmp(begin, "null", 4) == 0;
  }

  std::uint32_t offset(const Byte *p) const { return static_cast<std::uint32_t>(std::min(p, end_) - block_); }

  static std::uint32_t characters(const Byte *begin, const Byte *end) {
    std::uint32_t n = 0;
    for (; begin < end; ++begin) n += (*begin & 0xC0) != 0x80;
    return n;
  }

  // Begins the columns of fields that the next row is the first to have. Plans ask for many that may be there, such as all
  // usual names of a time, so looking for them must cost little.
  template <typename CellOf>
  void meet(CellOf &cell) {
    bool is_new = false;
    for (const std::size_t f : unseen_) is_new |= cell(f) != nullptr;
    if (!is_new) [[likely]] return;
    std::erase_if(unseen_, [&](std::size_t f) { return cell(f) && begin_column(f); });
  }
  bool begin_column(std::size_t field);

  // Bytes of the block, or of the arena; see kInArena.
  struct Stretch {
    std::uint32_t begin, end;
  };

  // A format may have one cell for all fields, so that each is copied.
  template <typename CellOf>
  Found found(CellOf &cell, std::size_t field) {
    const Cell *value = cell(field);
    if (value) value = &(record_[field] = *value);
    if constexpr (requires { cell.taken(field); })
      return {value, cell.taken(field)};
    else
      return {value, value ? static_cast<std::uint32_t>(fields_[field].path.size()) + 1 : 0};
  }

  // Notes the object that a record is, and returns its number.
  template <typename CellOf>
  [[gnu::noinline]] std::uint32_t record_object(const Byte *begin, const Byte *next, CellOf &cell) {
    const Elements elements = inside_ ? inside_->layers().front().elements : Elements{};
    if constexpr (requires { cell.write(object_); }) {
      object_.restart(elements);
      cell.write(object_);
      return composed(WrittenObject::kNone);
    } else {
      return object(begin, std::min(next, end_), elements, WrittenObject::kNone);
    }
  }

  // The same for any object, which stands in another, and for the one that was composed last.
  std::uint32_t object(const Byte *begin, const Byte *end, Elements elements, std::uint32_t around);
  std::uint32_t composed(std::uint32_t around);
  std::uint32_t noted(const WrittenObject &object);
  std::uint32_t part_object(Stretch bytes);

  void parts(const Byte *begin, const Byte *next, std::size_t lines);
  void part_row(Stretch bytes, Stretch record);
  void bad_part(const Byte *record, Stretch bytes, Fault fault);
  Stretch stretch(const Byte *begin, const Byte *end);
  void reserve();

  const Byte *block_;
  std::size_t size_, capacity_ = 0;
  std::vector<std::size_t> seen_, unseen_;  // fields that a row has had, and the others
  const Byte *begin_, *end_;
  Decoded &out_;
  RowWriter rows_;
  std::unique_ptr<Inside> inside_;  // null: a record is an event
  bool takes_nulls_;
  std::span<const FieldSpec> fields_;
  std::vector<Cell> record_;  // of the record
  std::vector<Found> found_, written_;  // of the record, and of the row before
  bool has_elements_ = false;
  ObjectWriter object_;
  std::span<const std::string> columns_;
  bool has_heading_ = false;  // whether these names are the last heading of the block: those of no row are not kept
  std::vector<std::pair<std::uint64_t, std::uint32_t>> layers_;  // those of the part before: their readings and their objects
};

}  // namespace streamstat
