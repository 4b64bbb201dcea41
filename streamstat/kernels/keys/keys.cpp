#include "keys/keys.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "base/kinds.hpp"
#include "base/state_bytes.hpp"
#include "base/xxhash64.hpp"
#include "keys/ranking.hpp"

namespace streamstat {

namespace {

constexpr char TAG[] = "keys 1\n";

bool has_text(std::uint8_t kind) { return kind >= kind::integer; }

void require_texts(TextColumn texts, std::size_t n) {
  if (texts.offsets.size() != n + 1) throw std::invalid_argument("text_offsets: not one more than kinds");
  bool wrong = texts.offsets[0] < 0 || static_cast<std::uint64_t>(texts.offsets[n]) > texts.data.size();
  for (std::size_t i = 0; i < n; ++i) wrong |= texts.offsets[i + 1] < texts.offsets[i];
  if (wrong) throw std::invalid_argument("text_offsets: not ascending within text_data");
  constexpr std::int64_t LONGEST = std::numeric_limits<std::uint32_t>::max();
  bool huge = false;
  for (std::size_t i = 0; i < n; ++i) huge |= texts.offsets[i + 1] - texts.offsets[i] > LONGEST;
  if (huge) throw std::invalid_argument("text_offsets: a text of 4 GiB or more");
}

}  // namespace

// `unknown(hash, kind, text)` gives the code of what has none.
template <typename Unknown>
void KeyTable::look_up(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes,
                       Unknown &&unknown) const {
  require_kinds(kinds);
  require_texts(texts, kinds.size());
  std::array<std::uint64_t, CHUNK> hashes;
  for (std::size_t first = 0; first < kinds.size(); first += CHUNK) {
    const std::size_t n = std::min(CHUNK, kinds.size() - first);
    const auto text = [&](std::size_t i) {
      const auto lo = static_cast<std::size_t>(texts.offsets[i]), hi = static_cast<std::size_t>(texts.offsets[i + 1]);
      return has_text(kinds[i]) ? texts.data.subspan(lo, hi - lo) : std::span<const std::uint8_t>();
    };
    for (std::size_t i = 0; i < n; ++i) {
      const auto bytes = text(first + i);
      hashes[i] = xxhash64(bytes.data(), bytes.size());
      slots_.prefetch(hashes[i]);
    }
    // Table, beginning and text lie apart: each is on its way for all rows before the next is asked for.
    for (std::size_t i = 0; i < n; ++i) {
      codes[first + i] = slots_.candidate(hashes[i]);
      if (codes[first + i] >= 0) __builtin_prefetch(&begins_[static_cast<std::size_t>(codes[first + i])]);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (codes[first + i] >= 0) __builtin_prefetch(this->text(static_cast<std::size_t>(codes[first + i])).data());
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint8_t kind = kinds[first + i];
      const auto bytes = text(first + i);
      const std::int32_t known = slots_.find(hashes[i], [&](std::int32_t code) {
        const auto told = this->text(static_cast<std::size_t>(code));
        return told.size() == bytes.size() && identity_of(this->kind(static_cast<std::size_t>(code))) == identity_of(kind) &&
               (told.empty() || std::memcmp(told.data(), bytes.data(), told.size()) == 0);
      });
      codes[first + i] = known >= 0 ? known : unknown(hashes[i], kind, bytes);
    }
  }
}

void KeyTable::intern(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes) {
  look_up(kinds, texts, codes, [this](auto hash, auto kind, auto text) { return add(hash, kind, text); });
}

void KeyTable::find(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes) const {
  look_up(kinds, texts, codes, [](auto, auto, auto) { return -1; });
}

std::int32_t KeyTable::add(std::uint64_t hash, std::uint8_t kind, std::span<const std::uint8_t> text) {
  require_room(size_);
  slots_.make_room(size_, [this](std::size_t code) { return this->hash(code); });
  if (size_ == begins_.capacity()) begins_.reserve(size_ * 2 + 64);
  std::uint8_t *const end = arena_.grow(text.size());
  if (!text.empty()) std::memcpy(end, text.data(), text.size());
  begins_[size_] = arena_.size() | static_cast<std::uint64_t>(kind) << KIND_SHIFT;
  arena_.advance(text.size());
  const auto code = static_cast<std::int32_t>(size_++);
  slots_.insert(hash, code);
  return code;
}

std::span<const std::uint8_t> KeyTable::text(std::size_t code) const {
  const std::uint64_t begin = begins_[code] & BEGIN_MASK;
  const std::uint64_t end = code + 1 < size_ ? begins_[code + 1] & BEGIN_MASK : arena_.size();
  return {arena_.data() + begin, static_cast<std::size_t>(end - begin)};
}

std::uint64_t KeyTable::hash(std::size_t code) const {
  const auto bytes = text(code);
  return xxhash64(bytes.data(), bytes.size());
}

void KeyTable::kinds(std::span<const std::int32_t> codes, std::span<std::uint8_t> kinds) const {
  require_codes(codes, size());
  for (std::size_t i = 0; i < codes.size(); ++i) kinds[i] = kind(static_cast<std::size_t>(codes[i]));
}

std::pair<std::vector<std::int64_t>, std::vector<std::uint8_t>> KeyTable::texts(
    std::span<const std::int32_t> codes) const {
  require_codes(codes, size());
  std::vector<std::int64_t> offsets = {0};
  offsets.reserve(codes.size() + 1);
  for (const std::int32_t code : codes)
    offsets.push_back(offsets.back() + static_cast<std::int64_t>(text(static_cast<std::size_t>(code)).size()));
  std::vector<std::uint8_t> data(static_cast<std::size_t>(offsets.back()));
  for (std::size_t i = 0; i < codes.size(); ++i) {
    constexpr std::size_t ahead = 16;
    if (i + ahead < codes.size()) __builtin_prefetch(text(static_cast<std::size_t>(codes[i + ahead])).data());
    const auto bytes = text(static_cast<std::size_t>(codes[i]));
    std::copy(bytes.begin(), bytes.end(), data.begin() + offsets[i]);
  }
  return {std::move(offsets), std::move(data)};
}

std::vector<std::int32_t> KeyTable::ranks() const {
  return ranks_of(
      size_, [this](std::size_t code) { return kind(code); },
      [this](std::size_t code) {
        const auto bytes = text(code);
        return std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size());
      });
}

