#include "changes/key_texts.hpp"

#include "base/kinds.hpp"

#include <cstring>
#include <utility>

namespace streamstat {

namespace {

constexpr char kTag[] = "held1";

void put(Bytes &out, std::string_view bytes) { write_bytes(out, bytes.data(), bytes.size()); }

}  // namespace

// A kind, the bytes of a spelling, and that; several of these.
ByteStrings key_texts(const std::vector<KeyColumnIn> &columns, std::size_t n) {
  for (const KeyColumnIn &column : columns) {
    require_size(n, column.kinds.size(), "kinds");
    require_kinds(column.kinds);
  }
  ByteStrings out;
  for (std::size_t row = 0; row < n; ++row) {
    for (const KeyColumnIn &column : columns) {
      const std::uint8_t kind = identity_of(column.kinds[row]);
      const std::string_view text = kind >= kind::integer ? column.texts[row] : std::string_view();
      write_value(out.data, kind);
      write_value(out.data, static_cast<std::uint32_t>(text.size()));
      put(out.data, text);
    }
    out.end_string();
  }
  return out;
}

std::vector<KeyColumn> keys_of_texts(const TextColumn &texts, std::size_t columns) {
  std::vector<KeyColumn> out(columns);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string_view text = texts[row];
    Reader reader({reinterpret_cast<const std::uint8_t *>(text.data()), text.size()});
    for (KeyColumn &column : out) {
      if (text.empty()) {
        column.kinds.push_back(kind::null);
        column.texts.end_string();
        continue;
      }
      const auto kind = reader.read<std::uint8_t>();
      Reader::require(kind <= kind::json);
      const ByteSpan spelling = reader.read_bytes(reader.read<std::uint32_t>());
      Reader::require(spelling.empty() || kind >= kind::integer);
      column.kinds.push_back(kind);
      column.texts.data.insert(column.texts.data.end(), spelling.begin(), spelling.end());
      column.texts.end_string();
    }
    reader.require_end();
  }
  return out;
}

ByteStrings HeldUpdates::take(std::span<const std::uint8_t> ops, const TextColumn &keys) {
  require_size(ops.size(), keys.size(), "keys");
  ByteStrings out;
  for (std::size_t row = 0; row < ops.size(); ++row) {
    if (ops[row] == 1) hold(keys[row]);
    if (ops[row] == 2 && !in_order_.empty()) {
      const auto own = by_key_.find(std::string(keys[row]));
      const auto first = own == by_key_.end() ? in_order_.begin() : in_order_.find(own->second);
      put(out.data, first->second);
      by_key_.erase(first->second);
      in_order_.erase(first);
    }
    out.end_string();
  }
  return out;
}

void HeldUpdates::hold(std::string_view key) {
  const auto [it, is_new] = by_key_.try_emplace(std::string(key), next_);
  if (!is_new) {
    in_order_.erase(it->second);
    it->second = next_;
  }
  in_order_.emplace(next_++, std::string(key));
}

ByteStrings HeldUpdates::keys() const {
  ByteStrings out;
  for (const auto &[number, key] : in_order_) {
    put(out.data, key);
    out.end_string();
  }
  return out;
}

Bytes HeldUpdates::snapshot() const {
  Bytes out;
  write_bytes(out, kTag, sizeof kTag - 1);
  write_value(out, static_cast<std::uint64_t>(in_order_.size()));
  for (const auto &[number, key] : in_order_) write_text(out, key);
  return out;
}

void HeldUpdates::restore(ByteSpan bytes) {
  Reader reader(bytes, kTag);
  HeldUpdates made;
  for (std::size_t n = reader.read_count(sizeof(std::uint64_t)); n > 0; --n) {
    const std::string_view key = reader.read_text();
    Reader::require(!made.by_key_.contains(std::string(key)));
    made.hold(key);
  }
  reader.require_end();
  *this = std::move(made);
}

}  // namespace streamstat
