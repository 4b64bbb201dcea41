#include "keys/tuples.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/state_bytes.hpp"
#include "base/xxhash64.hpp"

namespace streamstat {

namespace {

constexpr char kTag[] = "tuples 1\n";
constexpr std::int64_t kMaxWidth = 4096;

}  // namespace

TupleTable::TupleTable(std::int64_t width) : width_(static_cast<std::size_t>(width)) {
  if (width < 1 || width > kMaxWidth)
    throw std::invalid_argument("width: " + std::to_string(width) + " is not within 1 to " + std::to_string(kMaxWidth));
}

void TupleTable::intern(std::span<const std::int32_t *const> columns, std::span<const std::uint8_t> take,
                        std::span<std::int32_t> ids) {
  look_up(columns, take, ids, [&](std::uint64_t hash, std::size_t row) { return add(hash, columns, row); });
}

void TupleTable::find(std::span<const std::int32_t *const> columns, std::span<std::int32_t> ids) const {
  look_up(columns, {}, ids, [](std::uint64_t, std::size_t) { return -1; });
}

// `unknown(hash, row)` gives the id of a row that has none.
template <typename Unknown>
void TupleTable::look_up(std::span<const std::int32_t *const> columns, std::span<const std::uint8_t> take,
                         std::span<std::int32_t> ids, Unknown &&unknown) const {
  switch (width_) {
    case 2: return look_up_rows<2>(columns, take, ids, unknown);
    case 3: return look_up_rows<3>(columns, take, ids, unknown);
    default: return look_up_rows<0>(columns, take, ids, unknown);
  }
}

// Width is known to the compiler for the common ones, 0 for any other.
template <std::size_t Width, typename Unknown>
void TupleTable::look_up_rows(std::span<const std::int32_t *const> columns, std::span<const std::uint8_t> take,
                              std::span<std::int32_t> ids, Unknown &&unknown) const {
  const std::size_t width = Width ? Width : width_;
  std::array<std::uint64_t, kChunk> hashes;
  for (std::size_t first = 0; first < ids.size(); first += kChunk) {
    const std::size_t n = std::min(kChunk, ids.size() - first);
    hashes.fill(0);
    for (std::size_t c = 0; c < width; ++c)
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint64_t mixed = (hashes[i] ^ static_cast<std::uint32_t>(columns[c][first + i])) * xxh::kPrime1;
        hashes[i] = mixed ^ (mixed >> 32);
      }
    for (std::size_t i = 0; i < n; ++i) {
      hashes[i] *= xxh::kPrime2;
      hashes[i] ^= hashes[i] >> 29;
      slots_.prefetch(hashes[i]);
    }
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = first + i;
      if (!take.empty() && !take[row]) {
        ids[row] = -1;
        continue;
      }
      const std::int32_t known = slots_.find(hashes[i], [&](std::int32_t id) {
        const std::int32_t *stored = rows_.data() + static_cast<std::size_t>(id) * width;
        for (std::size_t c = 0; c < width; ++c)
          if (stored[c] != columns[c][row]) return false;
        return true;
      });
      ids[row] = known >= 0 ? known : unknown(hashes[i], row);
    }
  }
}

std::int32_t TupleTable::add(std::uint64_t hash, std::span<const std::int32_t *const> columns, std::size_t row) {
  const std::size_t id = hashes_.size();
  require_room(id);
  slots_.make_room(id, [&](std::size_t code) { return hashes_[code]; });
  rows_.resize((id + 1) * width_);
  for (std::size_t c = 0; c < width_; ++c) rows_[id * width_ + c] = columns[c][row];
  hashes_.push_back(hash);
  slots_.insert(hash, static_cast<std::int32_t>(id));
  return static_cast<std::int32_t>(id);
}

void TupleTable::column(std::size_t column, std::span<const std::int32_t> ids, std::span<std::int32_t> codes) const {
  require_codes(ids, size());
  for (std::size_t i = 0; i < ids.size(); ++i) codes[i] = rows_[static_cast<std::size_t>(ids[i]) * width_ + column];
}

std::vector<std::int32_t> TupleTable::retain(std::span<const std::uint8_t> live) {
  require_live(live, size());
  TupleTable kept(static_cast<std::int64_t>(width_));
  std::vector<std::int32_t> mapping(size(), -1);
  std::vector<const std::int32_t *> row(width_);
  for (std::size_t id = 0; id < live.size(); ++id) {
    if (!live[id]) continue;
    for (std::size_t c = 0; c < width_; ++c) row[c] = rows_.data() + id * width_ + c;
    mapping[id] = kept.add(hashes_[id], row, 0);
  }
  *this = std::move(kept);
  return mapping;
}

Bytes TupleTable::snapshot() const {
  Bytes bytes = tagged(kTag);
  write_value(bytes, static_cast<std::uint64_t>(width_));
  write_column(bytes, rows_);
  return bytes;
}

void TupleTable::restore(ByteSpan snapshot) {
  Reader reader(snapshot, kTag);
  Reader::require(reader.read<std::uint64_t>() == width_, "of another width");
  const auto rows = reader.read_column<std::int32_t>();
  reader.require_end();
  Reader::require(rows.size() % width_ == 0, "ends within a row");
  const std::size_t n = rows.size() / width_;
  std::vector<std::int32_t> columns(rows.size()), ids(n);
  std::vector<const std::int32_t *> starts(width_);
  for (std::size_t c = 0; c < width_; ++c) {
    starts[c] = columns.data() + c * n;
    for (std::size_t i = 0; i < n; ++i) columns[c * n + i] = rows[i * width_ + c];
  }
  TupleTable restored(static_cast<std::int64_t>(width_));
  restored.intern(starts, {}, ids);
  Reader::require(restored.size() == n, "a row twice");
  *this = std::move(restored);
}

}  // namespace streamstat
