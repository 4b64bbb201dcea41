#include "retracting/picks.hpp"

#include <limits>
#include <stdexcept>
#include <tuple>

namespace streamstat::retracting {

bool RowPlace::operator<(const RowPlace &other) const {
  if (by != other.by) return is_less(by, other.by);
  if (time != other.time) return time < other.time;
  if (const int order = tie.compare(other.tie)) return order < 0;
  return std::tie(kind, number, text) < std::tie(other.kind, other.number, other.text);
}

void PlacedRows::remove(RowPlace &&row) {
  const auto place = rows.find(row);
  if (place == rows.end()) throw std::invalid_argument("retract: a row that is not there");
  if (--place->second == 0) rows.erase(place);
}

void PlacedRows::write(Bytes &bytes) const {
  write_value(bytes, static_cast<std::uint64_t>(rows.size()));
  for (const auto &[row, count] : rows) {
    write_value(bytes, static_cast<std::uint8_t>(row.by.is_real));
    write_value(bytes, row.by.bits);
    write_value(bytes, row.time);
    write_text(bytes, row.tie);
    write_value(bytes, row.kind);
    write_value(bytes, row.number);
    write_text(bytes, row.text);
    write_value(bytes, count);
  }
}

PlacedRows PlacedRows::read(Reader &reader) {
  PlacedRows read;
  const std::size_t n = reader.read_count(50);
  for (std::size_t i = 0; i < n; ++i) {
    RowPlace row;
    row.by.is_real = reader.read_flag();
    row.by.bits = reader.read<std::int64_t>();
    if (row.by.is_real) Reader::require(ranking_number(kind::real, row.by.bits) == row.by);
    row.time = reader.read<std::int64_t>();
    row.tie = reader.read_text();
    row.kind = reader.read<std::uint8_t>();
    row.number = reader.read<std::int64_t>();
    row.text = reader.read_text();
    const auto count = reader.read<std::uint64_t>();
    Reader::require(row.kind != kind::null && row.kind <= kind::huge && count > 0);
    Reader::require(read.rows.empty() || read.rows.rbegin()->first < row);
    read.rows.emplace_hint(read.rows.end(), std::move(row), count);
  }
  return read;
}

template <auto change>
void RowPicks::apply(const Rows &rows) {
  rows.values().require_valid(size());
  require_size(rows.size(), rows.times.size(), "times");
  const TextColumn texts = rows.texts.column(rows.size()), ties = rows.ties.column(rows.size());
  const bool is_ranked = !rows.by_kinds.empty();
  if (is_ranked) require_size(rows.size(), rows.by_numbers.size(), "by_numbers");
  for_each(rows, [&](PlacedRows &slot, std::size_t i) {
    if (rows.kinds[i] == kind::null) return;
    auto by = is_ranked ? ranking_number(rows.by_kinds[i], rows.by_numbers[i]) : RankingNumber{};
    if (!by) return;
    const bool is_text = rows.kinds[i] >= kind::text || !texts[i].empty();
    (slot.*change)({*by, rows.times[i], std::string(ties[i]), rows.kinds[i], rows.numbers[i],
                    is_text ? std::string(texts[i]) : std::string()});
  });
}

void RowPicks::add(const Rows &rows) { apply<&PlacedRows::add>(rows); }
void RowPicks::remove(const Rows &rows) { apply<&PlacedRows::remove>(rows); }

const RowPlace &RowPicks::picked(const PlacedRows &placed) const {
  if (!greatest_) return last_ ? placed.rows.rbegin()->first : placed.rows.begin()->first;
  RowPlace least;
  least.by = placed.rows.rbegin()->first.by;
  least.time = std::numeric_limits<std::int64_t>::min();
  least.kind = 0;
  least.number = std::numeric_limits<std::int64_t>::min();
  return placed.rows.lower_bound(least)->first;
}

PickedValues RowPicks::values(Slots slots) const {
  require_slots_exist(slots, size());
  PickedValues result;
  for (const std::int32_t slot : slots) {
    const PlacedRows &placed = slots_[static_cast<std::size_t>(slot)];
    if (placed.rows.empty()) {
      result.numbers.push_null();
    } else {
      const RowPlace &row = picked(placed);
      result.numbers.push(row.kind, row.number);
      result.texts.data.insert(result.texts.data.end(), row.text.begin(), row.text.end());
    }
    result.texts.end_string();
  }
  return result;
}

}  // namespace streamstat::retracting
