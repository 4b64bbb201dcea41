#include "retracting/values.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "keys/ranking.hpp"

namespace streamstat::retracting {

namespace {

void append_result(const LeastOf &kept, std::size_t n, Bytes &json) {
  json.push_back('[');
  std::size_t told = 0;
  for (auto each = kept.values.begin(); each != kept.values.end() && told < n; ++each, ++told) {
    if (told) json.push_back(',');
    top::append_json(json, each->first.sized().value);
  }
  json.push_back(']');
}

void append_result(const MostOf &kept, std::size_t n, Bytes &json) {
  json.push_back('[');
  std::size_t told = 0;
  for (auto each = kept.ordered.begin(); each != kept.ordered.end() && told < n; ++each, ++told) {
    if (told) json.push_back(',');
    json.push_back('[');
    top::append_json(json, each->value->sized().value);
    json.push_back(',');
    top::append_json(json, each->count);
    for (const char c : {',', '0', ']'}) json.push_back(static_cast<std::uint8_t>(c));
  }
  json.push_back(']');
}

}  // namespace

void LeastOf::add(const SizedValue &value) {
  const auto place = values.lower_bound(value);
  if (place != values.end() && place->first.sized().value == value.value)
    ++place->second;
  else
    values.emplace_hint(place, WrittenValue{value.value.rank, value.nearest, std::string(value.value.spelling)}, 1);
}

void LeastOf::remove(const SizedValue &value) {
  const auto place = values.find(value);
  if (place == values.end()) throw std::invalid_argument("retract: a value that is not there");
  if (--place->second == 0) values.erase(place);
}

void LeastOf::write(Bytes &bytes) const {
  write_value(bytes, static_cast<std::uint64_t>(values.size()));
  for (const auto &[value, count] : values) {
    write_value(bytes, value.rank);
    write_value(bytes, value.nearest);
    write_text(bytes, value.spelling);
    write_value(bytes, count);
  }
}

LeastOf LeastOf::read(Reader &reader) {
  LeastOf read;
  std::uint64_t total = 0;
  const std::size_t n = reader.read_count(25);
  for (std::size_t i = 0; i < n; ++i) {
    const auto rank = static_cast<top::Rank>(reader.read<std::uint8_t>());
    const auto nearest = reader.read<double>();
    WrittenValue value{rank, nearest, std::string(reader.read_text())};
    const auto count = reader.read<std::uint64_t>();
    const bool is_spelt = rank == top::text || value.spelling.empty() == (rank == top::no || rank == top::yes);
    Reader::require(rank <= top::json && is_spelt && !std::isnan(nearest) && (rank == top::number || nearest == 0));
    Reader::require(count > 0 && !__builtin_add_overflow(total, count, &total));
    Reader::require(read.values.empty() || ValueOrder()(read.values.rbegin()->first, value));
    read.values.emplace_hint(read.values.end(), std::move(value), count);
  }
  return read;
}

void MostOf::add(const SizedValue &value) {
  const auto known = all.values.find(value);
  const std::uint64_t before = known == all.values.end() ? 0 : known->second;
  if (before) ordered.erase({before, &known->first});
  all.add(value);
  const auto now = all.values.find(value);
  ordered.insert({now->second, &now->first});
}

void MostOf::remove(const SizedValue &value) {
  const auto known = all.values.find(value);
  if (known == all.values.end()) throw std::invalid_argument("retract: a value that is not there");
  ordered.erase({known->second, &known->first});
  if (known->second > 1) ordered.insert({known->second - 1, &known->first});
  all.remove(value);
}

MostOf MostOf::read(Reader &reader) {
  MostOf read{LeastOf::read(reader), {}};
  for (const auto &[value, count] : read.all.values) read.ordered.insert({count, &value});
  return read;
}

namespace {

// The double next to a value, of its spelling where nobody has read it.
double nearest(const Rows &rows, std::size_t i, std::string_view text) {
  if (!rows.numbers.empty()) return nearest_double(rows.kinds[i], rows.numbers[i], text);
  if (ranking::class_of(rows.kinds[i]) != ranking::kNumber) return 0;
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  const std::uint64_t word = ranking::number_word(text);
  return std::bit_cast<double>(word & sign ? word ^ sign : ~word);
}

}  // namespace

template <typename Kept>
ValueTable<Kept>::ValueTable(std::int64_t n) : n_(static_cast<std::size_t>(n)) {
  if (n < 1 || n > 100'000'000) throw std::invalid_argument("n: " + std::to_string(n) + " is not in 1..100000000");
}

template <typename Kept>
template <auto change>
void ValueTable<Kept>::apply(const Rows &rows) {
  require_size(rows.size(), rows.kinds.size(), "kinds");
  require_kinds(rows.kinds);
  require_slots_below(rows.slots, this->size());
  const TextColumn texts = rows.texts.column(rows.size());
  top::require_spelt(rows.slots, rows.kinds, texts);
  this->for_each(rows, [&](Kept &slot, std::size_t i) {
    if (rows.kinds[i] == kind::null) return;
    const std::string_view text = texts[i];
    (slot.*change)({top::value_of(rows.kinds[i], text), nearest(rows, i, text)});
  });
}

template <typename Kept>
void ValueTable<Kept>::add(const Rows &rows) {
  apply<&Kept::add>(rows);
}

template <typename Kept>
void ValueTable<Kept>::remove(const Rows &rows) {
  apply<&Kept::remove>(rows);
}

template <typename Kept>
ByteStrings ValueTable<Kept>::results(Slots slots) const {
  require_slots_exist(slots, this->size());
  ByteStrings result;
  for (const std::int32_t slot : slots) {
    append_result(this->slots_[static_cast<std::size_t>(slot)], n_, result.data);
    result.end_string();
  }
  return result;
}

template class ValueTable<LeastOf>;
template class ValueTable<MostOf>;

}  // namespace streamstat::retracting
