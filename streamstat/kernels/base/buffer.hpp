// Growing arrays that, unlike std::vector, do not write zeros first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace streamstat {

template <typename T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Buffer() = default;
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;
  Buffer(Buffer &&other) noexcept
      : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer &operator=(Buffer &&other) noexcept {
    std::swap(data_, other.data_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~Buffer() { std::free(data_); }

  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    void *grown = std::realloc(data_, capacity * sizeof(T));
    if (!grown) throw std::bad_alloc();
    data_ = static_cast<T *>(grown);
    capacity_ = capacity;
  }
  T *data() { return data_; }
  const T *data() const { return data_; }
  std::size_t capacity() const { return capacity_; }
  T &operator[](std::size_t i) { return data_[i]; }
  const T &operator[](std::size_t i) const { return data_[i]; }

 private:
  T *data_ = nullptr;
  std::size_t capacity_ = 0;
};

// Bytes that are appended and addressed by offset.
class Arena {
 public:
  // So many bytes behind what was grown last are readable, as behind a block.
  static constexpr std::size_t kReach = 64;

  std::uint8_t *grow(std::size_t bytes) {
    if (size_ + bytes + kReach > bytes_.capacity()) bytes_.reserve((size_ + bytes) * 2 + 256);
    return bytes_.data() + size_;
  }
  void advance(std::size_t bytes) { size_ += bytes; }
  void cut(std::size_t size) { size_ = size; }
  std::size_t size() const { return size_; }
  const std::uint8_t *data() const { return bytes_.data(); }
  std::uint8_t *at(std::size_t offset) { return bytes_.data() + offset; }

 private:
  Buffer<std::uint8_t> bytes_;
  std::size_t size_ = 0;
};

}  // namespace streamstat
