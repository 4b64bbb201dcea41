// State as bytes and back: a tag, then plain values and columns in native byte order, checked on the way in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace streamstat {

class StateWriter {
 public:
  explicit StateWriter(std::string_view tag) : bytes_(tag) {}

  template <typename T>
  void value(T value) {
    static_assert(std::is_arithmetic_v<T>);
    bytes_.append(reinterpret_cast<const char *>(&value), sizeof value);
  }
  template <typename T>
  void column(const std::vector<T> &values) {
    column(std::span<const T>(values));
  }
  template <typename T>
  void column(std::span<const T> values) {
    static_assert(std::is_arithmetic_v<T>);
    value<std::uint64_t>(values.size());
    if (!values.empty()) bytes_.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  }
  std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Throws std::invalid_argument for anything that a StateWriter with that tag cannot have written.
class StateReader {
 public:
  StateReader(std::span<const char> bytes, std::string_view tag) : rest_(bytes) {
    if (bytes.size() < tag.size() || std::memcmp(bytes.data(), tag.data(), tag.size()) != 0)
      throw std::invalid_argument("snapshot: does not begin with " + std::string(tag));
    rest_ = rest_.subspan(tag.size());
  }

  template <typename T>
  T value() {
    T value;
    std::memcpy(&value, cut(sizeof value), sizeof value);
    return value;
  }
  template <typename T>
  std::vector<T> column() {
    const auto size = value<std::uint64_t>();
    if (size > rest_.size() / sizeof(T)) throw std::invalid_argument("snapshot: ends within a column");
    std::vector<T> values(size);
    const char *from = cut(size * sizeof(T));
    if (size) std::memcpy(values.data(), from, size * sizeof(T));
    return values;
  }
  void end() const {
    if (!rest_.empty()) throw std::invalid_argument("snapshot: has bytes after its end");
  }

 private:
  const char *cut(std::size_t size) {
    if (size > rest_.size()) throw std::invalid_argument("snapshot: ends within a value");
    const char *from = rest_.data();
    rest_ = rest_.subspan(size);
    return from;
  }
  std::span<const char> rest_;
};

}  // namespace streamstat
