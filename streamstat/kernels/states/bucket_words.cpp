#include "states/bucket_words.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace streamstat {

namespace {

constexpr std::size_t kFewToSort = 32;
constexpr std::size_t kMostSortedAgain = 4;  // times what is new: to merge, a branch has to guess each step

// By their upper halves, a byte of their differences from the least at a time: no branch depends on the data.
void sort_words(std::span<std::uint64_t> words) {
  if (words.size() <= kFewToSort) {
    std::sort(words.begin(), words.end());
    return;
  }
  std::uint64_t lo = words[0], hi = words[0];
  for (const std::uint64_t word : words) {
    lo = std::min(lo, word);
    hi = std::max(hi, word);
  }
  const std::uint64_t least = lo >> 32, spread = (hi >> 32) - least;
  const auto scratch = std::make_unique_for_overwrite<std::uint64_t[]>(words.size());
  std::uint64_t *from = words.data(), *to = scratch.get();
  for (int shift = 0; spread >> shift; shift += 8) {
    const auto digit = [=](std::uint64_t word) { return ((word >> 32) - least) >> shift & 0xFF; };
    std::array<std::uint32_t, 256> ends = {};
    for (std::size_t i = 0; i < words.size(); ++i) ++ends[digit(from[i])];
    std::uint32_t begin = 0;
    for (std::uint32_t &end : ends) begin += std::exchange(end, begin);
    for (std::size_t i = 0; i < words.size(); ++i) to[ends[digit(from[i])]++] = from[i];
    std::swap(from, to);
  }
  if (from != words.data()) std::copy_n(from, words.size(), words.data());
}

bool same_bucket(std::uint64_t one, std::uint64_t other) { return one >> 32 == other >> 32; }

// Sorted words with the counts of equal buckets added up; how many are left.
std::size_t add_up(std::span<std::uint64_t> words) {
  std::size_t last = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (same_bucket(words[last], words[i]))
      words[last] += words[i] & 0xFFFFFFFFu;
    else
      words[++last] = words[i];
  }
  return last + 1;
}

}  // namespace

std::size_t settle_words(std::span<std::uint64_t> words, std::size_t sorted) {
  if (words.empty()) return 0;
  if (sorted / kMostSortedAgain <= words.size() - sorted) {
    sort_words(words);
    return add_up(words);
  }
  const auto middle = words.begin() + static_cast<std::ptrdiff_t>(sorted);
  sort_words(words.subspan(sorted));
  const auto merged = std::make_unique_for_overwrite<std::uint64_t[]>(words.size());
  std::merge(words.begin(), middle, middle, words.end(), merged.get(),
             [](std::uint64_t one, std::uint64_t other) { return one >> 32 < other >> 32; });
  std::copy_n(merged.get(), words.size(), words.begin());
  return add_up(words);
}

}  // namespace streamstat
