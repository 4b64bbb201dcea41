// Bytes that grow, new ones zeros, in whole lines of memory. A large piece is memory of its own, not of the heap: it grows
// without a copy where the system can do that, and pieces that grow leave no holes behind.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace streamstat {

class LargeMemory {
 public:
  LargeMemory() = default;
  LargeMemory(LargeMemory &&other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  LargeMemory &operator=(LargeMemory &&other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~LargeMemory() { release(bytes_, size_); }

  std::uint8_t *data() { return bytes_; }
  const std::uint8_t *data() const { return bytes_; }

  // So many bytes or a few more; those that were there keep what is in them.
  void grow(std::size_t size) {
    size = (size + kLine - 1) / kLine * kLine;
    if (size <= size_) return;
    bytes_ = grown(size);
    size_ = size;
  }

 private:
  static constexpr std::size_t kLine = 64, kMapped = 32 << 10;

  static void release(std::uint8_t *bytes, std::size_t size) {
    if (size < kMapped)
      std::free(bytes);
    else
      munmap(bytes, size);
  }

  std::uint8_t *grown(std::size_t size) {
#ifdef MREMAP_MAYMOVE
    if (size_ >= kMapped) {
      void *const moved = mremap(bytes_, size_, size, MREMAP_MAYMOVE);
      if (moved == MAP_FAILED) throw std::bad_alloc();
      return static_cast<std::uint8_t *>(moved);
    }
#endif
    std::uint8_t *const other = size < kMapped ? from_heap(size) : mapped(size);
    if (!other) throw std::bad_alloc();
    if (size_) std::memcpy(other, bytes_, size_);
    release(bytes_, size_);
    return other;
  }

  static std::uint8_t *from_heap(std::size_t size) {
    void *const found = std::aligned_alloc(kLine, size);
    return found ? static_cast<std::uint8_t *>(std::memset(found, 0, size)) : nullptr;
  }

  static std::uint8_t *mapped(std::size_t size) {
    void *const found = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return found == MAP_FAILED ? nullptr : static_cast<std::uint8_t *>(found);
  }

  std::uint8_t *bytes_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace streamstat
