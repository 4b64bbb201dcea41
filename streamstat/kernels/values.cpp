#include "values.hpp"

#include "kinds.hpp"
#include "number.hpp"
#include "ordering.hpp"
#include "xxhash64.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
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

namespace {

using Rows = std::span<std::size_t>;
constexpr int most_depth = 4;

// Puts rows in the order of their keys, and those of equal keys in the order that `settle(run)` brings.
template <typename Settle>
void order_by(Rows rows, std::span<const std::int64_t> keys, Settle settle) {
  const std::vector<std::size_t> before(rows.begin(), rows.end());
  const auto places = ordering::stable_order(keys);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = before[static_cast<std::size_t>(places[i])];
  for (std::size_t lo = 0, hi = 1; lo < rows.size(); lo = hi++) {
    const auto key = [&](std::size_t i) { return keys[static_cast<std::size_t>(places[i])]; };
    while (hi < rows.size() && key(hi) == key(lo)) ++hi;
    if (hi - lo > 1) settle(rows.subspan(lo, hi - lo));
  }
}

// Eight bytes from `from` on as a number that is in their order; what is behind the end counts as zeros.
std::int64_t key_of(std::string_view text, std::size_t from) {
  std::uint64_t key = 0;
  for (std::size_t i = from; i < from + 8; ++i)
    key = key << 8 | (i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0});
  return static_cast<std::int64_t>(key ^ std::uint64_t{1} << 63);
}

// A key of eight bytes behind those that all have in common tells most texts apart: sorting these moves no text.
void order_texts(const ValueColumn &values, Rows rows, std::size_t common, int depth) {
  const auto less = [&](std::size_t a, std::size_t b) { return values.text(a) < values.text(b); };
  if (depth == most_depth || rows.size() < 3) {
    std::sort(rows.begin(), rows.end(), less);
    return;
  }
  const std::string_view first = values.text(rows[0]);
  std::size_t alike = first.size();
  for (const std::size_t row : rows) {
    const std::string_view text = values.text(row).substr(0, alike);
    const auto differs = std::mismatch(text.begin() + static_cast<std::ptrdiff_t>(common), text.end(),
                                       first.begin() + static_cast<std::ptrdiff_t>(common));
    alike = static_cast<std::size_t>(differs.first - text.begin());
  }
  std::vector<std::int64_t> keys;
  keys.reserve(rows.size());
  for (const std::size_t row : rows) keys.push_back(key_of(values.text(row), alike));
  order_by(rows, keys, [&](Rows run) { order_texts(values, run, alike, depth + 1); });
}

// Doubles as numbers in their order; -0.0 is 0.0.
std::int64_t key_of(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value + 0.0);
  return bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits;
}

}  // namespace

std::vector<std::int64_t> rank_values(const ValueColumn &values) {
  std::array<std::vector<std::size_t>, 6> classes;
  for (std::size_t i = 0; i < values.size(); ++i)
    classes[static_cast<std::size_t>(class_of(values.kinds[i]))].push_back(i);
  std::vector<std::int64_t> ranks(values.size());
  std::int64_t next = 0;
  const auto rank = [&](std::span<const std::size_t> rows, auto differ) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      next += i > 0 && differ(rows[i - 1], rows[i]);
      ranks[rows[i]] = next;
    }
    next += !rows.empty();
  };
  std::vector<Number> numbers(classes[0].empty() ? 0 : values.size());
  std::vector<std::int64_t> keys;
  for (const std::size_t row : classes[0]) {
    numbers[row] = read(values.text(row));
    keys.push_back(key_of(numbers[row].value));
  }
  const auto compare = [&](std::size_t a, std::size_t b) {
    return compare_numbers(numbers[a], values.text(a), numbers[b], values.text(b));
  };
  order_by(classes[0], keys, [&](Rows run) {
    std::sort(run.begin(), run.end(), [&](std::size_t a, std::size_t b) { return compare(a, b) < 0; });
  });
  rank(classes[0], [&](std::size_t a, std::size_t b) { return compare(a, b) != 0; });
  for (const std::size_t kind : {1, 2, 3, 4, 5}) {
    const bool has_text = kind == 1 || kind == 4;
    if (has_text) order_texts(values, classes[kind], 0, 0);
    rank(classes[kind], [&](std::size_t a, std::size_t b) { return has_text && values.text(a) != values.text(b); });
  }
  return ranks;
}

}  // namespace streamstat
