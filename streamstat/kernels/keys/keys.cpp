#include "keys/keys.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "base/kinds.hpp"
#include "base/prefetch.hpp"
#include "base/state_bytes.hpp"
#include "base/xxhash64.hpp"
#include "keys/ranking.hpp"

namespace streamstat {

namespace {

constexpr char kTag[] = "keys 1\n";

bool has_text(std::uint8_t kind) { return kind >= kind::integer; }

void require_short(const TextColumn &texts) {
  constexpr std::size_t longest = std::numeric_limits<std::uint32_t>::max();
  bool is_long = false;
  for (std::size_t i = 0; i < texts.size(); ++i) is_long |= texts[i].size() > longest;
  if (is_long) throw std::invalid_argument("text_offsets: a text of 4 GiB or more");
}

}  // namespace

// `unknown(hash, kind, text)` gives the code of what has none.
template <typename Unknown>
void KeyTable::look_up(std::span<const std::uint8_t> kinds, TextColumn texts, std::span<std::int32_t> codes,
                       Unknown &&unknown) const {
  require_kinds(kinds);
  require_short(texts);
  std::array<std::uint64_t, kChunk> hashes;
  for (std::size_t first = 0; first < kinds.size(); first += kChunk) {
    const std::size_t n = std::min(kChunk, kinds.size() - first);
    const auto text = [&](std::size_t i) { return has_text(kinds[i]) ? texts[i] : std::string_view(); };
    for (std::size_t i = 0; i < n; ++i) {
      const auto bytes = text(first + i);
      hashes[i] = xxhash64(bytes.data(), bytes.size());
      slots_.prefetch(hashes[i]);
    }
    // Table, beginning and text lie apart: each is on its way for all rows before the next is asked for.
    for (std::size_t i = 0; i < n; ++i) {
      codes[first + i] = slots_.candidate(hashes[i]);
      if (codes[first + i] >= 0) prefetch_line(&begins_[static_cast<std::size_t>(codes[first + i])]);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (codes[first + i] >= 0) prefetch_line(this->text(static_cast<std::size_t>(codes[first + i])).data());
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint8_t kind = kinds[first + i];
      const auto bytes = text(first + i);
      const std::int32_t known = slots_.find(hashes[i], [&](std::int32_t code) {
        const auto told = this->text(static_cast<std::size_t>(code));
        const std::uint8_t known_kind = this->kind(static_cast<std::size_t>(code));
        return told.size() == bytes.size() && (known_kind == kind || identity_of(known_kind) == identity_of(kind)) &&
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

std::int32_t KeyTable::add(std::uint64_t hash, std::uint8_t kind, std::string_view text) {
  require_room(size_);
  slots_.make_room(size_, [this](std::size_t code) { return this->hash(code); });
  if (size_ == begins_.capacity()) begins_.reserve(size_ * 2 + 64);
  std::uint8_t *const end = arena_.grow(text.size());
  if (!text.empty()) std::memcpy(end, text.data(), text.size());
  begins_[size_] = arena_.size() | static_cast<std::uint64_t>(kind) << kKindShift;
  arena_.advance(text.size());
  const auto code = static_cast<std::int32_t>(size_++);
  slots_.insert(hash, code);
  return code;
}

std::string_view KeyTable::text(std::size_t code) const {
  const std::uint64_t begin = begins_[code] & kBeginMask;
  const std::uint64_t end = code + 1 < size_ ? begins_[code + 1] & kBeginMask : arena_.size();
  return {reinterpret_cast<const char *>(arena_.data()) + begin, static_cast<std::size_t>(end - begin)};
}

std::uint64_t KeyTable::hash(std::size_t code) const {
  const auto bytes = text(code);
  return xxhash64(bytes.data(), bytes.size());
}

void KeyTable::kinds(std::span<const std::int32_t> codes, std::span<std::uint8_t> kinds) const {
  require_codes(codes, size());
  for (std::size_t i = 0; i < codes.size(); ++i) kinds[i] = kind(static_cast<std::size_t>(codes[i]));
}

ByteStrings KeyTable::texts(std::span<const std::int32_t> codes) const {
  require_codes(codes, size());
  ByteStrings texts;
  texts.offsets.reserve(codes.size() + 1);
  for (const std::int32_t code : codes)
    texts.offsets.push_back(texts.offsets.back() + static_cast<std::int64_t>(text(static_cast<std::size_t>(code)).size()));
  texts.data.resize(static_cast<std::size_t>(texts.offsets.back()));
  for (std::size_t i = 0; i < codes.size(); ++i) {
    constexpr std::size_t ahead = 16;
    if (i + ahead < codes.size()) prefetch_line(text(static_cast<std::size_t>(codes[i + ahead])).data());
    const auto bytes = text(static_cast<std::size_t>(codes[i]));
    std::copy(bytes.begin(), bytes.end(), texts.data.begin() + texts.offsets[i]);
  }
  return texts;
}

std::vector<std::int32_t> KeyTable::ranks() const {
  return ranks_of(
      size_, [this](std::size_t code) { return kind(code); },
      [this](std::size_t code) { return text(code); });
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

Bytes KeyTable::snapshot() const {
  Bytes bytes = tagged(kTag);
  std::vector<std::uint8_t> kinds(size_);
  std::vector<std::int64_t> offsets(size_ + 1);
  for (std::size_t code = 0; code < size_; ++code) {
    kinds[code] = kind(code);
    offsets[code] = static_cast<std::int64_t>(begins_[code] & kBeginMask);
  }
  offsets[size_] = static_cast<std::int64_t>(arena_.size());
  write_column(bytes, kinds);
  write_column(bytes, offsets);
  write_column(bytes, std::span(arena_.data(), arena_.size()));
  return bytes;
}

void KeyTable::restore(ByteSpan snapshot) {
  Reader reader(snapshot, kTag);
  const auto kinds = reader.read_column<std::uint8_t>();
  const auto offsets = reader.read_column<std::int64_t>();
  const auto data = reader.read_column<std::uint8_t>();
  reader.require_end();
  KeyTable restored;
  std::vector<std::int32_t> codes(kinds.size());
  restored.intern(kinds, TextColumn(offsets, data, kinds.size()), codes);
  Reader::require(restored.size() == kinds.size(), "a key twice");
  *this = std::move(restored);
}

}  // namespace streamstat
