#include "delimited/delimited_decoder.hpp"

#include "events/block_writer.hpp"

#include <new>

namespace streamstat {

using Piece = RecordReader::Piece;

namespace {

// What a BlockWriter is given of the present record, which has as many cells as there are columns.
struct RowCells {
  const RecordReader &reader;
  std::span<const std::size_t> columns;
  Cell &cell;

  const Cell *operator()(std::size_t field) const {
    if (columns[field] == kNoColumn) return nullptr;
    return remade(cell, [&] { return reader.cell(columns[field]); });
  }

  void write(ObjectWriter &object) const {
    for (std::size_t column = 0; column < reader.width(); ++column)
      object.column(*remade(cell, [&] { return reader.cell(column); }));
  }
};

}  // namespace

void DelimitedDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  std::optional<ColumnNames> names = names_;
  std::vector<std::size_t> columns = columns_;
  if (names) writer.columns(*names);
  RecordReader reader(writer.begin(), writer.end(), dialect_, names ? names->size() : kMostColumns);
  Cell cell;
  const auto bad = [&] { writer.bad(reader.begin(), reader.behind(), reader.failure, reader.lines()); };
  for (Piece found; (found = reader.next()) != Piece::end;) {
    if (found == Piece::hole) {
      writer.hole(reader.begin());
    } else if (found == Piece::blank) {
      writer.blank();
    } else if (found == Piece::bad) {
      bad();
    } else if (!names) {
      if ((names = reader.names())) {
        columns = columns_of(specs_, *names);
        writer.columns(*names);
        writer.heading(reader.lines());
      } else {
        bad();
      }
    } else if (reader.is_valid(names->size())) {
      writer.row(reader.begin(), reader.behind(), RowCells{reader, columns, cell}, reader.lines());
    } else {
      bad();
    }
  }
}

std::vector<std::string> DelimitedDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  std::optional<ColumnNames> names = names_;
  RecordReader reader(writer.begin(), writer.end(), dialect_, kMostColumns);
  for (Piece found; (found = reader.next()) != Piece::end;) {
    if (found != Piece::record) continue;
    if (!names)
      names = reader.names();
    else if (reader.is_valid(names->size()))
      return different(*names);
  }
  return {};
}

std::optional<ColumnNames> DelimitedDecoder::heading(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  RecordReader reader(writer.begin(), writer.end(), dialect_, kMostColumns);
  for (Piece found; (found = reader.next()) != Piece::end;)
    if (found == Piece::record)
      if (auto names = reader.names()) return names;
  return std::nullopt;
}

std::vector<std::size_t> DelimitedDecoder::widths(std::span<Byte> block, std::size_t begin, std::size_t most) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  std::vector<std::size_t> widths;
  RecordReader reader(writer.begin(), writer.end(), dialect_, 0);
  for (Piece found; widths.size() < most && (found = reader.next()) != Piece::end;)
    if (found == Piece::record || found == Piece::bad) widths.push_back(found == Piece::record ? reader.width() : 0);
  return widths;
}

}  // namespace streamstat
