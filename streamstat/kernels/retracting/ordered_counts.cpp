#include "retracting/ordered_counts.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace streamstat {

namespace {

constexpr auto kBelow = [](const auto &entry, std::int64_t key) { return entry.key < key; };

}  // namespace

// The first piece that ends at the key or behind it; the end if none does.
std::vector<OrderedCounts::Piece>::iterator OrderedCounts::piece_of(std::int64_t key) {
  return std::lower_bound(pieces_.begin(), pieces_.end(), key,
                          [](const Piece &piece, std::int64_t sought) { return piece.entries.back().key < sought; });
}

void OrderedCounts::settle() {
  std::sort(waiting_.begin(), waiting_.end(), [](const Change &one, const Change &other) { return one.key < other.key; });
  for (auto change = waiting_.begin(); change != waiting_.end();) {
    const std::int64_t key = change->key;
    std::int64_t by = 0;
    for (; change != waiting_.end() && change->key == key; ++change) by += change->by;
    if (by) apply(key, by);
  }
  waiting_.clear();
}

void OrderedCounts::apply(std::int64_t key, std::int64_t by) {
  auto piece = piece_of(key);
  const bool may_be = piece != pieces_.end();
  auto place = may_be ? std::lower_bound(piece->entries.begin(), piece->entries.end(), key, kBelow)
                      : std::vector<Entry>::iterator();
  const std::uint64_t before = may_be && place->key == key ? place->count : 0;
  if (by < 0 && before < static_cast<std::uint64_t>(-by)) throw std::invalid_argument("retract: a value that is not there");
  if (!may_be) {
    piece = pieces_.empty() ? pieces_.emplace(piece) : piece - 1;
    place = piece->entries.end();
  }
  if (!before) {
    place = piece->entries.insert(place, {key, 0});
    ++different_;
  }
  place->count += static_cast<std::uint64_t>(by);
  piece->total += static_cast<std::uint64_t>(by);
  if (place->count == 0) {
    piece->entries.erase(place);
    --different_;
    shrink(piece);
  } else if (piece->entries.size() > kMost) {
    split(piece);
  }
}

void OrderedCounts::split(std::vector<Piece>::iterator piece) {
  Piece upper;
  const auto middle = piece->entries.begin() + static_cast<std::ptrdiff_t>(piece->entries.size() / 2);
  upper.entries.assign(middle, piece->entries.end());
  for (const Entry &entry : upper.entries) upper.total += entry.count;
  piece->entries.erase(middle, piece->entries.end());
  piece->total -= upper.total;
  pieces_.insert(piece + 1, std::move(upper));
}

// Pieces that have become small are joined, so that many numbers that were there take no room.
void OrderedCounts::shrink(std::vector<Piece>::iterator piece) {
  if (piece->entries.empty()) {
    pieces_.erase(piece);
    return;
  }
  const auto next = piece + 1;
  if (next == pieces_.end() || piece->entries.size() + next->entries.size() > kMost / 4) return;
  piece->entries.insert(piece->entries.end(), next->entries.begin(), next->entries.end());
  piece->total += next->total;
  pieces_.erase(next);
}

std::int64_t OrderedCounts::at_rank(std::uint64_t rank) const {
  settled();
  auto piece = pieces_.begin();
  for (; piece->total < rank; ++piece) rank -= piece->total;
  auto entry = piece->entries.begin();
  for (; entry->count < rank; ++entry) rank -= entry->count;
  return entry->key;
}

void OrderedCounts::write(Bytes &bytes) const {
  write_value(bytes, static_cast<std::uint64_t>(different()));
  for (const Piece &piece : pieces_)
    for (const Entry &entry : piece.entries) {
      write_value(bytes, entry.key);
      write_value(bytes, entry.count);
    }
}

OrderedCounts OrderedCounts::read(Reader &reader) {
  OrderedCounts counts;
  const std::size_t n = reader.read_count(sizeof(Entry));
  for (std::size_t i = 0; i < n; ++i) {
    const auto key = reader.read<std::int64_t>();
    const auto count = reader.read<std::uint64_t>();
    const bool ascends = i == 0 || key > counts.greatest();
    Reader::require(ascends && count > 0 && count <= std::numeric_limits<std::uint64_t>::max() - counts.total_);
    if (i % (kMost / 2) == 0) counts.pieces_.emplace_back();
    counts.pieces_.back().entries.push_back({key, count});
    counts.pieces_.back().total += count;
    counts.total_ += count;
    ++counts.different_;
  }
  return counts;
}

}  // namespace streamstat
