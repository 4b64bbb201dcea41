// keys/ numbers what events are grouped by, and puts result rows in their order. It knows values, not fields or
// windows. Begin here (one column), then tuples.hpp (several) and ranking.hpp (the order).
//
// JSON values to dense codes and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "base/byte_strings.hpp"
#include "base/state_bytes.hpp"
#include "keys/code_slots.hpp"

namespace streamstat {

class KeyTable {
 public:
  std::size_t size() const { return size_; }
  void intern(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes);
  // As intern, but what has no code gets -1.
  void find(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes) const;
  void kinds(std::span<const std::int32_t> codes, std::span<std::uint8_t> kinds) const;
  ByteStrings texts(std::span<const std::int32_t> codes) const;
  // The rank of each code in row order; see values.hpp.
  std::vector<std::int32_t> ranks() const;
  std::vector<std::int32_t> retain(std::span<const std::uint8_t> live);

  Bytes snapshot() const;
  void restore(ByteSpan snapshot);

 private:
  // Where the text of a code begins, and in the highest bits its kind: 8 bytes a key, as there may be many.
  static constexpr int kKindShift = 61;
  static constexpr std::uint64_t kBeginMask = (std::uint64_t{1} << kKindShift) - 1;

  template <typename Unknown>
  void look_up(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes,
               Unknown &&unknown) const;
  std::int32_t add(std::uint64_t hash, std::uint8_t kind, std::string_view text);
  std::uint8_t kind(std::size_t code) const { return static_cast<std::uint8_t>(begins_[code] >> kKindShift); }
  std::string_view text(std::size_t code) const;
  std::uint64_t hash(std::size_t code) const;

  Buffer<std::uint64_t> begins_;
  std::size_t size_ = 0;
  Arena arena_;
  CodeSlots slots_;
};

}  // namespace streamstat
