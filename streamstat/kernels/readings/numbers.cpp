#include "events/number.hpp"
#include "readings/exact_decimal.hpp"
#include "readings/readings.hpp"

#include <array>
#include <string>
#include <vector>

namespace streamstat {

namespace {

struct Leading {
  Decimal decimal;
  std::size_t size = 0;  // 0: there is none
};

// The JSON number that a text begins with.
Leading leading_number(std::string_view text) {
  if (text.empty() || (text[0] != '-' && !is_digit(static_cast<Byte>(text[0])))) return {};
  std::array<Byte, 128> few;
  std::vector<Byte> many;
  Byte *room = few.data();
  if (text.size() + kNumberReach > few.size()) {
    many.resize(text.size() + kNumberReach);
    room = many.data();
  }
  std::memcpy(room, text.data(), text.size());
  std::memset(room + text.size(), 0, kNumberReach);
  Leading leading;
  Failure failure;
  const Byte *const end = read_decimal(room, leading.decimal, failure);
  if (end) leading.size = static_cast<std::size_t>(end - room);
  return leading;
}

Reading double_of(const Decimal &decimal, std::string_view spelling) {
  const auto *const begin = reinterpret_cast<const Byte *>(spelling.data());
  double value;
  return to_double(decimal, begin, begin + spelling.size(), value) ? Reading::of(value) : Reading{};
}

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};

constexpr Unit kUnits[] = {{"", 1},
                           {"k", 1'000},
                           {"K", 1'000},
                           {"M", 1'000'000},
                           {"G", 1'000'000'000},
                           {"T", 1'000'000'000'000},
                           {"P", 1'000'000'000'000'000},
                           {"Ki", 1ULL << 10},
                           {"Mi", 1ULL << 20},
                           {"Gi", 1ULL << 30},
                           {"Ti", 1ULL << 40},
                           {"Pi", 1ULL << 50}};

// 0 if there is no such unit.
std::uint64_t bytes_of_unit(std::string_view name) {
  if (name.ends_with('B')) name.remove_suffix(1);
  for (const Unit &unit : kUnits)
    if (unit.name == name) return unit.bytes;
  return 0;
}

// The power of ten that a unit is, 0 if it is none.
unsigned tens_of(std::uint64_t unit) {
  unsigned tens = 0;
  for (; unit % 10 == 0; unit /= 10) ++tens;
  return unit == 1 ? tens : 0;
}

// A number as it is spelt, times a power of ten: rounded once.
Reading double_of_tens(std::string_view number, unsigned tens) {
  const std::size_t mark = number.find_first_of("eE");
  std::int64_t exponent = 0;
  if (mark != number.npos) {
    const std::string_view written = number.substr(mark + 1 + (number[mark + 1] == '+'));
    const auto [stop, error] = std::from_chars(written.data(), written.data() + written.size(), exponent);
    if (error != std::errc() || exponent > 100'000 || exponent < -100'000) exponent = written[0] == '-' ? -100'000 : 100'000;
  }
  const std::string spelling = std::string(number.substr(0, mark)) + "e" + std::to_string(exponent + tens);
  double value = 0;
  const auto [stop, error] = std::from_chars(spelling.data(), spelling.data() + spelling.size(), value);
  if (error != std::errc()) value = exponent > 0 ? HUGE_VAL : 0;
  return finite(value);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(spaces);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(spaces) + 1 - begin);
}

Reading number_of(std::string_view text) {
  const Leading leading = leading_number(text);
  if (leading.size == 0 || leading.size != text.size()) return {};
  Reading reading;
  if (!to_int64(leading.decimal, reading.number)) return double_of(leading.decimal, text);
  reading.kind = kind::integer;
  return reading;
}

Reading size_of(std::string_view text) {
  const Leading leading = leading_number(text);
  const Decimal &decimal = leading.decimal;
  const std::uint64_t unit = leading.size ? bytes_of_unit(trimmed(text.substr(leading.size))) : 0;
  if (unit == 0) return {};
  const std::string_view number = text.substr(0, leading.size);
  if (decimal.dropped) {  // more than 19 digits are no whole bytes in int64, but for zeros
    const unsigned tens = tens_of(unit);
    const Reading plain = tens ? double_of_tens(number, tens) : double_of(decimal, number);
    if (plain.kind == kind::null || tens) return plain;
    return finite(std::bit_cast<double>(plain.number) * static_cast<double>(unit) + 0.0);  // exact: a power of two; no -0
  }
  const Natural bytes = Natural{decimal.mantissa} * unit;
  return value_of(bytes, decimal.exponent, decimal.negative);
}

}  // namespace streamstat
