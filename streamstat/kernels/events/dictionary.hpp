// Dictionary codes of the values of one field in one block, in first-come order.
#pragma once

#include "base/buffer.hpp"
#include "base/kinds.hpp"
#include "base/xxhash64.hpp"

#include <span>
#include <vector>

namespace streamstat {

// Values are equal if their class and bytes are; 1, 1.0 and "1" are three.
class Dictionary {
 public:
  struct Entry {
    std::uint64_t low, high;  // the bytes themselves up to 16, else their XXH64 and 0
    std::uint32_t size;
    std::uint8_t kind;
    std::size_t offset;  // into bytes()
  };

  // 16 bytes behind `text` must be readable.
  std::int32_t code(std::uint8_t kind, const std::uint8_t *text, std::uint32_t size) {
    Entry entry{0, 0, size, kind, 0};
    if (size <= 16) {
      std::memcpy(&entry.low, text, 8);
      std::memcpy(&entry.high, text + 8, 8);
      entry.low &= size >= 8 ? ~0ULL : mask(size);
      entry.high &= size >= 16 ? ~0ULL : size <= 8 ? 0 : mask(size - 8);
    } else {
      entry.low = xxhash64(text, size);
    }
    const std::uint8_t identity = identity_of(kind);
    if (last_ >= 0 && same(entries_[static_cast<std::size_t>(last_)], entry, identity, text)) return last_;
    return last_ = looked_up(entry, identity, text);
  }

  std::span<const Entry> entries() const { return entries_; }
  const Arena &bytes() const { return bytes_; }

 private:
  static std::uint64_t mask(std::uint32_t bytes) { return (std::uint64_t{1} << (8 * bytes)) - 1; }

  std::int32_t looked_up(Entry &entry, std::uint8_t identity, const std::uint8_t *text) {
    const std::uint32_t size = entry.size;
    std::uint64_t hash = (entry.low ^ (entry.high * xxh::kPrime3) ^ size ^ (std::uint64_t{identity} << 40)) * xxh::kPrime1;
    hash ^= hash >> 32;
    if (entries_.size() * 2 >= table_.size()) grow();
    for (std::size_t i = hash & (table_.size() - 1);; i = (i + 1) & (table_.size() - 1)) {
      const std::int32_t found = table_[i];
      if (found < 0) {
        table_[i] = static_cast<std::int32_t>(entries_.size());
        hashes_.push_back(hash);
        entry.offset = bytes_.size();
        std::memcpy(bytes_.grow(size), text, size);
        bytes_.advance(size);
        entries_.push_back(entry);
        return table_[i];
      }
      if (hashes_[static_cast<std::size_t>(found)] == hash && same(entries_[static_cast<std::size_t>(found)], entry, identity, text))
        return found;
    }
  }

  bool same(const Entry &known, const Entry &entry, std::uint8_t identity, const std::uint8_t *text) const {
    return known.low == entry.low && known.high == entry.high && known.size == entry.size &&
           identity_of(known.kind) == identity &&
           (known.size <= 16 || std::memcmp(bytes_.data() + known.offset, text, known.size) == 0);
  }

  void grow() {
    const std::size_t size = table_.empty() ? 64 : table_.size() * 2;
    table_.assign(size, -1);
    for (std::size_t e = 0; e < hashes_.size(); ++e) {
      std::size_t i = hashes_[e] & (size - 1);
      while (table_[i] >= 0) i = (i + 1) & (size - 1);
      table_[i] = static_cast<std::int32_t>(e);
    }
  }

  std::int32_t last_ = -1;  // fields such as the name of a table say the same again and again
  std::vector<std::int32_t> table_;
  std::vector<std::uint64_t> hashes_;
  std::vector<Entry> entries_;
  Arena bytes_;
};

}  // namespace streamstat
