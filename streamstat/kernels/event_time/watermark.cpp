#include "event_time/watermark.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "base/state_bytes.hpp"

namespace streamstat {

namespace {

constexpr char kTag[] = "watermark 1\n";

std::uint64_t distance(std::int64_t hi, std::int64_t lo) {
  return static_cast<std::uint64_t>(hi) - static_cast<std::uint64_t>(lo);
}

void require_roles(std::span<const std::uint8_t> roles, std::span<const std::int32_t> producers) {
  std::uint8_t highest = 0;
  for (const std::uint8_t role : roles) highest = std::max(highest, role);
  if (highest > kPromiseForAll)
    throw std::invalid_argument("roles: " + std::to_string(highest) + " is none of 0 to 3");
  bool negative = false;
  for (std::size_t i = 0; i < producers.size(); ++i)  // all rows: a way out would keep the compiler from vectors
    negative |= (producers[i] < 0) & ((roles[i] == kEvent) | (roles[i] == kPromise));
  if (negative) throw std::out_of_range("producers: negative code of an event or promise");
}

}  // namespace

Watermark::Watermark(std::optional<std::int64_t> delay, std::optional<std::int64_t> idle)
    : has_delay_(delay.value_or(-1) != -1),
      has_idle_(idle.value_or(-1) != -1),
      delay_(delay.value_or(-1)),
      idle_(idle.value_or(-1)) {
  if (delay_ < -1) throw std::invalid_argument("delay: " + std::to_string(delay_) + " is negative");
  if (idle_ < -1) throw std::invalid_argument("idle: " + std::to_string(idle_) + " is negative");
}

void Watermark::advance(std::span<const std::int64_t> times, std::span<const std::int32_t> producers,
                        std::int32_t producer, std::span<const std::uint8_t> roles, std::span<std::int64_t> before) {
  require_roles(roles, producers);
  if (producer < 0) throw std::out_of_range("producer: negative");
  const bool alone = producers_.empty() || (producers_.size() == 1 && producers_[0].code == producer);
  const bool single = producers.empty() && alone;
  // Let go after a hold, W is behind until a row moves it.
  const bool current = held_ || watermark_ >= reached();
  if (!single || !current)
    advance_many(times, producers, producer, roles, before);
  else if (has_delay_)
    advance_single<true>(times, producer, roles, before);
  else
    advance_single<false>(times, producer, roles, before);
}

// One producer is never idle, so its state fits registers; selects instead of branches, as disorder has no pattern.
template <bool Finite>
void Watermark::advance_single(std::span<const std::int64_t> times, std::int32_t code,
                               std::span<const std::uint8_t> roles, std::span<std::int64_t> before) {
  const std::int64_t lowest = Finite ? kMinusInfinity + delay_ : 0;
  std::int64_t newest = newest_, watermark = watermark_;
  std::int64_t promise = producers_.empty() ? kMinusInfinity : producers_[0].watermark;
  std::int64_t seen = producers_.empty() ? kMinusInfinity : producers_[0].seen;
  std::uint64_t lateness = max_lateness_;
  bool known = false;
  for (std::size_t i = 0; i < times.size(); ++i) {
    before[i] = watermark;
    const std::int64_t time = times[i];
    if (roles[i] == kEvent) [[likely]] {
      known = true;
      seen = std::max(seen, time);
      lateness = std::max(lateness, distance(seen, time));
      newest = std::max(newest, time);
      if constexpr (Finite) watermark = std::max(watermark, std::max(newest, lowest) - delay_);
    } else if (roles[i] == kPromise) {
      known = true;
      newest = std::max(newest, time);
      promise = std::max(promise, time);
      watermark = std::max(watermark, promise);
    } else if (roles[i] == kPromiseForAll) {
      promised_ = std::max(promised_, time);
      watermark = std::max(watermark, promised_);
    }
  }
  max_lateness_ = lateness;
  if (known) {
    Producer &producer = producers_[static_cast<std::size_t>(position_of(code))];
    producer.newest = newest;
    producer.seen = seen;
    producer.watermark = std::max(promise, behind(newest));
    settle(0);
  }
  if (held_) std::fill(before.begin(), before.end(), watermark_);
  move();
}

void Watermark::advance_many(std::span<const std::int64_t> times, std::span<const std::int32_t> producers,
                             std::int32_t producer, std::span<const std::uint8_t> roles,
                             std::span<std::int64_t> before) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    before[i] = watermark_;
    if (roles[i] == kMovesNothing) continue;
    if (roles[i] == kPromiseForAll)
      promised_ = std::max(promised_, times[i]);
    else
      observe(position_of(producers.empty() ? producer : producers[i]), times[i], roles[i] == kPromise);
    move();
  }
}

std::int32_t Watermark::position_of(std::int32_t code) {
  const std::int32_t position = positions_.find(code);
  return position >= 0 ? position : add_producer(code);
}

std::int32_t Watermark::add_producer(std::int32_t code) {
  // In this order a lack of memory leaves at worst a producer that never counts.
  const auto position = static_cast<std::int32_t>(producers_.size());
  producers_.push_back({kMinusInfinity, kMinusInfinity, kMinusInfinity, code, false});
  watermarks_.make_room(producers_.size());
  positions_.insert(code, position);
  return position;
}

void Watermark::observe(std::int32_t position, std::int64_t time, bool promise) {
  Producer &producer = producers_[static_cast<std::size_t>(position)];
  const std::int64_t newer = std::max(producer.newest, time);
  if (!promise) {
    producer.seen = std::max(producer.seen, time);
    max_lateness_ = std::max(max_lateness_, distance(producer.seen, time));
  }
  // What a known producer said before cannot move anything again.
  if (newer == producer.newest && producer.counts && !promise) return;
  producer.newest = newer;
  producer.watermark = std::max(producer.watermark, promise ? time : behind(newer));
  settle(position);
}

