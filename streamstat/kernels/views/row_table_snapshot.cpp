// Rows as bytes and back.
#include "views/row_table.hpp"

#include <cstring>

namespace streamstat {

Bytes RowTable::snapshot() const {
  Bytes bytes = tagged("RowTable");
  write_value(bytes, std::uint8_t{1});
  write_value(bytes, static_cast<std::uint8_t>(collects_names_));
  write_value(bytes, static_cast<std::uint8_t>(is_truncated_));
  write_value(bytes, static_cast<std::uint64_t>(slots_.size()));
  for (const Slot &slot : slots_) {
    write_value(bytes, slot.flags);
    write_value(bytes, slot.time);
    write_value(bytes, slot.space);
    write_value(bytes, slot.position_size);
    write_value(bytes, slot.row_size);
  }
  for (const Slot &slot : slots_)
    for (const std::string_view part : {position(slot), row(slot)}) write_bytes(bytes, part.data(), part.size());
  write_value(bytes, static_cast<std::uint64_t>(truncates_.all().size()));
  for (const auto &[space, position] : truncates_.all()) {
    write_value(bytes, space);
    write_text(bytes, position);
  }
  write_value(bytes, static_cast<std::uint64_t>(elsewhere_.all().size()));
  for (const auto &[place, position] : elsewhere_.all()) {
    write_value(bytes, place.first);
    write_value(bytes, place.second);
    write_text(bytes, position);
  }
  for (const ColumnNames *const names : {&names_, &kept_}) {
    write_value(bytes, static_cast<std::uint64_t>(names->size()));
    for (const std::string &name : names->all()) write_text(bytes, name);
  }
  return bytes;
}

void RowTable::restore(ByteSpan snapshot) {
  constexpr std::size_t kSlotSize = 1 + 8 + 4 + 2 + 4;
  Reader reader(snapshot, "RowTable");
  reader.require_version(1);
  Reader::require(reader.read_flag() == collects_names_);
  RowTable fresh(collects_names_);
  fresh.is_truncated_ = reader.read_flag();
  fresh.slots_.resize(reader.read_count(kSlotSize));
  Reader::require(fresh.slots_.size() <= 0x7FFFFFFF);
  for (Slot &slot : fresh.slots_) {
    slot.flags = reader.read<std::uint8_t>();
    slot.time = reader.read<std::int64_t>();
    slot.space = reader.read<std::int32_t>();
    slot.position_size = reader.read<std::uint16_t>();
    slot.row_size = reader.read<std::uint32_t>();
    const bool has_row = slot.has(kHasRow);
    Reader::require(slot.flags <= (kHasRow | kStreamed | kPartial) && slot.space >= -1);
    Reader::require(has_row == (slot.row_size > 0) && (has_row || !slot.has(kPartial)));
    Reader::require(slot.space >= 0 || slot.position_size == 0);
  }
  for (Slot &slot : fresh.slots_) {
    const ByteSpan position = reader.read_bytes(slot.position_size), row = reader.read_bytes(slot.row_size);
    slot.begin = fresh.arena_.size();
    std::uint8_t *const out = fresh.arena_.grow(slot.size());
    if (!position.empty()) std::memcpy(slot.before_row() ? out : slot.short_position, position.data(), position.size());
    if (!row.empty()) std::memcpy(out + slot.before_row(), row.data(), row.size());
    fresh.arena_.advance(slot.size());
    const std::string_view text = fresh.row(slot);
    const auto nothing = [](std::string_view, std::string_view) {};
    Reader::require(!slot.has(kHasRow) || (text.find('\n') == text.npos && each_member(text, nothing)));
  }
  for (std::size_t n = reader.read_count(12); n; --n) {
    const auto space = reader.read<std::int32_t>();
    Reader::require(space >= 0);
    fresh.truncates_.put(space, reader.read_text());
  }
  for (std::size_t n = reader.read_count(16); n; --n) {
    const auto slot = reader.read<std::int32_t>(), space = reader.read<std::int32_t>();
    Reader::require(slot >= 0 && space >= 0 && static_cast<std::size_t>(slot) < fresh.slots_.size());
    fresh.elsewhere_.put({slot, space}, reader.read_text());
  }
  for (ColumnNames *const names : {&fresh.names_, &fresh.kept_})
    for (std::size_t n = reader.read_count(8); n; --n) Reader::require(names->add(std::string(reader.read_text())));
  reader.require_end();
  *this = std::move(fresh);
}

}  // namespace streamstat
