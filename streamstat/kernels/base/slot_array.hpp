// An array of objects, one a slot, that grows where it lies or by moving pages: millions of sketches are never copied.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <type_traits>

namespace streamstat {

// T may be moved as bytes are: nothing in it or elsewhere points into it. This holds for smart pointers and numbers.
template <typename T>
class SlotArray {
  static_assert(std::is_nothrow_default_constructible_v<T> && alignof(T) <= alignof(std::max_align_t));

 public:
  SlotArray() = default;
  SlotArray(const SlotArray &) = delete;
  SlotArray &operator=(const SlotArray &) = delete;
  ~SlotArray() {
    for (std::size_t i = 0; i < size_; ++i) data_[i].~T();
    std::free(static_cast<void *>(data_));
  }

  std::size_t size() const { return size_; }
  T *data() { return data_; }
  T &operator[](std::size_t i) { return data_[i]; }
  const T &operator[](std::size_t i) const { return data_[i]; }

  // Never shrinks.
  void grow(std::size_t size) {
    if (size <= size_) return;
    void *const grown = std::realloc(static_cast<void *>(data_), size * sizeof(T));
    if (!grown) throw std::bad_alloc();
    data_ = static_cast<T *>(grown);
    for (; size_ < size; ++size_) new (data_ + size_) T();
  }

 private:
  T *data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace streamstat
