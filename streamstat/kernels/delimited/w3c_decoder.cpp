#include "delimited/w3c_decoder.hpp"

#include "delimited/w3c_reader.hpp"
#include "events/block_writer.hpp"

namespace streamstat {

using Piece = W3cReader::Piece;

namespace {

Byte *copied(const Byte *begin, const Byte *end, Byte *out) { return std::copy(begin, end, out); }

// The cells of the fields by the names that hold at present.
class W3cRow {
 public:
  W3cRow(std::span<const FieldSpec> fields, const W3cReader &reader) : fields_(fields), reader_(reader) { rename(); }

  // The names are others from now on.
  void rename() {
    columns_ = columns_of(fields_, reader_.names());
    date_ = column_named(reader_.names(), "date");
    time_ = column_named(reader_.names(), "time");
  }

  const Cell *cell(std::size_t field) { return columns_[field] == kNoColumn ? nullptr : column_cell(columns_[field]); }

  void write(ObjectWriter &object) {
    for (std::size_t column = 0; column < reader_.names().size(); ++column)
      object.column(*column_cell(column));
  }

 private:
  const Cell *column_cell(std::size_t column) {
    remade(cell_, [&] { return reader_.cell(column); });
    if (column == time_ && date_ != kNoColumn) join();
    return &cell_;
  }

  // `date` and `time` together are a time, which is UTC. Where either is missing they stay what they are.
  void join() {
    const Cell date = reader_.cell(date_);
    if (date.kind == kind::null || cell_.kind == kind::null) return;
    joined_.assign(date.begin, date.end);
    joined_.push_back(' ');
    joined_.insert(joined_.end(), cell_.begin, cell_.end);
    joined_.push_back('Z');
    cell_ = text_cell(joined_.data(), joined_.data() + joined_.size());
    cell_.unescape = copied;
  }

  std::span<const FieldSpec> fields_;
  const W3cReader &reader_;
  std::vector<std::size_t> columns_;
  std::size_t date_ = kNoColumn, time_ = kNoColumn;
  Cell cell_{};
  std::vector<Byte> joined_;
};

// What a BlockWriter is given of a row.
struct RowCells {
  W3cRow &row;
  const Cell *operator()(std::size_t field) const { return row.cell(field); }
  void write(ObjectWriter &object) const { row.write(object); }
};

// Whether a line begins at p, in lines that begin at `begin`. NULs in front of a line are no part of it.
bool begins_line(const Byte *p, const Byte *begin) {
  while (p > begin && p[-1] == 0) --p;
  return p == begin || p[-1] == '\n';
}

}  // namespace

std::optional<ColumnNames> w3c_names(const Byte *begin, const Byte *end) {
  static constexpr std::string_view directive = "#Fields:";
  if (static_cast<std::size_t>(end - begin) < directive.size() || std::memcmp(begin, directive.data(), directive.size()) != 0)
    return std::nullopt;
  const auto is_space = [](Byte c) { return c == ' ' || c == '\t' || c == '\r'; };
  ColumnNames names;
  for (const Byte *p = begin + directive.size(); names.size() < kMostColumns;) {
    p = std::find_if_not(p, end, is_space);
    if (p == end) break;
    const Byte *const behind = std::find_if(p, end, is_space);
    names.push_back(name_of(text_cell(p, behind)));
    p = behind;
  }
  return names;
}

void W3cDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  W3cReader reader(writer.begin(), writer.end(), names_);
  W3cRow row(specs_, reader);
  writer.columns(names_);
  for (Piece found; (found = reader.next()) != Piece::end;) {
    if (found == Piece::hole) {
      writer.hole(reader.begin());
    } else if (found == Piece::blank) {
      writer.blank();
    } else if (found == Piece::comment || found == Piece::names) {
      writer.heading(1);
      if (found == Piece::names) {
        row.rename();
        writer.columns(reader.names());
      }
    } else if (reader.is_valid()) {
      writer.row(reader.begin(), reader.behind(), RowCells{row});
    } else {
      writer.bad(reader.begin(), reader.behind(), reader.failure);
    }
  }
}

std::vector<std::string> W3cDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  W3cReader reader(writer.begin(), writer.end(), names_);
  for (Piece found; (found = reader.next()) != Piece::end;)
    if (found == Piece::record && reader.is_valid()) return different(reader.names());
  return {};
}

std::optional<ColumnNames> last_w3c_names(std::span<const Byte> lines) {
  const Byte *const begin = lines.data(), *const end = begin + lines.size();
  std::optional<ColumnNames> last;
  for (const Byte *p = begin; p < end; ++p) {
    p = static_cast<const Byte *>(std::memchr(p, '#', static_cast<std::size_t>(end - p)));
    if (!p) break;
    if (!begins_line(p, begin)) continue;
    const void *const newline = std::memchr(p, '\n', static_cast<std::size_t>(end - p));
    if (auto names = w3c_names(p, newline ? static_cast<const Byte *>(newline) : end)) last = std::move(names);
  }
  return last;
}

}  // namespace streamstat
