// JSON values to dense codes and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "keys/code_slots.hpp"

namespace streamstat {

// n texts as columns: the i-th is data[offsets[i]:offsets[i + 1]].
struct TextColumn {
  std::span<const std::int64_t> offsets;
  std::span<const std::uint8_t> data;
};

class KeyTable {
 public:
  std::size_t size() const { return size_; }
  void intern(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes);
  // As intern, but what has no code gets -1.
  void find(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes) const;
  void kinds(std::span<const std::int32_t> codes, std::span<std::uint8_t> kinds) const;
  // Offsets and data.
  std::pair<std::vector<std::int64_t>, std::vector<std::uint8_t>> texts(std::span<const std::int32_t> codes) const;
  // The rank of each code in row order; see values.hpp.
  std::vector<std::int32_t> ranks() const;
  std::vector<std::int32_t> retain(std::span<const std::uint8_t> live);

  std::string snapshot() const;
  void restore(std::span<const char> bytes);

 private:
  // Where the text of a code begins, and in the highest bits its kind: 8 bytes a key, as there may be many.
  static constexpr int KIND_SHIFT = 61;
  static constexpr std::uint64_t BEGIN_MASK = (std::uint64_t{1} << KIND_SHIFT) - 1;

  template <typename Unknown>
  void look_up(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes,
               Unknown &&unknown) const;
  std::int32_t add(std::uint64_t hash, std::uint8_t kind, std::span<const std::uint8_t> text);
  std::uint8_t kind(std::size_t code) const { return static_cast<std::uint8_t>(begins_[code] >> KIND_SHIFT); }
  std::span<const std::uint8_t> text(std::size_t code) const;
  std::uint64_t hash(std::size_t code) const;

  Buffer<std::uint64_t> begins_;
  std::size_t size_ = 0;
  Arena arena_;
  CodeSlots slots_;
};

}  // namespace streamstat
