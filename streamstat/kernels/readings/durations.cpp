#include "readings/exact_decimal.hpp"
#include "readings/readings.hpp"

#include <optional>

namespace streamstat {

namespace {

constexpr int kPlaces = 18;  // of a fraction that count; a duration is summed up in units of 1 ns / 10^18
constexpr Natural kOne = 1'000'000'000'000'000'000U;
constexpr Natural kMostWhole = ~Natural{0} / kOne - 1;  // may have any fraction

struct Unit {
  std::string_view name;
  std::uint64_t ns;
};

constexpr std::uint64_t kSecond = 1'000'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr Unit kUnits[] = {
    {"ms", 1'000'000},   {"s", kSecond},         {"us", 1'000},        {"\xC2\xB5s", 1'000}, {"\xCE\xBCs", 1'000},
    {"ns", 1},           {"m", kMinute},         {"h", kHour},         {"d", kDay},          {"w", 7 * kDay},
    {"min", kMinute},    {"sec", kSecond},       {"second", kSecond},  {"seconds", kSecond}, {"minute", kMinute},
    {"minutes", kMinute}, {"hour", kHour},       {"hours", kHour},     {"day", kDay},        {"days", kDay},
    {"week", 7 * kDay},  {"weeks", 7 * kDay},    {"msec", 1'000'000},  {"usec", 1'000}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes a text apart, piece by piece from its begin.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  bool take(char wanted) {
    if (rest_.empty() || (rest_[0] | 0x20) != (wanted | 0x20)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // -1 or 1, as a sign says or is missing.
  int sign() {
    const bool minus = take_exactly('-');
    if (!minus) take_exactly('+');
    return minus ? -1 : 1;
  }

  char letter() {
    if (rest_.empty()) return 0;
    const char found = rest_[0] & ~0x20;
    rest_.remove_prefix(1);
    return found;
  }

  std::string_view word() {
    std::size_t size = 0;
    while (size < rest_.size() && !is_digit(rest_[size]) && rest_[size] != ' ' && rest_[size] != '.') ++size;
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }

  // Digits with a point among them or a comma, times 10^18; none if there is no digit, or too many.
  std::optional<Natural> decimal(bool comma) {
    Natural value = 0;
    bool any = false;
    for (; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1), any = true) {
      value = value * 10 + static_cast<unsigned>(rest_[0] - '0');
      if (value > kMostWhole) return {};
    }
    value *= kOne;
    if (rest_.empty() || !(rest_[0] == '.' || (comma && rest_[0] == ','))) return any ? std::optional(value) : std::nullopt;
    rest_.remove_prefix(1);
    Natural place = kOne;
    for (; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1), any = true) {
      place /= 10;
      value += place * static_cast<unsigned>(rest_[0] - '0');
    }
    return any ? std::optional(value) : std::nullopt;
  }

 private:
  bool take_exactly(char wanted) {
    const bool found = !rest_.empty() && rest_[0] == wanted;
    if (found) rest_.remove_prefix(1);
    return found;
  }

  std::string_view rest_;
};

// A sum of amounts of units; too long for 128 bits is none.
class Sum {
 public:
  bool add(const std::optional<Natural> &decimal, std::uint64_t ns, int sign) {
    Natural amount;
    if (!decimal || ns == 0 || __builtin_mul_overflow(*decimal, Natural{ns}, &amount)) return false;
    Natural &side = sign < 0 ? below_ : above_;
    return !__builtin_add_overflow(side, amount, &side);
  }

  Reading seconds(int sign) const {
    const bool below = below_ > above_;
    return double_value_of(below ? below_ - above_ : above_ - below_, -kPlaces - 9, below != (sign < 0));
  }

 private:
  Natural above_ = 0, below_ = 0;
};

std::uint64_t ns_of(std::string_view name) {
  for (const Unit &unit : kUnits)
    if (unit.name == name) return unit.ns;
  return 0;
}

// Behind the P of ISO 8601: weeks and days, then behind a T hours, minutes and seconds, each once at most.
Reading iso_duration(Reader text, int sign) {
  constexpr std::string_view dates = "WD", times = "HMS";
  constexpr std::uint64_t lengths[2][3] = {{7 * kDay, kDay, 0}, {kHour, kMinute, kSecond}};
  Sum sum;
  std::size_t from = 0;
  bool any = false, in_time = false;
  while (!text.at_end()) {
    if (!in_time && text.take('T')) {
      in_time = true;
      from = 0;
      any = false;
      continue;
    }
    const int own = text.sign();
    const std::optional<Natural> decimal = text.decimal(true);
    const std::size_t unit = (in_time ? times : dates).find(text.letter(), from);
    if (unit == std::string_view::npos || !sum.add(decimal, lengths[in_time][unit], own)) return {};
    from = unit + 1;
    any = true;
  }
  return any ? sum.seconds(sign) : Reading{};
}

}  // namespace

Reading duration_of(std::string_view text) {
  Reader reader(text);
  const int sign = reader.sign();
  if (reader.take('P')) return iso_duration(reader, sign);
  if (text == "0") return Reading::of(0.0);
  Sum sum;
  do {
    const std::optional<Natural> decimal = reader.decimal(false);
    reader.skip_spaces();
    if (!sum.add(decimal, ns_of(reader.word()), 1)) return {};
    reader.skip_spaces();
  } while (!reader.at_end());
  return sum.seconds(sign);
}

}  // namespace streamstat
