// What every kernel with one state per slot shares: checked slots, columns of values, states as bytes.
#pragma once

#include "base/kinds.hpp"
#include "base/sizes.hpp"

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace streamstat::states {

static_assert(std::endian::native == std::endian::little, "states are written as they lie in memory");

using Slots = std::span<const std::int32_t>;
using Bytes = std::vector<std::uint8_t>;

// For updates, where a negative slot means: skip this row.
inline void require_slots_below(Slots slots, std::size_t size) {
  std::int32_t highest = -1;
  for (const std::int32_t slot : slots) highest = std::max(highest, slot);
  if (highest >= 0 && static_cast<std::size_t>(highest) >= size)
    throw std::out_of_range("slots: " + std::to_string(highest) + " is not below " + std::to_string(size));
}

// For everything else, where each slot must exist.
inline void require_slots_exist(Slots slots, std::size_t size) {
  require_slots_below(slots, size);
  for (const std::int32_t slot : slots)
    if (slot < 0) throw std::out_of_range("slots: " + std::to_string(slot) + " is negative");
}

// Rows of numbers, one slot each.
struct NumberRows {
  Slots slots;
  std::span<const std::uint8_t> kinds;
  std::span<const std::int64_t> numbers;

  void require_valid(std::size_t size) const {
    require_size(slots.size(), kinds.size(), "kinds");
    require_size(slots.size(), numbers.size(), "numbers");
    require_kinds(kinds);
    require_slots_below(slots, size);
  }
};

// n byte strings, data[offsets[i]:offsets[i+1]]; offsets checked once so that reading needs no check.
class TextColumn {
 public:
  TextColumn(std::span<const std::int64_t> offsets, std::span<const std::uint8_t> data, std::size_t n)
      : offsets_(offsets), data_(data) {
    require_size(n + 1, offsets.size(), "text_offsets");
    bool ascending = offsets[0] >= 0;
    for (std::size_t i = 0; i < n; ++i) ascending &= offsets[i] <= offsets[i + 1];
    if (!ascending || static_cast<std::uint64_t>(offsets[n]) > data.size())
      throw std::invalid_argument("text_offsets: not ascending within the data");
  }

  std::string_view operator[](std::size_t i) const {
    return {reinterpret_cast<const char *>(data_.data()) + offsets_[i],
            static_cast<std::size_t>(offsets_[i + 1] - offsets_[i])};
  }

 private:
  std::span<const std::int64_t> offsets_;
  std::span<const std::uint8_t> data_;
};

// Values going out: kinds, and numbers as int64 or IEEE bits.
struct NumberColumn {
  std::vector<std::uint8_t> kinds;
  std::vector<std::int64_t> numbers;

  void push(std::uint8_t kind, std::int64_t number) {
    kinds.push_back(kind);
    numbers.push_back(number);
  }
  void push_null() { push(kind::null, 0); }
  void push_integer(std::int64_t number) { push(kind::integer, number); }
  void push_real(double number) { push(kind::real, std::bit_cast<std::int64_t>(number)); }
};

// Byte strings going out: the i-th is data[offsets[i]:offsets[i+1]].
struct ByteStrings {
  std::vector<std::int64_t> offsets{0};
  Bytes data;

  void end_string() { offsets.push_back(static_cast<std::int64_t>(data.size())); }
};

template <typename T>
void write(Bytes &bytes, const T &value) {
  static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);
  const auto *first = reinterpret_cast<const std::uint8_t *>(&value);
  bytes.insert(bytes.end(), first, first + sizeof value);
}

inline void write_text(Bytes &bytes, std::string_view text) {
  write(bytes, static_cast<std::uint64_t>(text.size()));
  bytes.insert(bytes.end(), text.begin(), text.end());
}

// Takes a state apart again; whatever does not fit is damage.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  template <typename T>
  T read() {
    T value;
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }

  std::string_view read_text() {
    const auto size = read<std::uint64_t>();
    return {reinterpret_cast<const char *>(take(size)), static_cast<std::size_t>(size)};
  }

  // A number of items of at least item_size bytes each: no damage can ask for more memory than it has bytes.
  std::size_t read_count(std::size_t item_size) {
    const auto count = read<std::uint64_t>();
    require(count <= rest_.size() / item_size);
    return static_cast<std::size_t>(count);
  }

  void require_version(std::uint8_t version) { require(read<std::uint8_t>() == version); }
  void require_end() const { require(rest_.empty()); }

  static void require(bool sound) {
    if (!sound) throw std::invalid_argument("data: not a state of this kind and version, or damaged");
  }

 private:
  const std::uint8_t *take(std::uint64_t size) {
    require(size <= rest_.size());
    const std::uint8_t *first = rest_.data();
    rest_ = rest_.subspan(static_cast<std::size_t>(size));
    return first;
  }

  std::span<const std::uint8_t> rest_;
};

// One state per slot. absorb_slot must allow `other` to be the table itself and both slots to be one.
template <typename Table>
concept SlotTable = requires(Table table, const Table other, std::size_t slot, Bytes bytes, Reader reader) {
  { other.size() } -> std::same_as<std::size_t>;
  table.resize(slot);
  table.clear_slot(slot);
  other.require_same_parameters(other);
  table.absorb_slot(slot, other, slot);
  other.write_slot(slot, bytes);
  table.read_slot(slot, reader);
};

inline void require_growth(std::size_t from, std::int64_t to) {
  if (to < 0 || to > INT32_MAX) throw std::invalid_argument("n: " + std::to_string(to) + " is no number of slots");
  if (static_cast<std::size_t>(to) < from)
    throw std::invalid_argument("n: " + std::to_string(to) + " is fewer than the " + std::to_string(from) +
                                " slots there are");
}

template <SlotTable Table>
void clear(Table &table, Slots slots) {
  require_slots_exist(slots, table.size());
  for (const std::int32_t slot : slots) table.clear_slot(static_cast<std::size_t>(slot));
}

template <SlotTable Table>
void absorb(Table &table, const Table &other, Slots into, Slots source) {
  require_size(into.size(), source.size(), "source");
  require_slots_exist(into, table.size());
  require_slots_exist(source, other.size());
  table.require_same_parameters(other);
  for (std::size_t i = 0; i < into.size(); ++i)
    table.absorb_slot(static_cast<std::size_t>(into[i]), other, static_cast<std::size_t>(source[i]));
}

template <SlotTable Table>
ByteStrings snapshot(const Table &table, Slots slots) {
  require_slots_exist(slots, table.size());
  ByteStrings result;
  result.offsets.reserve(slots.size() + 1);
  for (const std::int32_t slot : slots) {
    table.write_slot(static_cast<std::size_t>(slot), result.data);
    result.end_string();
  }
  return result;
}

template <SlotTable Table>
void restore(Table &table, Slots slots, std::span<const std::int64_t> offsets, std::span<const std::uint8_t> data) {
  require_slots_exist(slots, table.size());
  const TextColumn texts(offsets, data, slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::string_view state = texts[i];
    Reader reader({reinterpret_cast<const std::uint8_t *>(state.data()), state.size()});
    table.read_slot(static_cast<std::size_t>(slots[i]), reader);
  }
}

}  // namespace streamstat::states
