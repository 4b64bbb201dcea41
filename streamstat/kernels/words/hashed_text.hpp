// A hash of short texts, which is the same for bytes that may be read beyond their end and for others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace streamstat::hashed {

constexpr std::uint64_t kFirst = 0x9E3779B97F4A7C15ULL, kSecond = 0xD6E8FEB86659FD93ULL;

template <typename T>
T load(const void *p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

inline std::uint64_t begun(std::size_t size) { return kSecond ^ size; }
inline std::uint64_t mixed(std::uint64_t hash, std::uint64_t piece) {
  hash = (hash ^ piece) * kFirst;
  return (hash ^ hash >> 32) * kSecond;
}

// The last bytes of a text, eight at most, as one number.
inline std::uint64_t last(const std::uint8_t *p, std::size_t size) {
  if (size == 8) return load<std::uint64_t>(p);
  if (size >= 4) return load<std::uint32_t>(p) | std::uint64_t{load<std::uint32_t>(p + size - 4)} << 8 * (size - 4);
  if (size == 0) return 0;
  return p[0] | std::uint64_t{p[size / 2]} << 8 * (size / 2) | std::uint64_t{p[size - 1]} << 8 * (size - 1);
}

inline std::uint64_t text(const std::uint8_t *p, std::size_t size) {
  std::uint64_t hash = begun(size);
  for (; size > 8; p += 8, size -= 8) hash = mixed(hash, load<std::uint64_t>(p));
  return mixed(hash, last(p, size));
}

// The same of a text behind which seven bytes can be read.
inline std::uint64_t roomy_text(const std::uint8_t *p, std::size_t size) {
  std::uint64_t hash = begun(size);
  for (; size > 8; p += 8, size -= 8) hash = mixed(hash, load<std::uint64_t>(p));
  const std::uint64_t piece = load<std::uint64_t>(p);
  return mixed(hash, size == 8 ? piece : piece & ((std::uint64_t{1} << 8 * size) - 1));
}

}  // namespace streamstat::hashed
