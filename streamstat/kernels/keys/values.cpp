#include "keys/values.hpp"

#include "base/kinds.hpp"
#include "base/xxhash64.hpp"
#include "events/number.hpp"
#include "keys/ranking.hpp"

#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

namespace streamstat {

std::vector<std::uint64_t> hash_values(const ValueColumn &values) {
  std::vector<std::uint64_t> hashes(values.size());
  std::string marked;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string_view text = values.texts[i];
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
  Decimal decimal;
  double value = 0;
  std::int64_t integer = 0;
};

Number read(std::string_view text) {
  Number number;
  Failure failure;
  std::string ended;  // the reader wants something behind a number that is no digit
  ended.reserve(text.size() + kNumberReach);
  ended.append(text).append(kNumberReach, ' ');
  const auto *begin = reinterpret_cast<const Byte *>(ended.c_str());
  const auto *end = read_decimal(begin, number.decimal, failure);
  if (!end) return number;
  to_int64(number.decimal, number.integer);
  if (!to_double(number.decimal, begin, end, number.value))
    number.value = number.decimal.negative ? -std::numeric_limits<double>::infinity()
                                           : std::numeric_limits<double>::infinity();
  return number;
}

}  // namespace

std::vector<std::int64_t> parse_numbers(const ValueColumn &values) {
  std::vector<std::int64_t> numbers(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (ranking::class_of(values.kinds[i]) != ranking::kNumber) continue;
    const Number number = read(values.texts[i]);
    if (values.kinds[i] == kind::integer) numbers[i] = number.integer;
    if (values.kinds[i] == kind::real) std::memcpy(&numbers[i], &number.value, sizeof number.value);
  }
  return numbers;
}

std::vector<std::int64_t> rank_values(const ValueColumn &values) {
  const auto ranks = ranks_of(
      values.size(), [&](std::size_t i) { return values.kinds[i]; }, [&](std::size_t i) { return values.texts[i]; });
  return {ranks.begin(), ranks.end()};
}

}  // namespace streamstat
