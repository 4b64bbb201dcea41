// JSON values to dense codes and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "code_slots.hpp"

namespace streamstat {

// n texts as columns: the i-th is data[offsets[i]:offsets[i + 1]].
struct TextColumn {
  std::span<const std::int64_t> offsets;
  std::span<const std::uint8_t> data;
};

class KeyTable {
 public:
  std::size_t size() const { return entries_.size(); }
  void intern(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes);
  // As intern, but what has no code gets -1.
  void find(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes) const;
  void kinds(std::span<const std::int32_t> codes, std::span<std::uint8_t> kinds) const;
  // Offsets and data.
  std::pair<std::vector<std::int64_t>, std::vector<std::uint8_t>> texts(std::span<const std::int32_t> codes) const;
  std::vector<std::int32_t> retain(std::span<const std::uint8_t> live);

  std::string snapshot() const;
  void restore(std::span<const char> bytes);

 private:
  struct Entry {
    std::uint64_t hash, begin;
    std::uint32_t size;
    std::uint8_t kind;
  };
  template <typename Unknown>
  void look_up(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes,
               Unknown &&unknown) const;
  std::int32_t add(std::uint64_t hash, std::uint8_t kind, std::span<const std::uint8_t> text);
  bool equals(const Entry &entry, std::uint8_t kind, std::span<const std::uint8_t> text) const;

  std::vector<Entry> entries_;
  std::vector<std::uint8_t> arena_;
  CodeSlots slots_;
};

}  // namespace streamstat
