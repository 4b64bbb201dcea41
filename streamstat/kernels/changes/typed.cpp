#include "changes/typed.hpp"

#include "changes/members.hpp"
#include "changes/name_index.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace streamstat {

namespace {

constexpr std::size_t kMostDecimalBytes = 2048;
constexpr std::int64_t kMostScale = 16384;  // what PostgreSQL allows

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

// The digits of an unsigned integer of these bytes, which are spent.
std::string digits_of(std::string bytes) {
  std::string reversed;
  std::size_t first = 0;
  while (first < bytes.size()) {
    std::uint64_t rest = 0;
    for (std::size_t i = first; i < bytes.size(); ++i) {
      rest = rest << 8 | static_cast<unsigned char>(bytes[i]);
      bytes[i] = static_cast<char>(rest / 1'000'000'000);
      rest %= 1'000'000'000;
    }
    while (first < bytes.size() && bytes[first] == 0) ++first;
    for (int i = 0; i < 9; ++i, rest /= 10) reversed += static_cast<char>('0' + rest % 10);
  }
  while (reversed.size() > 1 && reversed.back() == '0') reversed.pop_back();
  if (reversed.empty()) return "0";
  return {reversed.rbegin(), reversed.rend()};
}

bool integer_of(std::string_view value, std::int64_t &number) {
  const char *const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  return read.ec == std::errc() && read.ptr == end;
}

std::int64_t floor_divided(std::int64_t number, std::int64_t by) {
  return number / by - (number % by != 0 && (number < 0) != (by < 0));
}

// The time of a day in parts of a second, without zeros at its end.
std::string clock_text(std::int64_t parts, std::int64_t a_second) {
  const std::int64_t seconds = parts / a_second;
  char room[64];
  std::snprintf(room, sizeof room, "%02d:%02d:%02d", static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  std::string out = room;
  if (const std::int64_t fraction = parts % a_second) {
    std::string digits = std::to_string(a_second + fraction).substr(1);
    digits.resize(digits.find_last_not_of('0') + 1);
    out += '.' + digits;
  }
  return out;
}

std::string decimal_of(std::string_view value, std::int64_t scale) {
  if (!is_string(value)) return {};
  const auto bytes = from_base64(text_of(value));
  return bytes ? decimal_text(*bytes, scale) : std::string();
}

std::string in_quotes(const std::string &text) { return text.empty() ? text : quoted(text); }

std::string read(std::string_view value, const TypedColumn &column) {
  if (column.meaning == Meaning::decimal) return decimal_of(value, column.scale);
  std::int64_t number;
  if (column.meaning == Meaning::scaled_decimal) {
    return integer_of(member(value, "\"scale\""), number) ? decimal_of(member(value, "\"value\""), number) : std::string();
  }
  if (!integer_of(value, number)) return {};
  switch (column.meaning) {
    case Meaning::days: return in_quotes(date_text(number));
    case Meaning::milliseconds: return in_quotes(timestamp_text(number, 1'000));
    case Meaning::microseconds: return in_quotes(timestamp_text(number, 1'000'000));
    case Meaning::nanoseconds: return in_quotes(timestamp_text(number, 1'000'000'000));
    case Meaning::time_milliseconds: return in_quotes(time_of_day_text(number, 1'000));
    case Meaning::time_microseconds: return in_quotes(time_of_day_text(number, 1'000'000));
    default: return in_quotes(time_of_day_text(number, 1'000'000'000));
  }
}

}  // namespace

std::optional<std::string> from_base64(std::string_view text) {
  std::string out;
  unsigned bits = 0, have = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '=') {
      ++padding;
      continue;
    }
    const int digit = base64_digit(c);
    if (digit < 0 || padding) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(digit);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out += static_cast<char>(bits >> have & 0xFF);
    bits &= (1U << have) - 1;
  }
  if (padding > 2 || have == 6 || bits) return std::nullopt;
  return out;
}

std::string decimal_text(std::string_view big_endian, std::int64_t scale) {
  if (big_endian.empty() || big_endian.size() > kMostDecimalBytes || scale > kMostScale || scale < -kMostScale) return {};
  std::string bytes(big_endian);
  const bool is_negative = static_cast<unsigned char>(bytes[0]) & 0x80;
  if (is_negative) {
    for (char &byte : bytes) byte = static_cast<char>(~byte);
    for (std::size_t i = bytes.size(); i-- > 0;)
      if (++bytes[i] != 0) break;
  }
  std::string digits = digits_of(std::move(bytes));
  if (scale < 0 && digits != "0") digits.append(static_cast<std::size_t>(-scale), '0');
  if (scale > 0) {
    const auto behind = static_cast<std::size_t>(scale);
    if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
    digits.insert(digits.size() - behind, 1, '.');
  }
  return is_negative ? '-' + digits : digits;
}

std::string date_text(std::int64_t days) {
  constexpr std::int64_t kFirst = -719'162, kLast = 2'932'896;
  if (days < kFirst || days > kLast) return {};
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  char room[64];
  std::snprintf(room, sizeof room, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return room;
}

std::string timestamp_text(std::int64_t number, std::int64_t a_second) {
  const std::int64_t a_day = 86'400 * a_second;
  const std::int64_t days = floor_divided(number, a_day);
  const std::string date = date_text(days);
  return date.empty() ? date : date + 'T' + clock_text(number - days * a_day, a_second);
}

std::string time_of_day_text(std::int64_t number, std::int64_t a_second) {
  if (number < 0 || number > 86'400 * a_second) return {};
  return clock_text(number, a_second);
}

std::string typed_value(std::string_view value, const TypedColumn &column) {
  const std::string typed = read(value, column);
  return typed.empty() ? std::string(value) : typed;
}

ByteStrings objects_typed(const TextColumn &objects, std::span<const std::int32_t> schemas,
                          const std::vector<std::vector<TypedColumn>> &columns) {
  require_size(objects.size(), schemas.size(), "schemas");
  ByteStrings out;
  NameIndex names;
  std::int32_t known = -1;
  for (std::size_t row = 0; row < objects.size(); ++row) {
    const std::string_view object = objects[row];
    const std::int32_t schema = schemas[row];
    if (schema >= 0 && static_cast<std::size_t>(schema) >= columns.size()) throw std::invalid_argument("schemas: there is none such");
    if (schema != known) {
      known = schema;
      names.clear();
      if (schema >= 0)
        for (const TypedColumn &each : columns[static_cast<std::size_t>(schema)]) names.add(each.name);
    }
    const std::size_t begin = out.data.size();
    if (schema < 0) {
      out.data.insert(out.data.end(), object.begin(), object.end());
    } else {
      const auto &typed = columns[static_cast<std::size_t>(schema)];
      ObjectWriting made(out.data);
      const bool is_whole = each_member(object, [&](std::string_view name, std::string_view value) {
        const std::size_t column = names.find(name);
        made.put(name, column == NameIndex::kNone ? std::string(value) : typed_value(value, typed[column]));
      });
      made.end();
      if (!is_whole) out.data.resize(begin);
    }
    out.end_string();
  }
  return out;
}

}  // namespace streamstat