// After a producer moved: who counts, and the least watermark of those.
void Watermark::settle(std::int32_t position) {
  Producer &producer = producers_[static_cast<std::size_t>(position)];
  const bool leads = producer.newest > newest_;
  newest_ = std::max(newest_, producer.newest);
  if (!producer.counts && !lags(producer.newest)) {
    if (has_idle_) {
      readings_.push_back({producer.newest, position});
      std::push_heap(readings_.begin(), readings_.end(), std::greater<>());
    }
    producer.counts = true;
  }
  if (producer.counts) watermarks_.set(static_cast<std::size_t>(position), producer.watermark);
  if (leads && has_idle_) leave_out_idle();
}

// Readings are brought up to date only when they come to the top: each time at the price of one newer event.
void Watermark::leave_out_idle() {
  while (lags(readings_.front().newest)) {
    std::pop_heap(readings_.begin(), readings_.end(), std::greater<>());
    const std::int32_t position = readings_.back().position;
    Producer &producer = producers_[static_cast<std::size_t>(position)];
    if (lags(producer.newest)) {
      readings_.pop_back();
      producer.counts = false;
      watermarks_.set(static_cast<std::size_t>(position), kPlusInfinity);
    } else {
      readings_.back().newest = producer.newest;
      std::push_heap(readings_.begin(), readings_.end(), std::greater<>());
    }
  }
}

void Watermark::move() {
  if (!held_) watermark_ = std::max(watermark_, reached());
}

// Where the promises and producers of this input are.
std::int64_t Watermark::reached() const {
  return producers_.empty() ? promised_ : std::max(promised_, watermarks_.minimum());
}

bool Watermark::lags(std::int64_t newest) const {
  return has_idle_ && distance(newest_, newest) > static_cast<std::uint64_t>(idle_);
}

std::int64_t Watermark::behind(std::int64_t newest) const {
  return has_delay_ ? std::max(newest, kMinusInfinity + delay_) - delay_ : kMinusInfinity;
}

// What is left is added anew: idleness depends on the newest of those that are left.
void Watermark::renumber(std::span<const std::int32_t> codes) {
  Watermark kept(delay_, idle_);
  kept.held_ = held_;
  kept.watermark_ = watermark_;
  kept.promised_ = promised_;
  kept.max_lateness_ = max_lateness_;
  for (Producer producer : producers_) {
    if (static_cast<std::size_t>(producer.code) >= codes.size())
      throw std::out_of_range("codes: none for producer " + std::to_string(producer.code));
    producer.code = codes[static_cast<std::size_t>(producer.code)];
    if (producer.code < -1 || (producer.code >= 0 && kept.positions_.find(producer.code) >= 0))
      throw std::invalid_argument("codes: " + std::to_string(producer.code) + " is negative or of two producers");
    if (producer.code >= 0) kept.add(producer);
  }
  *this = std::move(kept);
  move();
}

void Watermark::add(const Producer &producer) {
  const std::int32_t position = add_producer(producer.code);
  producers_.back() = producer;
  producers_.back().counts = false;
  settle(position);
}

std::int64_t Watermark::max_lateness() const {
  return static_cast<std::int64_t>(std::min(max_lateness_, static_cast<std::uint64_t>(kPlusInfinity)));
}

Bytes Watermark::snapshot() const {
  Bytes bytes = tagged(kTag);
  std::vector<std::int64_t> newest, watermarks, seen;
  std::vector<std::int32_t> codes;
  for (const Producer &producer : producers_) {
    codes.push_back(producer.code);
    newest.push_back(producer.newest);
    watermarks.push_back(producer.watermark);
    seen.push_back(producer.seen);
  }
  write_value(bytes, delay_);
  write_value(bytes, idle_);
  write_value(bytes, static_cast<std::uint8_t>(held_));
  write_value(bytes, watermark_);
  write_value(bytes, promised_);
  write_value(bytes, max_lateness_);
  write_column(bytes, codes);
  write_column(bytes, newest);
  write_column(bytes, watermarks);
  write_column(bytes, seen);
  return bytes;
}

void Watermark::restore(ByteSpan snapshot) {
  Reader reader(snapshot, kTag);
  const auto delay = reader.read<std::int64_t>(), idle = reader.read<std::int64_t>();
  Reader::require(delay == delay_ && idle == idle_, "of another delay or idle");
  Watermark restored(delay, idle);
  restored.held_ = reader.read_flag();
  restored.watermark_ = reader.read<std::int64_t>();
  restored.promised_ = reader.read<std::int64_t>();
  restored.max_lateness_ = reader.read<std::uint64_t>();
  const auto codes = reader.read_column<std::int32_t>();
  const auto newest = reader.read_column<std::int64_t>(), watermarks = reader.read_column<std::int64_t>(),
             seen = reader.read_column<std::int64_t>();
  reader.require_end();
  Reader::require(newest.size() == codes.size() && watermarks.size() == codes.size() && seen.size() == codes.size(),
                  "columns of unequal length");
  for (std::size_t i = 0; i < codes.size(); ++i) {
    Reader::require(codes[i] >= 0 && restored.positions_.find(codes[i]) < 0 && watermarks[i] >= behind(newest[i]) &&
                        seen[i] <= newest[i],
                    "a producer that cannot be");
    restored.add({newest[i], watermarks[i], seen[i], codes[i], false});
  }
  *this = std::move(restored);
}

}  // namespace streamstat
