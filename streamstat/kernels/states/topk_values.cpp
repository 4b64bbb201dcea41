#include "states/topk_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/xxhash64.hpp"

namespace streamstat::top {

namespace {

// ±0.digits·10^point, the digits without zeros around them; no digits is zero.
struct Decimal {
  int sign = 0;
  std::int64_t point = 0;
  std::string digits;
};

std::int64_t saturated_exponent(std::string_view spelling) {
  const bool negative = spelling.starts_with('-');
  if (negative || spelling.starts_with('+')) spelling.remove_prefix(1);
  constexpr std::int64_t limit = std::int64_t{1} << 60;
  std::int64_t exponent = 0;
  for (const char digit : spelling)
    if (digit >= '0' && digit <= '9') exponent = std::min(limit, exponent * 10 + (digit - '0'));
  return negative ? -exponent : exponent;
}

Decimal decimal(std::string_view spelling) {
  Decimal result;
  const bool negative = spelling.starts_with('-');
  const std::size_t e = spelling.find_first_of("eE");
  if (e != std::string_view::npos) result.point = saturated_exponent(spelling.substr(e + 1));
  bool in_fraction = false;
  for (const char c : spelling.substr(0, e)) {
    if (c == '.') in_fraction = true;
    if (c < '0' || c > '9') continue;
    const bool leads = c == '0' && result.digits.empty();
    if (!leads) result.digits.push_back(c);
    if (in_fraction == leads) result.point += in_fraction ? -1 : 1;
  }
  while (result.digits.ends_with('0')) result.digits.pop_back();
  result.sign = result.digits.empty() ? 0 : negative ? -1 : 1;
  return result;
}

int compare_numbers(std::string_view a, std::string_view b) {
  const Decimal left = decimal(a), right = decimal(b);
  if (left.sign != right.sign) return left.sign < right.sign ? -1 : 1;
  if (left.sign == 0) return 0;
  if (left.point != right.point) return left.point < right.point ? -left.sign : left.sign;
  return left.sign * left.digits.compare(right.digits);
}

void append(Bytes &bytes, std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); }

void append_escaped(Bytes &bytes, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  constexpr std::string_view plain = "\b\t\n\f\r\"\\", escaped = "btnfr\"\\";
  const auto known = plain.find(c);
  const auto code = static_cast<unsigned char>(c);
  if (known != std::string_view::npos) {
    bytes.push_back('\\');
    bytes.push_back(static_cast<std::uint8_t>(escaped[known]));
  } else if (code < 0x20) {
    append(bytes, "\\u00");
    bytes.push_back(static_cast<std::uint8_t>(hex[code >> 4]));
    bytes.push_back(static_cast<std::uint8_t>(hex[code & 15]));
  } else {
    bytes.push_back(code);
  }
}

}  // namespace

std::uint64_t Value::hash() const { return xxhash64(spelling.data(), spelling.size(), rank); }

Value value_of(std::uint8_t kind, std::string_view spelling) {
  switch (kind) {
    case kind::no:
      return {no, {}};
    case kind::yes:
      return {yes, {}};
    case kind::text:
      return {text, spelling};
    case kind::json:
      return {json, spelling};
    default:
      return {number, spelling};
  }
}

void require_spelt(Slots slots, std::span<const std::uint8_t> kinds, const TextColumn &texts) {
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (slots[i] >= 0 && kinds[i] != kind::null && value_of(kinds[i], texts[i]) == Value{number, {}})
      throw std::invalid_argument("text_offsets: row " + std::to_string(i) + " is a number without its spelling");
}

int compare(const Value &a, const Value &b) {
  if (a.rank != b.rank) return a.rank < b.rank ? -1 : 1;
  const int by_value = a.rank == number ? compare_numbers(a.spelling, b.spelling) : 0;
  return by_value ? by_value : a.spelling.compare(b.spelling);
}

void append_json(Bytes &bytes, const Value &value) {
  if (value.rank == no) return append(bytes, "false");
  if (value.rank == yes) return append(bytes, "true");
  if (value.rank != text) return append(bytes, value.spelling);
  bytes.push_back('"');
  for (const char c : value.spelling) append_escaped(bytes, c);
  bytes.push_back('"');
}

void append_json(Bytes &bytes, std::uint64_t count) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), count).ptr;
  bytes.insert(bytes.end(), digits.begin(), end);
}

}  // namespace streamstat::top
