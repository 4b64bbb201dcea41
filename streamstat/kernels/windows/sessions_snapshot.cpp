// Sessions as bytes and back.
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "base/state_bytes.hpp"
#include "windows/sessions.hpp"

namespace streamstat {

namespace {

constexpr char kTag[] = "sessions 2\n";

}  // namespace

Bytes Sessions::snapshot() const {
  const auto slots = live();
  const Found all = at(slots);
  std::vector<std::uint8_t> fired;
  fired.reserve(slots.size());
  for (const std::int32_t slot : slots) fired.push_back(session(slot).fired);
  Bytes bytes = tagged(kTag);
  write_value(bytes, gap_);
  write_value(bytes, lateness_);
  write_value(bytes, watermark_);
  write_value(bytes, static_cast<std::uint64_t>(owing_));
  write_value(bytes, static_cast<std::uint64_t>(capacity()));
  write_column(bytes, free_.words());
  write_column(bytes, all.keys);
  write_column(bytes, all.firsts);
  write_column(bytes, all.lasts);
  write_column(bytes, fired);
  return bytes;
}

void Sessions::restore(ByteSpan snapshot) {
  Reader reader(snapshot, kTag);
  const auto gap = reader.read<std::int64_t>(), lateness = reader.read<std::int64_t>();
  Reader::require(gap == gap_ && lateness == lateness_, "of another gap or lateness");
  Sessions restored(gap_, lateness_, stop_at_firing_, promises_, stop_at_each_);
  restored.move(reader.read<std::int64_t>());
  const auto owing = reader.read<std::uint64_t>();
  const auto capacity = reader.read<std::uint64_t>();
  const auto free = reader.read_column<std::uint64_t>();
  const auto keys = reader.read_column<std::int32_t>();
  const auto firsts = reader.read_column<std::int64_t>(), lasts = reader.read_column<std::int64_t>();
  const auto fired = reader.read_column<std::uint8_t>();
  reader.require_end();
  Reader::require(capacity <= SessionOrder::kMaxSlots && free.size() == (capacity + 63) / 64 &&
                      firsts.size() == keys.size() && lasts.size() == keys.size() && fired.size() == keys.size(),
                  "columns of wrong length");
  restored.owing_ = owing != 0;
  restored.free_.make_room(capacity);
  restored.order_.sessions.resize(capacity);
  std::size_t next = 0;
  for (std::size_t slot = 0; slot < capacity; ++slot) {
    if (free[slot / 64] >> (slot % 64) & 1) {
      restored.free_.add(slot);
      continue;
    }
    Reader::require(next < keys.size(), "fewer sessions than slots in use");
    Reader::require(firsts[next] <= lasts[next] && fired[next] <= 1, "a session that cannot be");
    restored.order_.sessions[slot] = {firsts[next], lasts[next], keys[next], SessionOrder::kNone, fired[next]};
    restored.restore_session(static_cast<std::int32_t>(slot));
    ++next;
  }
  Reader::require(next == keys.size(), "more sessions than slots in use");
  *this = std::move(restored);
}

// Finds its place among those of its key, and its alarm.
void Sessions::restore_session(std::int32_t slot) {
  const Session &restored = session(slot);
  const auto apart = [this](std::int32_t older, std::int32_t newer) {
    if (older == SessionOrder::kNone || newer == SessionOrder::kNone) return true;
    const Session &lower = session(older), &upper = session(newer);
    if (lower.last < open_from_) return lower.last < upper.last;
    return lower.last < upper.first && !within_gap(lower.last, upper.first);
  };
  const std::size_t entry = order_.find(restored.key);
  if (order_.newest(entry) == SessionOrder::kNone) {
    order_.link_first(slot);
  } else {
    const auto around = order_.around(entry, restored.last);
    Reader::require(apart(around.older, slot) && apart(slot, around.newer), "two sessions that should be one");
    order_.link(entry, around, slot);
  }
  ++size_;
  if (knows_starts()) note_start(slot);
  if (restored.fired)
    closing_.push(closes_at(restored), slot);
  else
    firing_.push(fires_at(restored), slot);
}

}  // namespace streamstat
