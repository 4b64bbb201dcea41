#include "views/row_table.hpp"

#include "base/prefetch.hpp"
#include "changes/edits.hpp"
#include "views/patched.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

namespace streamstat {

namespace {

constexpr std::size_t kLeastGarbage = std::size_t{1} << 20;
constexpr std::size_t kLongestPosition = 0xFFFF;

std::string_view view_of(const std::uint8_t *data, std::size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

void append(ByteStrings &strings, const std::optional<std::string_view> &text) {
  if (text) strings.data.insert(strings.data.end(), text->begin(), text->end());
  strings.end_string();
}

}  // namespace

std::string_view RowTable::position(const Slot &slot) const {
  return view_of(slot.before_row() ? arena_.data() + slot.begin : slot.short_position, slot.position_size);
}

std::string_view RowTable::row(const Slot &slot) const {
  return view_of(arena_.data() + slot.begin + slot.before_row(), slot.row_size);
}

bool RowTable::is_stale(std::size_t number, RowOp op, const Position &at) const {
  const Slot &slot = slots_[number];
  if (op == RowOp::read && (is_truncated_ || slot.has(kStreamed))) return true;
  if (at.space < 0) return false;
  if (!truncates_.empty() && truncates_.has(at.space, at.bytes)) return true;
  return is_behind(number, at);
}

bool RowTable::is_behind(std::size_t number, const Position &at) const {
  const Slot &slot = slots_[number];
  if (slot.space == at.space) return is_at_most(at.bytes, position(slot));
  return !elsewhere_.empty() && elsewhere_.has({static_cast<std::int32_t>(number), at.space}, at.bytes);
}

void RowTable::check(const RowChanges &changes) const {
  const std::size_t n = changes.ops.size();
  require_size(n, changes.slots.size(), "slots");
  require_size(n, changes.old_slots.size(), "old_slots");
  require_size(n, changes.spaces.size(), "spaces");
  require_size(n, changes.times.size(), "times");
  for (std::size_t i = 0; i < n; ++i) {
    if (changes.ops[i] > static_cast<std::uint8_t>(RowOp::edit)) throw std::invalid_argument("ops: there is no such one");
    const bool has_slot = changes.ops[i] != static_cast<std::uint8_t>(RowOp::truncate);
    if (has_slot && changes.slots[i] < 0) throw std::invalid_argument("slots: less than 0");
    if (changes.old_slots[i] < -1) throw std::invalid_argument("old_slots: less than -1");
    if (changes.positions[i].size() > kLongestPosition) throw std::invalid_argument("positions: too long");
    if (changes.texts[i].size() > 0xFFFFFFFF) throw std::invalid_argument("texts: too long");
  }
}

RowEvents RowTable::apply(const RowChanges &changes, WantedRows wanted) {
  check(changes);
  const std::size_t n = changes.ops.size();
  std::int32_t most = -1;
  for (std::size_t i = 0; i < n; ++i) most = std::max({most, changes.slots[i], changes.old_slots[i]});
  if (slots_.size() <= static_cast<std::size_t>(most + 1)) slots_.resize(static_cast<std::size_t>(most + 1));
  RowEvents events;
  events.applied.resize(n);
  events.changes.reserve(n);
  events.kinds.reserve(n);
  events.slots.reserve(n);
  events.names.reserve(n);
  events.before_times.reserve(n);
  for (ByteStrings *const rows : {wanted.before ? &events.before : nullptr, wanted.after ? &events.after : nullptr}) {
    if (!rows) continue;
    rows->offsets.reserve(n + 1);
    rows->data.reserve(changes.texts.bytes());
  }
  for (std::size_t i = 0; i < n; ++i) {
    ask_ahead(changes.slots, i);
    change(changes, i, events, wanted);
  }
  return events;
}

void RowTable::ask_ahead(std::span<const std::int32_t> slots, std::size_t i) const {
  constexpr std::size_t kFar = 24, kNear = 8;
  if (i + kFar < slots.size() && slots[i + kFar] >= 0)
    prefetch_line(&slots_[static_cast<std::size_t>(slots[i + kFar])]);
  if (i + kNear >= slots.size() || slots[i + kNear] < 0) return;
  const Slot &slot = slots_[static_cast<std::size_t>(slots[i + kNear])];
  for (std::size_t at = 0; at < std::min<std::size_t>(slot.size(), 256); at += 64)
    prefetch_line_to_write(arena_.data() + slot.begin + at);
}

void RowTable::change(const RowChanges &changes, std::size_t i, RowEvents &events, WantedRows wanted) {
  const auto op = static_cast<RowOp>(changes.ops[i]);
  const Position at{changes.spaces[i], changes.positions[i]};
  if (op == RowOp::truncate) return truncate(at, i, events, wanted);
  const auto to = static_cast<std::size_t>(changes.slots[i]);
  const bool moves = changes.old_slots[i] >= 0 && changes.old_slots[i] != changes.slots[i];
  const std::size_t from = moves ? static_cast<std::size_t>(changes.old_slots[i]) : to;
  const bool is_of_key = !is_stale(to, op, at), is_of_old = moves && !is_stale(from, op, at);
  events.applied[i] = static_cast<std::uint8_t>(is_of_key | is_of_old << 1);
  if (!events.applied[i]) return;
  if (changes.kept && !(*changes.kept)[i].empty()) {
    kept_.meet_all((*changes.kept)[i]);
    if (collects_names_) names_.meet_all((*changes.kept)[i]);
  }
  const std::uint8_t streamed = op == RowOp::read ? 0 : kStreamed;
  const auto row_of = [&](std::size_t number) { return slots_[number].has(kHasRow) ? Row(row(slots_[number])) : Row(); };
  std::string_view after;
  std::uint8_t flags = 0;
  if (is_of_key && op != RowOp::remove) {
    const std::size_t base = is_of_old && slots_[from].has(kHasRow) ? from : to;
    const Row before = row_of(base);
    after = made(op, before, changes.texts[i]);
    const bool is_whole = op == RowOp::put || op == RowOp::read;
    const bool is_partial = !is_whole && (!before || slots_[base].has(kPartial));
    flags = static_cast<std::uint8_t>(kHasRow | (is_partial ? kPartial : 0));
    if (collects_names_) names_.meet_all(changes.texts[i].empty() || op == RowOp::edit ? after : changes.texts[i]);
  }
  if (is_of_old) {
    if (const Row gone = row_of(from)) tell(events, i, RowEvent::remove, from, gone, {}, wanted);
    store(from, at, {}, changes.times[i], streamed);
  }
  if (!is_of_key) return;
  const Row before = row_of(to);
  if (op == RowOp::remove) {
    if (before) tell(events, i, RowEvent::remove, to, before, {}, wanted);
    return store(to, at, {}, changes.times[i], streamed);
  }
  tell(events, i, before ? RowEvent::update : RowEvent::insert, to, before, after, wanted);
  store(to, at, after, changes.times[i], static_cast<std::uint8_t>(flags | streamed));
}

void RowTable::truncate(const Position &at, std::size_t i, RowEvents &events, WantedRows wanted) {
  if (at.space >= 0 && truncates_.has(at.space, at.bytes)) return;
  events.applied[i] = 1;
  is_truncated_ = true;
  if (at.space >= 0) truncates_.put(at.space, at.bytes);
  for (std::size_t number = 0; number < slots_.size(); ++number) {
    Slot &slot = slots_[number];
    if (!slot.has(kHasRow)) continue;
    if (at.space >= 0 && is_behind(number, at)) continue;
    tell(events, i, RowEvent::remove, number, row(slot), {}, wanted);
    garbage_ += slot.row_size;
    slot.row_size = 0;
    slot.flags = kStreamed;
  }
}

std::string_view RowTable::made(RowOp op, const Row &before, std::string_view text) {
  if (op == RowOp::put || op == RowOp::read) return text.empty() ? "{}" : text;
  made_.clear();
  if (op == RowOp::patch) {
    patched(before.value_or("{}"), text, made_);
  } else if (!edited(before.value_or(""), text, made_)) {
    made_.clear();
    patched(before.value_or("{}"), "{}", made_);
  }
  return view_of(made_.data(), made_.size());
}

void RowTable::store(std::size_t number, const Position &at, const Row &row, std::int64_t time, std::uint8_t flags) {
  Slot &slot = slots_[number];
  if (at.space < 0 && slot.space >= 0) {  // the position that it had stays
    const std::string kept(position(slot));
    return put(slot, {slot.space, kept}, row, time, flags);
  }
  if (slot.space >= 0 && at.space != slot.space)
    elsewhere_.put({static_cast<std::int32_t>(number), slot.space}, position(slot));
  put(slot, at, row, time, flags);
}

void RowTable::put(Slot &slot, const Position &at, const Row &row, std::int64_t time, std::uint8_t flags) {
  const std::size_t room = slot.size(), position_size = at.bytes.size();
  slot.position_size = static_cast<std::uint16_t>(position_size);
  slot.row_size = row ? static_cast<std::uint32_t>(row->size()) : 0;
  const std::size_t size = slot.size();
  if (size > room) {
    garbage_ += room;
    arena_.grow(size);
    slot.begin = arena_.size();
    arena_.advance(size);
  } else {
    garbage_ += room - size;
  }
  std::uint8_t *const out = arena_.at(slot.begin);
  if (position_size) std::memcpy(slot.before_row() ? out : slot.short_position, at.bytes.data(), position_size);
  if (slot.row_size) std::memcpy(out + slot.before_row(), row->data(), slot.row_size);
  slot.time = time;
  slot.space = at.space;
  slot.flags = static_cast<std::uint8_t>(flags | (slot.flags & kStreamed));
  if (garbage_ > kLeastGarbage && garbage_ > arena_.size() / 2) compact();
}

void RowTable::tell(RowEvents &events, std::size_t change, RowEvent kind, std::size_t slot, const Row &before,
                    const Row &after, WantedRows wanted) const {
  events.changes.push_back(static_cast<std::int64_t>(change));
  events.kinds.push_back(static_cast<std::uint8_t>(kind));
  events.slots.push_back(static_cast<std::int32_t>(slot));
  events.names.push_back(static_cast<std::int32_t>(names_.size()));
  events.before_times.push_back(before ? slots_[slot].time : kNoTime);
  if (wanted.before) append(events.before, before);
  if (wanted.after) append(events.after, after);
}

std::vector<std::string> RowTable::present_names() const {
  ColumnNames present;
  bool is_any_partial = false;
  for (const Slot &slot : slots_) {
    if (!slot.has(kHasRow)) continue;
    is_any_partial |= slot.has(kPartial);
    if (present.size() < names_.size()) present.meet_all(row(slot));
  }
  std::vector<std::string> out;
  for (const std::string &name : names_.all())
    if (present.has(name) || (is_any_partial && kept_.has(name))) out.push_back(name);
  return out;
}

void RowTable::compact() {
  Arena fresh;
  fresh.grow(arena_.size() - garbage_ + kLeastGarbage);
  for (Slot &slot : slots_) {
    const std::size_t size = slot.size();
    if (size) std::memcpy(fresh.grow(size), arena_.data() + slot.begin, size);
    slot.begin = fresh.size();
    fresh.advance(size);
  }
  arena_ = std::move(fresh);
  garbage_ = 0;
}

std::vector<std::int32_t> RowTable::live() const {
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].has(kHasRow)) out.push_back(static_cast<std::int32_t>(i));
  return out;
}

std::vector<std::int32_t> RowTable::partial() const {
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].has(kHasRow) && slots_[i].has(kPartial)) out.push_back(static_cast<std::int32_t>(i));
  return out;
}

namespace {

template <typename Slots>
std::size_t known(const Slots &slots, std::int32_t number) {
  if (number < 0 || static_cast<std::size_t>(number) >= slots.size()) throw std::out_of_range("slots: there is no such one");
  return static_cast<std::size_t>(number);
}

}  // namespace

ByteStrings RowTable::rows(std::span<const std::int32_t> slots) const {
  ByteStrings out;
  out.offsets.reserve(slots.size() + 1);
  for (const std::int32_t number : slots) known(slots_, number);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    ask_ahead(slots, i);
    const Slot &slot = slots_[static_cast<std::size_t>(slots[i])];
    if (!slot.has(kHasRow)) throw std::out_of_range("slots: one has no row");
    append(out, row(slot));
  }
  return out;
}

void RowTable::times(std::span<const std::int32_t> slots, std::span<std::int64_t> times) const {
  for (std::size_t i = 0; i < slots.size(); ++i) times[i] = slots_[known(slots_, slots[i])].time;
}

}  // namespace streamstat
