// Words of a bucket above and its count below, in 32 bits each, as sparse counters keep them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace streamstat {

// Sorts words, of which the first `sorted` are, and adds up the counts of equal buckets, which fit. How many are left.
std::size_t settle_words(std::span<std::uint64_t> words, std::size_t sorted);

}  // namespace streamstat
