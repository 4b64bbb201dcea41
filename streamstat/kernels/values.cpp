#include "values.hpp"

#include "kinds.hpp"
#include "number.hpp"
#include "xxhash64.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

namespace streamstat {

std::string_view ValueColumn::text(std::size_t i) const {
  const std::int64_t lo = offsets[i], hi = offsets[i + 1];
  if (lo < 0 || hi < lo || static_cast<std::size_t>(hi) > data.size())
    throw std::out_of_range("offsets: not ascending within the data");
  return data.substr(static_cast<std::size_t>(lo), static_cast<std::size_t>(hi - lo));
}

std::vector<std::uint64_t> hash_values(const ValueColumn &values) {
  std::vector<std::uint64_t> hashes(values.size());
  std::string marked;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string_view text = values.text(i);
    switch (values.kinds[i]) {
      case kind::null: continue;
      case kind::text: break;
      case kind::no: text = "\xFF" "false"; break;
      case kind::yes: text = "\xFF" "true"; break;
      default:
        marked.assign(1, '\xFF');
        marked += text;
        text = marked;
    }
    hashes[i] = xxhash64(text.data(), text.size());
  }
  return hashes;
}

namespace {

struct Number {
  json::Decimal decimal;
  double value = 0;
  bool fits = false;  // in int64
  std::int64_t integer = 0;
};

Number read(std::string_view text) {
  Number number;
  json::Failure failure;
  std::string ended;  // the reader wants something behind a number that is no digit
  ended.reserve(text.size() + json::kNumberReach);
  ended.append(text).append(json::kNumberReach, ' ');
  const auto *begin = reinterpret_cast<const json::Byte *>(ended.c_str());
  const auto *end = json::read_decimal(begin, number.decimal, failure);
  if (!end) return number;
  number.fits = json::to_int64(number.decimal, number.integer);
  if (!json::to_double(number.decimal, begin, end, number.value))
    number.value = number.decimal.negative ? -std::numeric_limits<double>::infinity()
                                           : std::numeric_limits<double>::infinity();
  return number;
}

int class_of(std::uint8_t kind) {
  switch (kind) {
    case kind::integer: case kind::real: case kind::huge: return 0;
    case kind::text: return 1;
    case kind::no: return 2;
    case kind::yes: return 3;
    case kind::json: return 4;
    default: return 5;
  }
}

// The digits of a number written without fraction and exponent, longer ones are larger; empty for others.
std::string_view whole_digits(const Number &number, std::string_view text) {
  if (!number.decimal.integral) return {};
  return text.substr(text[0] == '-');
}

int compare_numbers(const Number &a, std::string_view a_text, const Number &b, std::string_view b_text) {
  if (a.value != b.value) return a.value < b.value ? -1 : 1;
  const std::string_view x = whole_digits(a, a_text), y = whole_digits(b, b_text);
  if (!x.empty() && !y.empty() && x != y && a.decimal.negative == b.decimal.negative) {
    const int larger = x.size() != y.size() ? (x.size() < y.size() ? -1 : 1) : x.compare(y);
    return a.decimal.negative ? -larger : larger;
  }
  return a_text.compare(b_text);
}

}  // namespace

std::vector<std::int64_t> parse_numbers(const ValueColumn &values) {
  std::vector<std::int64_t> numbers(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (class_of(values.kinds[i]) != 0) continue;
    const Number number = read(values.text(i));
    if (values.kinds[i] == kind::integer) numbers[i] = number.integer;
    if (values.kinds[i] == kind::real) std::memcpy(&numbers[i], &number.value, sizeof number.value);
  }
  return numbers;
}

std::vector<std::int64_t> rank_values(const ValueColumn &values) {
  const std::size_t n = values.size();
  std::vector<Number> numbers;  // mostly there are none, and a million texts to be ranked
  for (std::size_t i = 0; i < n; ++i)
    if (class_of(values.kinds[i]) == 0) {
      numbers.resize(n);
      numbers[i] = read(values.text(i));
    }
  const auto compare = [&](std::size_t a, std::size_t b) {
    const int x = class_of(values.kinds[a]), y = class_of(values.kinds[b]);
    if (x != y) return x < y ? -1 : 1;
    if (x == 0) return compare_numbers(numbers[a], values.text(a), numbers[b], values.text(b));
    return x == 1 || x == 4 ? values.text(a).compare(values.text(b)) : 0;
  };
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return compare(a, b) < 0; });
  std::vector<std::int64_t> ranks(n);
  for (std::size_t i = 1; i < n; ++i)
    ranks[order[i]] = ranks[order[i - 1]] + (compare(order[i - 1], order[i]) != 0);
  return ranks;
}

}  // namespace streamstat
