// Keys of several columns as one text, and back; and rows that went in one record and come back in another.
#pragma once

#include "base/byte_strings.hpp"
#include "base/state_bytes.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace streamstat {

struct KeyColumn {
  std::vector<std::uint8_t> kinds;
  ByteStrings texts;
};

// One column of a key in: kinds and texts of the same length.
struct KeyColumnIn {
  std::span<const std::uint8_t> kinds;
  TextColumn texts;
};

// Equal texts are equal keys: of one kind and one spelling.
ByteStrings key_texts(const std::vector<KeyColumnIn> &columns, std::size_t n);

// std::invalid_argument for a text that is no key of so many columns; an empty one is null in all of them.
std::vector<KeyColumn> keys_of_texts(const TextColumn &texts, std::size_t columns);

// The first halves of updates that wait for their second ones.
class HeldUpdates {
 public:
  // ops: 1 a first half, 2 a second one, else neither. Gives each second half the key of its first one: that of its own key, if
  // one waits, else that which waits longest; empty if none waits. Of first halves of one key the last one waits.
  ByteStrings take(std::span<const std::uint8_t> ops, const TextColumn &keys);

  std::size_t size() const { return by_key_.size(); }
  ByteStrings keys() const;
  Bytes snapshot() const;
  void restore(ByteSpan bytes);

 private:
  void hold(std::string_view key);

  std::unordered_map<std::string, std::uint64_t> by_key_;
  std::map<std::uint64_t, std::string> in_order_;
  std::uint64_t next_ = 0;
};

}  // namespace streamstat
