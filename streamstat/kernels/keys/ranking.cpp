#include "keys/ranking.hpp"

#include <limits>
#include <string>

#include "base/kinds.hpp"
#include "events/number.hpp"

namespace streamstat::ranking {

namespace {

// The digits of a number written without fraction and exponent, longer ones are larger; empty for others.
std::string_view whole_digits(std::string_view text) {
  if (text.find_first_of(".eE") != std::string_view::npos) return {};
  return text.substr(text.starts_with('-'));
}

double nearest_double(std::string_view text) {
  std::string ended;  // the reader wants something behind a number that is no digit
  ended.reserve(text.size() + kNumberReach);
  ended.append(text).append(kNumberReach, ' ');
  const auto *begin = reinterpret_cast<const Byte *>(ended.c_str());
  Decimal decimal;
  Failure failure;
  const auto *end = read_decimal(begin, decimal, failure);
  double value = 0;
  if (end && !to_double(decimal, begin, end, value))
    value = decimal.negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  return value;
}

}  // namespace

Class class_of(std::uint8_t kind) {
  switch (kind) {
    case kind::integer: case kind::real: case kind::huge: return kNumber;
    case kind::text: return kText;
    case kind::no: return kNo;
    case kind::yes: return kYes;
    case kind::json: return kJson;
    default: return kNothing;
  }
}

std::uint64_t number_word(std::string_view text) {
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(nearest_double(text) + 0.0);  // of two zeros one
  return bits & sign ? ~bits : bits | sign;
}

int compare_numbers(std::string_view a, std::string_view b) {
  const std::string_view x = whole_digits(a), y = whole_digits(b);
  const bool negative = a.starts_with('-');
  if (!x.empty() && !y.empty() && x != y && negative == b.starts_with('-')) {
    const int larger = x.size() != y.size() ? (x.size() < y.size() ? -1 : 1) : x.compare(y);
    return negative ? -larger : larger;
  }
  return a.compare(b);
}

}  // namespace streamstat::ranking
