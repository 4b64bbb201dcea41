// XXH64 as published in the xxHash specification (https://github.com/Cyan4973/xxHash, doc/xxhash_spec.md).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace streamstat {

namespace xxh {
constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87ULL;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4FULL;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9ULL;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63ULL;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5ULL;

template <typename T>
inline T load(const void *p) {
  T v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline std::uint64_t round(std::uint64_t acc, std::uint64_t lane) {
  return std::rotl(acc + lane * kPrime2, 31) * kPrime1;
}
inline std::uint64_t merge(std::uint64_t acc, std::uint64_t lane) { return (acc ^ round(0, lane)) * kPrime1 + kPrime4; }
inline std::uint64_t with_eight(std::uint64_t h, std::uint64_t lane) {
  return std::rotl(h ^ round(0, lane), 27) * kPrime1 + kPrime4;
}
inline std::uint64_t with_four(std::uint64_t h, std::uint32_t lane) {
  return std::rotl(h ^ (lane * kPrime1), 23) * kPrime2 + kPrime3;
}
inline std::uint64_t with_one(std::uint64_t h, unsigned char byte) { return std::rotl(h ^ (byte * kPrime5), 11) * kPrime1; }

// With what is left of the input, less than 32 bytes.
inline std::uint64_t finished(std::uint64_t h, const unsigned char *p, const unsigned char *end) {
  for (; end - p >= 8; p += 8) h = with_eight(h, load<std::uint64_t>(p));
  if (end - p >= 4) {
    h = with_four(h, load<std::uint32_t>(p));
    p += 4;
  }
  for (; p != end; ++p) h = with_one(h, *p);
  h = (h ^ (h >> 33)) * kPrime2;
  h = (h ^ (h >> 29)) * kPrime3;
  return h ^ (h >> 32);
}
}  // namespace xxh

inline std::uint64_t xxhash64(const void *data, std::size_t size, std::uint64_t seed = 0) {
  using namespace xxh;
  const auto *p = static_cast<const unsigned char *>(data);
  const auto *const end = p + size;
  std::uint64_t h;
  if (size >= 32) {
    std::uint64_t a = seed + kPrime1 + kPrime2, b = seed + kPrime2, c = seed, d = seed - kPrime1;
    for (; end - p >= 32; p += 32) {
      a = round(a, load<std::uint64_t>(p));
      b = round(b, load<std::uint64_t>(p + 8));
      c = round(c, load<std::uint64_t>(p + 16));
      d = round(d, load<std::uint64_t>(p + 24));
    }
    h = std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
    h = merge(merge(merge(merge(h, a), b), c), d);
  } else {
    h = seed + kPrime5;
  }
  return xxh::finished(h + size, p, end);
}

// Of one byte and less than 31 others, which need not be copied behind it.
inline std::uint64_t xxhash64_behind(std::uint8_t byte, const void *data, std::size_t size, std::uint64_t seed = 0) {
  using namespace xxh;
  const auto *p = static_cast<const unsigned char *>(data);
  const auto *const end = p + size;
  std::uint64_t h = seed + kPrime5 + size + 1;
  if (size >= 7) {
    const std::uint64_t seven = load<std::uint32_t>(p) | static_cast<std::uint64_t>(load<std::uint32_t>(p + 3)) << 24;
    return finished(with_eight(h, seven << 8 | byte), p + 7, end);
  }
  if (size >= 3) {
    const std::uint32_t three = p[0] | static_cast<std::uint32_t>(load<std::uint16_t>(p + 1)) << 8;
    return finished(with_four(h, three << 8 | byte), p + 3, end);
  }
  return finished(with_one(h, byte), p, end);
}

}  // namespace streamstat
