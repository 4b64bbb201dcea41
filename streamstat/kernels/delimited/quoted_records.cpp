#include "delimited/quoted_records.hpp"

#include <cstring>

namespace streamstat {

namespace {

constexpr std::size_t kNone = SIZE_MAX;

std::size_t find(std::span<const Byte> content, Byte wanted, std::size_t from) {
  const void *const found = from < content.size() ? std::memchr(content.data() + from, wanted, content.size() - from) : nullptr;
  return found ? static_cast<std::size_t>(static_cast<const Byte *>(found) - content.data()) : kNone;
}

// The place behind the last newline in [lo, hi), or `lo`.
std::size_t behind_last_newline(std::span<const Byte> content, std::size_t lo, std::size_t hi) {
  while (hi > lo && content[hi - 1] != '\n') --hi;
  return hi;
}

}  // namespace

std::size_t QuotedRecords::end(std::span<const Byte> content) {
  for (bool left = true; left;) {
    switch (within_) {
      case Within::cells: left = leave_cells(content); break;
      case Within::quotes: left = leave_quotes(content); break;
      case Within::bad_line: left = leave_bad_line(content); break;
    }
  }
  return record_;
}

// Each returns false where more bytes must come first.
bool QuotedRecords::leave_cells(std::span<const Byte> content) {
  const std::size_t quote = find(content, '"', reached_);
  const std::size_t hi = quote == kNone ? content.size() : quote;
  if (const std::size_t behind = behind_last_newline(content, reached_, hi); behind > reached_) record_ = behind;
  reached_ = hi;
  if (quote == kNone) return false;
  if (opens_cell(content, quote)) within_ = Within::quotes;
  ++reached_;
  return true;
}

bool QuotedRecords::leave_quotes(std::span<const Byte> content) {
  const std::size_t quote = find(content, '"', reached_);
  reached_ = quote == kNone ? content.size() : quote;
  const auto at = [&](std::size_t i) { return i < content.size() ? static_cast<int>(content[i]) : -1; };
  const int next = at(reached_ + 1);
  if (next < 0 || (next == '\r' && at(reached_ + 2) < 0)) return false;
  if (next == '"') {
    reached_ += 2;
  } else if (next == separator_ || next == '\n' || (next == '\r' && at(reached_ + 2) == '\n')) {
    ++reached_;
    within_ = Within::cells;
  } else {
    reached_ = record_;
    within_ = Within::bad_line;
  }
  return true;
}

bool QuotedRecords::leave_bad_line(std::span<const Byte> content) {
  const std::size_t newline = find(content, '\n', reached_);
  reached_ = newline == kNone ? content.size() : newline + 1;
  if (newline == kNone) return false;
  record_ = reached_;
  within_ = Within::cells;
  return true;
}

// NULs in front of a record are no part of it.
bool QuotedRecords::opens_cell(std::span<const Byte> content, std::size_t quote) const {
  if (quote > record_ && content[quote - 1] == separator_) return true;
  std::size_t before = quote;
  while (before > record_ && content[before - 1] == 0) --before;
  return before == record_;
}

std::size_t QuotedRecords::forced_end(std::span<const Byte> content) {
  const std::size_t newline = find(content, '\n', 0);
  return newline == kNone ? 0 : newline + 1;
}

void QuotedRecords::taken(std::size_t size) {
  if (size <= record_) {
    record_ -= size;
    reached_ -= size;
  } else {  // a record was cut off, or NULs in front of one were dropped: what is behind them is looked at again
    record_ = reached_ = 0;
    within_ = Within::cells;
  }
}

}  // namespace streamstat
