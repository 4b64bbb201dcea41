#include "profiles/field_profile.hpp"

#include "json/json_text.hpp"

#include <algorithm>
#include <bit>

namespace streamstat {

namespace {

// A number in quotes may be a time, too, but so may be any number.
bool is_time(std::string_view text, const TimeReader &times) {
  if (text.find_first_not_of("0123456789.") == std::string_view::npos) return false;
  const Cell cell{nullptr, nullptr, 0, kind::text, true, nullptr};
  const TimeKind kind = times.time(cell, reinterpret_cast<const Byte *>(text.data()), static_cast<std::uint32_t>(text.size())).kind;
  return kind == TimeKind::zoned || kind == TimeKind::local || kind == TimeKind::yearless;
}

}  // namespace

const HllSettings &FieldProfile::settings() {
  static const HllSettings settings(14);
  return settings;
}

std::optional<double> FieldProfile::median() {
  if (!numbers_.total()) return std::nullopt;
  return numbers_.quantile(Fraction(1, 2).rank(numbers_.total()));
}

void FieldProfile::add(std::span<const NotedValue> values, const FoundIn &in, const TimeReader &times) {
  for (const NotedValue &value : values) {
    if (!in.has(value)) continue;
    const bool is_first_text = !kinds[kind::text] && value.kind == kind::text;
    ++kinds[value.kind];
    if (value.kind == kind::null) continue;
    if (value.kind == kind::integer || value.kind == kind::real) number(value);
    const bool is_known = frequent.count(value.hash);  // it was there before, and changes nothing else
    if (is_known && !looks_like_times_) continue;
    const std::string_view text = text_of(value, in);
    if (is_first_text) looks_like_times_ = is_time(text, times);
    if (looks_like_times_ && value.kind == kind::text) this->times += is_time(text, times);
    if (is_known) continue;
    if (example_kind == kind::null) {
      example_kind = value.kind;
      example = text.substr(0, FrequentValues::kKept);
    }
    frequent.insert(value.hash, value.kind, text, !value.is_escaped);
    hashes_.add(value.hash, settings());
    if (value.kind == kind::text) this->text(value.number, text, is_first_text);
  }
  frequent.settle();
}

void FieldProfile::text(std::int64_t beginning, std::string_view text, bool is_first) {
  if (is_first || beginning < least_text.beginning || (beginning == least_text.beginning && text < least_text.text))
    least_text = {beginning, std::string(text.substr(0, FrequentValues::kKept))};
  if (is_first || beginning > greatest_text.beginning || (beginning == greatest_text.beginning && text > greatest_text.text))
    greatest_text = {beginning, std::string(text.substr(0, FrequentValues::kKept))};
}

std::string_view FieldProfile::text_of(const NotedValue &value, const FoundIn &in) {
  const Byte *begin = in.bytes.data() + value.begin;
  std::size_t size = value.size;
  if (value.is_escaped) {
    room_.resize(size + kPadding);
    size = static_cast<std::size_t>(json::meant(value.kind == kind::text, begin, begin + size, room_.data()) - room_.data());
    begin = room_.data();
  }
  return {reinterpret_cast<const char *>(begin), size};
}

void FieldProfile::number(const NotedValue &value) {
  if (value.kind == kind::integer) {
    least_integer = std::min(least_integer, value.number);
    greatest_integer = std::max(greatest_integer, value.number);
    numbers_.add(value.number);
  } else {
    const auto real = std::bit_cast<double>(value.number);
    least_real = std::min(least_real, real);
    greatest_real = std::max(greatest_real, real);
    numbers_.add(real);
  }
}

}  // namespace streamstat