std::vector<std::int32_t> KeyTable::retain(std::span<const std::uint8_t> live) {
  require_live(live, size());
  KeyTable kept;
  std::vector<std::int32_t> mapping(size(), -1);
  for (std::size_t code = 0; code < live.size(); ++code)
    if (live[code]) mapping[code] = kept.add(hash(code), kind(code), text(code));
  *this = std::move(kept);
  return mapping;
}

std::string KeyTable::snapshot() const {
  StateWriter writer(TAG);
  std::vector<std::uint8_t> kinds(size_);
  std::vector<std::int64_t> offsets(size_ + 1);
  for (std::size_t code = 0; code < size_; ++code) {
    kinds[code] = kind(code);
    offsets[code] = static_cast<std::int64_t>(begins_[code] & BEGIN_MASK);
  }
  offsets[size_] = static_cast<std::int64_t>(arena_.size());
  writer.column(kinds);
  writer.column(offsets);
  writer.column(std::span(arena_.data(), arena_.size()));
  return std::move(writer).take();
}

void KeyTable::restore(std::span<const char> bytes) {
  StateReader reader(bytes, TAG);
  const auto kinds = reader.column<std::uint8_t>();
  const auto offsets = reader.column<std::int64_t>();
  const auto data = reader.column<std::uint8_t>();
  reader.end();
  KeyTable restored;
  std::vector<std::int32_t> codes(kinds.size());
  restored.intern(kinds, {offsets, data}, codes);
  if (restored.size() != kinds.size()) throw std::invalid_argument("snapshot: a key twice");
  *this = std::move(restored);
}

}  // namespace streamstat
