#include "profiles/field_profile.hpp"

#include "events/value_hash.hpp"
#include "json/json_text.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace streamstat {

namespace {

void keep(std::string &kept, std::string_view text) { kept = text.substr(0, FrequentValues::kKept); }

}  // namespace

const HllSettings &FieldProfile::settings() {
  static const HllSettings settings(14);
  return settings;
}

std::uint64_t FieldProfile::present() const { return std::accumulate(kinds.begin(), kinds.end(), std::uint64_t{0}); }

std::optional<double> FieldProfile::median() {
  if (!numbers_.total()) return std::nullopt;
  return numbers_.quantile(Fraction(1, 2).rank(numbers_.total()));
}

void FieldProfile::add(std::span<const ProfileCell> cells, const TimeReader &times) {
  for (const ProfileCell &cell : cells) {
    ++kinds[cell.kind == kind::json && *cell.begin == '{' ? kObject : cell.kind];
    if (cell.kind == kind::null) continue;
    std::string_view spelt(reinterpret_cast<const char *>(cell.begin), cell.size);
    if (cell.escaped || cell.kind == kind::json) {
      room_.resize(std::size_t{cell.size} + kPadding);
      const auto bring = cell.escaped ? json::unescape : json::compact;
      Byte *const end = bring(cell.begin, cell.begin + cell.size, room_.data());
      spelt = {reinterpret_cast<const char *>(room_.data()), static_cast<std::size_t>(end - room_.data())};
    }
    value(cell, spelt);
    if (cell.kind == kind::text) time(cell, spelt, times);
  }
}

void FieldProfile::value(const ProfileCell &cell, std::string_view spelt) {
  if (example_kind == kind::null) {
    example_kind = cell.kind;
    keep(example, spelt);
  }
  const auto *bytes = reinterpret_cast<const Byte *>(spelt.data());
  const std::uint64_t hash = value_hash(cell.kind, bytes, static_cast<std::uint32_t>(spelt.size()));
  if (cell.kind == kind::integer || cell.kind == kind::real) number(cell);
  if (!frequent.add(hash, cell.kind, spelt)) return;  // it was there before, and nothing else can change
  hashes_.add(hash, settings());
  if (cell.kind == kind::text) text(spelt);
}

void FieldProfile::number(const ProfileCell &cell) {
  if (cell.kind == kind::integer) {
    least_integer = std::min(least_integer, cell.number);
    greatest_integer = std::max(greatest_integer, cell.number);
    numbers_.add(cell.number);
  } else {
    const auto value = std::bit_cast<double>(cell.number);
    least_real = std::min(least_real, value);
    greatest_real = std::max(greatest_real, value);
    numbers_.add(value);
  }
}

void FieldProfile::text(std::string_view text) {
  if (!has_text_) {
    has_text_ = true;
    keep(least_text, text);
    keep(greatest_text, text);
  } else if (text < least_text) {
    keep(least_text, text);
  } else if (text > greatest_text) {
    keep(greatest_text, text);
  }
}

// Whether a field holds times is told by its first text: a text that is none costs little then.
void FieldProfile::time(const ProfileCell &cell, std::string_view text, const TimeReader &times) {
  const bool is_first = kinds[kind::text] == 1;
  if (!is_first && !looks_like_times_) return;
  // A number in quotes may be a time, too, but so may be any number.
  if (text.find_first_not_of("0123456789.") == std::string_view::npos) return;
  const Cell found{nullptr, nullptr, 0, cell.kind, true, nullptr};
  const TimeKind kind = times.time(found, reinterpret_cast<const Byte *>(text.data()), static_cast<std::uint32_t>(text.size())).kind;
  const bool is_time = kind == TimeKind::zoned || kind == TimeKind::local || kind == TimeKind::yearless;
  if (is_first) looks_like_times_ = is_time;
  this->times += is_time;
}

}  // namespace streamstat
