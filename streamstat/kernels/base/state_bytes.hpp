// State as bytes and back: plain values and columns as they lie in memory, checked on the way in.
//
// Nothing here tells whether bytes were damaged on their way: whoever keeps them has a checksum over all of them. A
// reader makes sure that no bytes whatever can harm the process. Its rule, and that of every `restore`: all or nothing.
#pragma once

#include <bit>
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

static_assert(std::endian::native == std::endian::little, "states are written as they lie in memory");

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

inline void write_bytes(Bytes &bytes, const void *data, std::size_t size) {
  if (size == 0) return;
  const std::size_t end = bytes.size();
  bytes.resize(end + size);  // GCC 12 warns of an `insert` here, of bounds that it does not pass
  std::memcpy(bytes.data() + end, data, size);
}

template <typename T>
void write_value(Bytes &bytes, const T &value) {
  static_assert(std::has_unique_object_representations_v<T> || std::is_floating_point_v<T>);
  write_bytes(bytes, &value, sizeof value);
}

inline void write_text(Bytes &bytes, std::string_view text) {
  write_value(bytes, static_cast<std::uint64_t>(text.size()));
  write_bytes(bytes, text.data(), text.size());
}

template <typename T>
void write_column(Bytes &bytes, std::span<const T> values) {
  static_assert(std::is_arithmetic_v<T>);
  write_value(bytes, static_cast<std::uint64_t>(values.size()));
  write_bytes(bytes, values.data(), values.size_bytes());
}
template <typename T>
void write_column(Bytes &bytes, const std::vector<T> &values) {
  write_column(bytes, std::span<const T>(values));
}

// The beginning of a snapshot, which says what it is of.
inline Bytes tagged(std::string_view tag) { return {tag.begin(), tag.end()}; }

// Takes a state apart again. Throws std::invalid_argument for anything that the functions above cannot have written.
class Reader {
 public:
  explicit Reader(ByteSpan bytes) : rest_(bytes) {}
  Reader(ByteSpan bytes, std::string_view tag) : rest_(bytes) {
    const bool begins = bytes.size() >= tag.size() && std::memcmp(bytes.data(), tag.data(), tag.size()) == 0;
    if (!begins) throw std::invalid_argument("snapshot: does not begin with " + std::string(tag));
    rest_ = rest_.subspan(tag.size());
  }

  ByteSpan read_bytes(std::uint64_t size) {
    require(size <= rest_.size(), "damaged: it ends too early");
    const ByteSpan taken = rest_.first(static_cast<std::size_t>(size));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  ByteSpan rest() const { return rest_; }
  template <typename T>
  T read() {
    T value;
    std::memcpy(&value, read_bytes(sizeof value).data(), sizeof value);
    return value;
  }
  bool read_flag() {
    const auto flag = read<std::uint8_t>();
    require(flag <= 1);
    return flag == 1;
  }
  std::string_view read_text() {
    const ByteSpan text = read_bytes(read<std::uint64_t>());
    return {reinterpret_cast<const char *>(text.data()), text.size()};
  }
  // A number of items of at least item_size bytes each: no damage can ask for more memory than it has bytes.
  std::size_t read_count(std::size_t item_size) {
    const auto count = read<std::uint64_t>();
    require(count <= rest_.size() / item_size, "damaged: it ends too early");
    return static_cast<std::size_t>(count);
  }
  template <typename T>
  std::vector<T> read_column() {
    std::vector<T> values(read_count(sizeof(T)));
    const ByteSpan taken = read_bytes(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), taken.data(), taken.size());
    return values;
  }

  void require_version(std::uint8_t version) { require(read<std::uint8_t>() == version); }
  void require_end() const { require(rest_.empty(), "damaged: it has bytes after its end"); }

  static void require(bool sound, const char *problem = "damaged, or not of this kind and version") {
    if (!sound) throw std::invalid_argument(std::string("snapshot: ") + problem);
  }

 private:
  ByteSpan rest_;
};

}  // namespace streamstat
