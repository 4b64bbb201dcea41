// The values in the order of their hashes, whatever buckets they are in: high, low, mark.
#include <algorithm>
#include <cstring>

#include "keys/unique.hpp"

namespace streamstat {

static constexpr char kTag[] = "unique2";

Bytes UniqueTable::snapshot() const {
  Bytes bytes = tagged(kTag);
  bytes.reserve(bytes.size() + sizeof(std::uint64_t) + size_ * sizeof(Entry));
  write_value(bytes, static_cast<std::uint64_t>(size_));
  std::vector<Entry> entries;
  for (const Part &part : parts_) {
    entries.clear();
    each_entry(part, [&](const Entry &entry) { entries.push_back(entry); });
    std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
      return a.hash.high != b.hash.high ? a.hash.high < b.hash.high : a.hash.low < b.hash.low;
    });
    for (const Entry &each : entries) {
      write_value(bytes, each.hash.high);
      write_value(bytes, each.hash.low);
      write_value(bytes, each.mark);
    }
  }
  return bytes;
}

void UniqueTable::restore(ByteSpan snapshot) {
  Reader reader(snapshot, kTag);
  const std::size_t n = reader.read_count(sizeof(Entry));
  UniqueTable restored(forgets());
  Hash128 before{};
  for (std::size_t i = 0; i < n; ++i) {
    Hash128 hash{};
    hash.high = reader.read<std::uint64_t>();
    hash.low = reader.read<std::uint64_t>();
    const auto mark = reader.read<std::int64_t>();
    // Ascending, so that no two are alike.
    Reader::require(hash.low >> 48 && (hash.high != before.high ? hash.high > before.high : hash.low > before.low));
    restored.remember({hash, mark});
    before = hash;
  }
  reader.require_end();
  *this = std::move(restored);
}

}  // namespace streamstat
