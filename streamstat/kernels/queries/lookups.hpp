// What is looked up of an event: keys that tell by which field, and how, a query can be found.
#pragma once

#include <cstddef>
#include <cstdint>

namespace streamstat {

enum class Lookup : std::uint64_t { value = 1, word = 2, beginning = 3, anywhere = 4 };

inline std::uint64_t salt_of(Lookup lookup, std::size_t field) {
  return (static_cast<std::uint64_t>(field) * 8 + static_cast<std::uint64_t>(lookup)) * 0x9E3779B97F4A7C15ULL;
}

inline std::uint64_t salted(std::uint64_t hash, std::uint64_t salt) { return (hash ^ salt) * 0xD6E8FEB86659FD93ULL; }

}  // namespace streamstat
