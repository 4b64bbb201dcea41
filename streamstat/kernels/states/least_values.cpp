#include "states/least_values.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace streamstat {

namespace {

constexpr std::uint8_t kVersion = 1;

constexpr auto kBefore = [](const auto *a, const auto *b) { return is_before(a->sized(), b->sized()); };

}  // namespace

// Rounding keeps order, so numbers with different doubles stand as those do.
double nearest_double(std::uint8_t kind, std::int64_t number, std::string_view spelling) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (kind == kind::integer) return static_cast<double>(number);
  if (kind == kind::huge) return spelling.starts_with('-') ? -infinity : infinity;
  const double real = kind == kind::real ? std::bit_cast<double>(number) : 0;
  return std::isnan(real) ? 0 : real;
}

bool is_before(const SizedValue &a, const SizedValue &b) {
  if (a.value.rank != b.value.rank) return a.value.rank < b.value.rank;
  if (a.nearest != b.nearest) return a.nearest < b.nearest;
  return a.value != b.value && top::compare(a.value, b.value) < 0;
}

// Most values are among those kept, or beyond all of them: neither changes anything.
void LeastValues::add(const SizedValue &sized, std::size_t n) {
  const bool is_full = heap_.size() == n;
  if (is_full && !is_before(sized, heap_.front()->sized())) return;
  if (entries_.find(sized.value) != entries_.end()) return;
  if (is_full) drop_greatest();
  insert({sized.value.rank, sized.nearest, std::string(sized.value.spelling)});
}

void LeastValues::insert(Entry &&entry) {
  heap_.push_back(&*entries_.insert(std::move(entry)).first);
  std::ranges::push_heap(heap_, kBefore);
}

void LeastValues::drop_greatest() {
  std::ranges::pop_heap(heap_, kBefore);
  entries_.erase(entries_.find(heap_.back()->value()));
  heap_.pop_back();
}

std::vector<const LeastValues::Entry *> LeastValues::in_order() const {
  std::vector<const Entry *> ordered = heap_;
  std::ranges::sort(ordered, kBefore);
  return ordered;
}

void LeastValues::absorb(const LeastValues &other, std::size_t n) {
  for (const Entry &theirs : other.entries_) add(theirs.sized(), n);
}

void LeastValues::append_results(Bytes &json) const {
  for (char before = '['; const Entry *entry : in_order()) {
    json.push_back(static_cast<std::uint8_t>(before));
    top::append_json(json, entry->value());
    before = ',';
  }
  json.push_back(']');
}

void LeastValues::write(Bytes &bytes) const {
  write_value(bytes, static_cast<std::uint64_t>(entries_.size()));
  for (const Entry *entry : in_order()) {
    write_value(bytes, entry->rank);
    write_value(bytes, entry->nearest);
    write_text(bytes, entry->spelling);
  }
}

LeastValues LeastValues::read(Reader &reader, std::size_t n) {
  LeastValues result;
  const std::size_t count = reader.read_count(17);
  Reader::require(count > 0 && count <= n);
  for (std::size_t i = 0; i < count; ++i) {
    const auto rank = static_cast<top::Rank>(reader.read<std::uint8_t>());
    const auto nearest = reader.read<double>();
    Entry entry{rank, nearest, std::string(reader.read_text())};
    const bool is_spelt = rank == top::text || entry.spelling.empty() == (rank == top::no || rank == top::yes);
    Reader::require(rank <= top::json && is_spelt && !std::isnan(nearest) && (rank == top::number || nearest == 0));
    Reader::require(result.heap_.empty() || is_before(result.heap_.front()->sized(), entry.sized()));
    Reader::require(result.entries_.find(entry.value()) == result.entries_.end());
    result.insert(std::move(entry));
  }
  return result;
}

LeastStates::LeastStates(std::int64_t n) {
  if (n < 1 || n > 100'000'000) throw std::invalid_argument("n: " + std::to_string(n) + " is not in 1..100000000");
  n_ = static_cast<std::size_t>(n);
}

void LeastStates::require_same_parameters(const LeastStates &other) const {
  if (n_ != other.n_) throw std::invalid_argument("other: n differs");
}

void LeastStates::update(const NumberRows &rows, const TextColumn &texts) {
  rows.require_valid(size());
  const auto [slots, kinds, numbers] = rows;
  top::require_spelt(slots, kinds, texts);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0 || kinds[i] == kind::null) continue;
    std::unique_ptr<LeastValues> &values = slots_[static_cast<std::size_t>(slots[i])];
    if (!values) values = std::make_unique<LeastValues>();
    const std::string_view text = texts[i];
    values->add({top::value_of(kinds[i], text), nearest_double(kinds[i], numbers[i], text)}, n_);
  }
}

void LeastStates::absorb_slot(std::size_t into, const LeastStates &other, std::size_t source) {
  const std::unique_ptr<LeastValues> &theirs = other.slots_[source];
  std::unique_ptr<LeastValues> &mine = slots_[into];
  if (!theirs || mine == theirs) return;
  if (!mine) mine = std::make_unique<LeastValues>();
  mine->absorb(*theirs, n_);
}

ByteStrings LeastStates::results(Slots slots) const {
  require_slots_exist(slots, size());
  ByteStrings result;
  for (const std::int32_t slot : slots) {
    const std::unique_ptr<LeastValues> &values = slots_[static_cast<std::size_t>(slot)];
    if (values)
      values->append_results(result.data);
    else
      result.data.insert(result.data.end(), {'[', ']'});
    result.end_string();
  }
  return result;
}

void LeastStates::write_slot(std::size_t slot, Bytes &bytes) const {
  write_value(bytes, kVersion);
  write_value(bytes, static_cast<std::uint64_t>(n_));
  write_value(bytes, static_cast<std::uint8_t>(slots_[slot] != nullptr));
  if (slots_[slot]) slots_[slot]->write(bytes);
}

std::unique_ptr<LeastValues> LeastStates::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  Reader::require(reader.read<std::uint64_t>() == n_);
  if (!reader.read_flag()) return nullptr;
  return std::make_unique<LeastValues>(LeastValues::read(reader, n_));
}

}  // namespace streamstat
