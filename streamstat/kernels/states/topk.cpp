#include "states/topk.hpp"

#include <algorithm>
#include <utility>

namespace streamstat {

namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

TopStates::TopStates(std::int64_t k) {
  if (k < 1 || k > 100'000'000) throw std::invalid_argument("k: " + std::to_string(k) + " is not in 1..100000000");
  k_ = static_cast<std::size_t>(k);
  capacity_ = std::max<std::size_t>(1024, 20 * k_);
}

void TopStates::require_same_parameters(const TopStates &other) const {
  if (k_ != other.k_) throw std::invalid_argument("other: k differs");
}

void TopStates::update(Slots slots, std::span<const std::uint8_t> kinds, const TextColumn &texts) {
  require_size(slots.size(), kinds.size(), "kinds");
  require_kinds(kinds);
  require_slots_below(slots, size());
  top::require_spelt(slots, kinds, texts);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0 || kinds[i] == kind::null) continue;
    std::unique_ptr<TopCounters> &counters = slots_[static_cast<std::size_t>(slots[i])];
    if (!counters) counters = std::make_unique<TopCounters>();
    counters->add(top::value_of(kinds[i], texts[i]), capacity_);
  }
}

void TopStates::absorb_slot(std::size_t into, const TopStates &other, std::size_t source) {
  const std::unique_ptr<TopCounters> &theirs = other.slots_[source];
  std::unique_ptr<TopCounters> &mine = slots_[into];
  if (!theirs) return;
  if (!mine)
    mine = std::make_unique<TopCounters>(*theirs);
  else if (mine == theirs)
    mine->absorb(TopCounters(*theirs), capacity_);
  else
    mine->absorb(*theirs, capacity_);
}

ByteStrings TopStates::results(Slots slots) const {
  require_slots_exist(slots, size());
  ByteStrings result;
  for (const std::int32_t slot : slots) {
    const std::unique_ptr<TopCounters> &counters = slots_[static_cast<std::size_t>(slot)];
    if (counters)
      counters->append_results(k_, result.data);
    else
      result.data.insert(result.data.end(), {'[', ']'});
    result.end_string();
  }
  return result;
}

std::vector<std::uint8_t> TopStates::exact(Slots slots) const {
  require_slots_exist(slots, size());
  std::vector<std::uint8_t> result;
  result.reserve(slots.size());
  for (const std::int32_t slot : slots) {
    const std::unique_ptr<TopCounters> &counters = slots_[static_cast<std::size_t>(slot)];
    result.push_back(!counters || counters->is_exact());
  }
  return result;
}

void TopStates::write_slot(std::size_t slot, Bytes &bytes) const {
  write_value(bytes, kVersion);
  write_value(bytes, static_cast<std::uint64_t>(k_));
  write_value(bytes, static_cast<std::uint8_t>(slots_[slot] != nullptr));
  if (slots_[slot]) slots_[slot]->write(bytes);
}

std::unique_ptr<TopCounters> TopStates::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  Reader::require(reader.read<std::uint64_t>() == k_);
  if (!reader.read_flag()) return nullptr;
  return std::make_unique<TopCounters>(TopCounters::read(reader, capacity_));
}

}  // namespace streamstat
