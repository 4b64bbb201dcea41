// The order of values in result rows, as in values.hpp, for very many values: each takes 12 bytes, and is read where it is.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace streamstat {

namespace ranking {

enum Class : std::uint8_t { kNumber, kText, kNo, kYes, kJson, kNothing };

Class class_of(std::uint8_t kind);

// A number as a word whose order is that of the nearest doubles; those beyond them are infinite.
std::uint64_t number_word(std::string_view text);

// Two numbers of one such word.
int compare_numbers(std::string_view a, std::string_view b);

// The first eight bytes, which decide most comparisons without a look at the text.
inline std::uint64_t text_word(std::string_view text) {
  std::uint64_t word = 0;
  const std::size_t n = std::min<std::size_t>(text.size(), 8);
  for (std::size_t i = 0; i < n; ++i) word |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(text[i])) << (56 - 8 * i);
  return word;
}

struct [[gnu::packed]] Ranked {  // 12 bytes: there may be many
  std::uint64_t word;
  std::uint32_t index;
};

}  // namespace ranking

// Dense ranks of n values, equal ones of equal rank; kind(i) and text(i) tell them. Takes 12 bytes a value for a while.
template <typename Kind, typename Text>
std::vector<std::int32_t> ranks_of(std::size_t n, Kind &&kind, Text &&text) {
  using namespace ranking;
  if (n > INT32_MAX) throw std::overflow_error("more than 2147483647 values");
  std::array<std::size_t, kNothing + 2> ends{};  // of each class, those of one class behind one another
  for (std::size_t i = 0; i < n; ++i) ++ends[class_of(kind(i)) + 1];
  for (std::size_t c = 1; c < ends.size(); ++c) ends[c] += ends[c - 1];
  std::vector<Ranked> order(n);
  const auto starts = ends;
  for (std::size_t i = 0; i < n; ++i) {
    const Class of = class_of(kind(i));
    const bool spelt = of == kText || of == kJson;
    const std::uint64_t word = of == kNumber ? number_word(text(i)) : spelt ? text_word(text(i)) : 0;
    order[ends[of]++] = {word, static_cast<std::uint32_t>(i)};
  }
  std::vector<std::int32_t> ranks(n);
  std::int32_t rank = -1;
  for (std::size_t of = 0; of <= kNothing; ++of) {
    const auto compare = [&](const Ranked &a, const Ranked &b) {
      if (a.word != b.word) return a.word < b.word ? -1 : 1;
      if (of == kNumber) return compare_numbers(text(a.index), text(b.index));
      return of == kText || of == kJson ? text(a.index).compare(text(b.index)) : 0;
    };
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(starts[of]);
    const auto last = order.begin() + static_cast<std::ptrdiff_t>(ends[of]);
    std::sort(first, last, [&](const Ranked &a, const Ranked &b) { return compare(a, b) < 0; });
    for (auto each = first; each != last; ++each) {
      rank += each == first || compare(*(each - 1), *each) != 0;
      ranks[each->index] = rank;
    }
  }
  return ranks;
}

}  // namespace streamstat
