// Sessions as bytes and back.
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "base/state_bytes.hpp"
#include "windows/sessions.hpp"

namespace streamstat {

namespace {

constexpr char TAG[] = "sessions 2\n";

}  // namespace

std::string Sessions::snapshot() const {
  const auto slots = live();
  const Found all = at(slots);
  std::vector<std::uint8_t> fired;
  fired.reserve(slots.size());
  for (const std::int32_t slot : slots) fired.push_back(session(slot).fired);
  StateWriter writer(TAG);
  writer.value(gap_);
  writer.value(lateness_);
  writer.value(watermark_);
  writer.value<std::uint64_t>(owing_);
  writer.value<std::uint64_t>(capacity());
  writer.column(free_.words());
  writer.column(all.keys);
  writer.column(all.firsts);
  writer.column(all.lasts);
  writer.column(fired);
  return std::move(writer).take();
}

void Sessions::restore(std::span<const char> bytes) {
  StateReader reader(bytes, TAG);
  const auto gap = reader.value<std::int64_t>(), lateness = reader.value<std::int64_t>();
  if (gap != gap_ || lateness != lateness_) throw std::invalid_argument("snapshot: of another gap or lateness");
  Sessions restored(gap_, lateness_, stop_at_firing_);
  restored.move(reader.value<std::int64_t>());
  const auto owing = reader.value<std::uint64_t>();
  const auto capacity = reader.value<std::uint64_t>();
  const auto free = reader.column<std::uint64_t>();
  const auto keys = reader.column<std::int32_t>();
  const auto firsts = reader.column<std::int64_t>(), lasts = reader.column<std::int64_t>();
  const auto fired = reader.column<std::uint8_t>();
  reader.end();
  if (capacity > SessionOrder::MAX_SLOTS || free.size() != (capacity + 63) / 64 || firsts.size() != keys.size() ||
      lasts.size() != keys.size() || fired.size() != keys.size())
    throw std::invalid_argument("snapshot: columns of wrong length");
  restored.owing_ = owing != 0;
  restored.free_.make_room(capacity);
  restored.order_.sessions.resize(capacity);
  std::size_t next = 0;
  for (std::size_t slot = 0; slot < capacity; ++slot) {
    if (free[slot / 64] >> (slot % 64) & 1) {
      restored.free_.add(slot);
      continue;
    }
    if (next == keys.size()) throw std::invalid_argument("snapshot: fewer sessions than slots in use");
    if (firsts[next] > lasts[next] || fired[next] > 1)
      throw std::invalid_argument("snapshot: a session that cannot be");
    restored.order_.sessions[slot] = {firsts[next], lasts[next], keys[next], SessionOrder::NONE, fired[next]};
    restored.restore_session(static_cast<std::int32_t>(slot));
    ++next;
  }
  if (next != keys.size()) throw std::invalid_argument("snapshot: more sessions than slots in use");
  *this = std::move(restored);
}

// Finds its place among those of its key, and its alarm.
void Sessions::restore_session(std::int32_t slot) {
  const Session &restored = session(slot);
  const auto apart = [this](std::int32_t older, std::int32_t newer) {
    if (older == SessionOrder::NONE || newer == SessionOrder::NONE) return true;
    const Session &lower = session(older), &upper = session(newer);
    if (lower.last < open_from_) return lower.last < upper.last;
    return lower.last < upper.first && !within_gap(lower.last, upper.first);
  };
  const std::size_t entry = order_.find(restored.key);
  if (order_.newest(entry) == SessionOrder::NONE) {
    order_.link_first(slot);
  } else {
    const auto around = order_.around(entry, restored.last);
    if (!apart(around.older, slot) || !apart(slot, around.newer))
      throw std::invalid_argument("snapshot: two sessions that should be one");
    order_.link(entry, around, slot);
  }
  ++size_;
  if (restored.fired)
    closing_.push(closes_at(restored), slot);
  else
    firing_.push(fires_at(restored), slot);
}

}  // namespace streamstat
