// One sketch a slot: what all grouped sketch states share, whatever the sketch.
// A Sketch has Settings, absorb(other, settings), write(bytes, settings) and static read(reader, settings).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/sizes.hpp"
#include "base/slot_array.hpp"
#include "base/xxhash64.hpp"

namespace streamstat {

static_assert(std::endian::native == std::endian::little, "states are written as they lie in memory");

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;
using Slots = std::span<const std::int32_t>;

// Byte strings behind one another: the i-th is data[offsets[i]:offsets[i+1]].
struct ByteStrings {
  std::vector<std::int64_t> offsets{0};
  Bytes data;
};

template <typename T>
inline void append(Bytes &bytes, T value) {
  const std::size_t end = bytes.size();
  bytes.resize(end + sizeof value);
  std::memcpy(bytes.data() + end, &value, sizeof value);
}

// Takes values off the front of bytes nobody vouches for.
class Reader {
 public:
  explicit Reader(ByteSpan bytes) : rest_(bytes) {}

  ByteSpan take_bytes(std::size_t n) {
    if (n > rest_.size()) throw std::invalid_argument("state: cut short");
    const ByteSpan taken = rest_.first(n);
    rest_ = rest_.subspan(n);
    return taken;
  }
  template <typename T>
  T take() {
    T value;
    std::memcpy(&value, take_bytes(sizeof value).data(), sizeof value);
    return value;
  }
  std::size_t left() const { return rest_.size(); }

 private:
  ByteSpan rest_;
};

inline void seal(Bytes &bytes, std::size_t start) {
  append(bytes, xxhash64(bytes.data() + start, bytes.size() - start));
}

// The bytes between the version and the checksum of one sealed state.
inline Reader open_sealed(ByteSpan bytes, std::uint8_t version) {
  if (bytes.size() < 1 + sizeof(std::uint64_t)) throw std::invalid_argument("state: cut short");
  const ByteSpan sealed = bytes.first(bytes.size() - sizeof(std::uint64_t));
  std::uint64_t checksum;
  std::memcpy(&checksum, bytes.data() + sealed.size(), sizeof checksum);
  if (xxhash64(sealed.data(), sealed.size()) != checksum)
    throw std::invalid_argument("state: damaged, its checksum does not hold");
  if (sealed[0] != version)
    throw std::invalid_argument("state: version " + std::to_string(sealed[0]) + ", expected " +
                                std::to_string(version));
  return Reader(sealed.subspan(1));
}

// Negative slots mean "skip this row" in updates, and nothing anywhere else.
inline void require_below(Slots slots, std::size_t size) {
  std::int32_t highest = -1;
  for (const std::int32_t slot : slots) highest = slot > highest ? slot : highest;
  if (highest >= 0 && static_cast<std::size_t>(highest) >= size)
    throw std::out_of_range("slot " + std::to_string(highest) + " of " + std::to_string(size));
}
inline void require_within(Slots slots, std::size_t size) {
  for (const std::int32_t slot : slots)
    if (slot < 0) throw std::out_of_range("slot " + std::to_string(slot));
  require_below(slots, size);
}

template <typename Sketch>
class SketchStates {
 public:
  using Settings = typename Sketch::Settings;

  explicit SketchStates(Settings settings) : settings_(settings) {}
  SketchStates(const SketchStates &) = delete;
  SketchStates &operator=(const SketchStates &) = delete;

  std::size_t size() const { return sketches_.size(); }
  const Settings &settings() const { return settings_; }

  void resize(std::int64_t n) {
    if (n < 0 || n > std::numeric_limits<std::int32_t>::max())
      throw std::invalid_argument("n: " + std::to_string(n) + " slots, possible are 0 to 2147483647");
    sketches_.grow(static_cast<std::size_t>(n));
  }

  void clear(Slots slots) {
    require_within(slots, size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
      fetch_ahead(slots, i);
      sketches_[slots[i]] = Sketch();
    }
  }

  void absorb(const SketchStates &other, Slots into, Slots source) {
    require_size(into.size(), source.size(), "source");
    require_within(into, size());
    require_within(source, other.size());
    if (settings_ != other.settings_) throw std::invalid_argument("other: has different settings");
    for (std::size_t i = 0; i < into.size(); ++i)
      sketches_[into[i]].absorb(other.sketches_[source[i]], settings_);
  }

  ByteStrings snapshot(Slots slots) const {
    require_within(slots, size());
    ByteStrings states;
    states.offsets.reserve(slots.size() + 1);
    for (const std::int32_t slot : slots) {
      const std::size_t start = states.data.size();
      states.data.push_back(Sketch::version);
      sketches_[slot].write(states.data, settings_);
      seal(states.data, start);
      states.offsets.push_back(static_cast<std::int64_t>(states.data.size()));
    }
    return states;
  }

  // All or nothing: one damaged state leaves every slot as it was.
  void restore(Slots slots, std::span<const std::int64_t> offsets, ByteSpan data) {
    require_within(slots, size());
    require_size(slots.size() + 1, offsets.size(), "offsets");
    std::vector<Sketch> restored;
    restored.reserve(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const std::int64_t lo = offsets[i], hi = offsets[i + 1];
      if (lo < 0 || hi < lo || static_cast<std::size_t>(hi) > data.size())
        throw std::invalid_argument("offsets: not ascending within the data");
      Reader reader = open_sealed(data.subspan(lo, hi - lo), Sketch::version);
      restored.push_back(Sketch::read(reader, settings_));
      if (reader.left()) throw std::invalid_argument("state: longer than it should be");
    }
    for (std::size_t i = 0; i < slots.size(); ++i) sketches_[slots[i]] = std::move(restored[i]);
  }

 protected:
  // Beyond this many slots their states no longer fit a cache, and fetching ahead pays for its instructions.
  static constexpr std::size_t fetch_from = 256;

  // Slots in the order of rows lie anywhere.
  void fetch_ahead(Slots slots, std::size_t i) const {
    constexpr std::size_t ahead = 16;
    if (i + ahead < slots.size()) __builtin_prefetch(&sketches_[static_cast<std::size_t>(slots[i + ahead])]);
  }

  // Calls add(sketch, row) for every row with a slot, in order, and fetch(sketch, row) some rows ahead of it.
  template <typename Add, typename Fetch>
  void for_each_row(Slots slots, Add add, Fetch fetch) {
    require_below(slots, size());
    const std::size_t n = slots.size(), ahead = 8;
    Sketch *const sketches = sketches_.data();
    std::size_t row = 0;
    if (size() >= fetch_from)
      for (; row + 2 * ahead < n; ++row) {
        if (const std::int32_t slot = slots[row + 2 * ahead]; slot >= 0) __builtin_prefetch(sketches + slot, 1);
        if (const std::int32_t slot = slots[row + ahead]; slot >= 0) fetch(sketches[slot], row + ahead);
        if (slots[row] >= 0) add(sketches[slots[row]], row);
      }
    for (; row < n; ++row)
      if (slots[row] >= 0) add(sketches[slots[row]], row);
  }

  Settings settings_;
  SlotArray<Sketch> sketches_;
};

}  // namespace streamstat
