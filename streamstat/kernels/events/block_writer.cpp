#include "events/block_writer.hpp"

#include <numeric>
#include <utility>

namespace streamstat {

BlockWriter::BlockWriter(std::span<Byte> block, std::size_t begin, std::span<const FieldSpec> fields,
                         const TimeReader &times, Decoded &out)
    : block_(block.data()), size_(block.size() - begin), out_(out), rows_(block.data(), times, out),
      inside_(Inside::of(fields)), takes_nulls_(wants(fields, kNulls)), fields_(fields) {
  if (block.size() < begin + kPadding) throw std::invalid_argument("block: less than 64 bytes of padding");
  if (block.size() >= kInArena) throw std::invalid_argument("block: 2 GiB or more");
  begin_ = block_ + begin;
  Byte *const end = block.data() + block.size() - kPadding;
  *end = '\n';
  end_ = end;
  out.columns.resize(fields.size());
  unseen_.resize(fields.size());
  std::iota(unseen_.begin(), unseen_.end(), std::size_t{0});
  for (std::size_t f = 0; f < fields.size(); ++f) out.columns[f].needs = fields[f].needs;
  out.is_written = wants(fields, kWritten);
  if (!inside_) return;
  record_.resize(fields.size());
  found_.resize(fields.size());
  written_.resize(fields.size());
  has_elements_ = inside_->has_each();
  if (out.names_of != kNoRow) inside_->note_names();
}

void BlockWriter::parts(const Byte *begin, const Byte *next, std::size_t lines) {
  std::size_t given = 0;
  for (Part part; inside_->next(part); ++given, ++out_.records) {
    const Stretch bytes = part.begin ? stretch(part.begin, part.end) : Stretch{offset(begin), offset(next)};
    if (part.fault == Fault::none)
      part_row(bytes, {offset(begin), offset(next)});
    else
      bad_part(begin, bytes, part.fault);
  }
  if (!given) ++out_.records, ++out_.blank;
  out_.has_array |= inside_->has_array();
  if (!given && !inside_->has_array() && !std::exchange(out_.lacks_array, true)) {
    out_.lacking_begin = offset(begin);
    out_.lacking_end = offset(next);
  }
  out_.lines += lines;
}

void BlockWriter::bad_part(const Byte *record, Stretch bytes, Fault fault) {
  const Byte *const where = bytes.begin & kInArena ? record : block_ + bytes.begin;
  const Byte *line = where;
  while (line > record && line[-1] != '\n') --line;
  const auto before = out_.lines + static_cast<std::size_t>(std::count(record, where, '\n'));
  out_.bad.push_back({static_cast<std::uint32_t>(before), characters(line, where) + 1, bytes.begin, bytes.end, offset(record), fault});
}

void BlockWriter::part_row(Stretch bytes, Stretch record) {
  if (out_.rows == capacity_) reserve();
  const auto cell = [&](std::size_t f) { return inside_->found(f).cell; };
  meet(cell);
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const Found &found = inside_->found(f);
    // A value of what is around many elements is read, hashed and kept once.
    if (out_.rows && found.cell == written_[f].cell && found.reading == written_[f].reading)
      rows_.again(out_.columns[f]);
    else if (out_.columns[f].seen)
      rows_.cell(out_.columns[f], found.cell);
    written_[f] = found;
  }
  if (out_.is_written) out_.row_objects.push_back(part_object(bytes));
  if (out_.rows == out_.names_of) out_.names = inside_->names();
  out_.row_begins[out_.rows] = bytes.begin;
  out_.row_ends[out_.rows] = bytes.end;
  if (has_elements_) out_.record_begins[out_.rows] = record.begin, out_.record_ends[out_.rows] = record.end;
  ++out_.rows;
}

// The innermost object of a part, with those around it that were not there for the part before.
std::uint32_t BlockWriter::part_object(Stretch bytes) {
  const std::vector<Layer> &layers = inside_->layers();
  layers_.resize(std::min(layers_.size(), layers.size()));
  for (std::size_t i = 1; i < layers.size(); ++i) {
    const auto &[begin, end, elements, reading] = layers[i];
    if (i < layers_.size() && layers_[i].first == reading) continue;
    layers_.resize(i);
    layers_.emplace_back(reading, object(begin, end, elements, layers_.back().second));
  }
  return has_elements_ ? noted({bytes.begin, bytes.end, layers_.back().second}) : layers_.back().second;
}

std::uint32_t BlockWriter::object(const Byte *begin, const Byte *end, Elements elements, std::uint32_t around) {
  if (!elements.begin) {
    const Stretch bytes = stretch(begin, end);
    return noted({bytes.begin, bytes.end, around});
  }
  object_.restart(elements);
  object_.fields_of(begin, end);
  return composed(around);
}

std::uint32_t BlockWriter::composed(std::uint32_t around) {
  const std::string_view text = object_.finished();
  const auto *const begin = reinterpret_cast<const Byte *>(text.data());
  const Stretch bytes = stretch(begin, begin + text.size());
  if (!object_.has_columns()) return noted({bytes.begin, bytes.end, around});
  if (!std::exchange(has_heading_, true)) out_.headings.emplace_back(columns_.begin(), columns_.end());
  return noted({bytes.begin, bytes.end, around, static_cast<std::uint32_t>(out_.headings.size() - 1)});
}

std::uint32_t BlockWriter::noted(const WrittenObject &object) {
  out_.objects.push_back(object);
  return static_cast<std::uint32_t>(out_.objects.size() - 1);
}

BlockWriter::Stretch BlockWriter::stretch(const Byte *begin, const Byte *end) {
  if (!std::less<>{}(begin, block_) && !std::less<>{}(end_, end)) return {offset(begin), offset(end)};
  const auto size = static_cast<std::size_t>(end - begin);
  const std::uint32_t start = arena_start(out_.arena, size);
  std::memcpy(out_.arena.grow(size), begin, size);
  out_.arena.advance(size);
  return {start, static_cast<std::uint32_t>(start + size)};
}

bool BlockWriter::begin_column(std::size_t field) {
  FieldColumn &column = out_.columns[field];
  column.reserve(capacity_);
  column.fill_absent(out_.rows);
  seen_.push_back(field);
  return column.seen = true;
}

void BlockWriter::reserve() {
  capacity_ = capacity_ ? capacity_ * 2 : size_ / 256 + 64;
  for (FieldColumn &column : out_.columns)
    if (column.seen) column.reserve(capacity_);
  out_.row_begins.reserve(capacity_);
  out_.row_ends.reserve(capacity_);
  if (has_elements_) out_.record_begins.reserve(capacity_), out_.record_ends.reserve(capacity_);
}

}  // namespace streamstat
