// Bytes that grow where they stand. A large piece is memory of its own, not of the heap, where one that grows would leave
// holes behind; and it is in huge pages where the system has them, as it is looked up anywhere.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace streamstat {

class GrowingMemory {
 public:
  GrowingMemory() = default;
  GrowingMemory(GrowingMemory &&other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  GrowingMemory &operator=(GrowingMemory &&other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~GrowingMemory() { release(bytes_, size_); }

  std::uint8_t *data() { return bytes_; }
  const std::uint8_t *data() const { return bytes_; }
  std::size_t size() const { return size_; }

  // At least so many bytes; those that were there keep what is in them.
  void reserve(std::size_t size) {
    if (size <= size_) return;
#ifdef MREMAP_MAYMOVE
    if (is_mapped(size_)) {
      void *const moved = mremap(bytes_, size_, size, MREMAP_MAYMOVE);
      if (moved == MAP_FAILED) throw std::bad_alloc();
      bytes_ = static_cast<std::uint8_t *>(moved), size_ = size;
      return ask_for_huge_pages();
    }
#endif
    std::uint8_t *const fresh = allocate(size);
    if (size_) std::memcpy(fresh, bytes_, size_);
    release(bytes_, size_);
    bytes_ = fresh, size_ = size;
    ask_for_huge_pages();
  }

 private:
  static constexpr std::size_t kMapped = 1 << 20;

  static bool is_mapped(std::size_t size) { return size >= kMapped; }
  static std::uint8_t *allocate(std::size_t size) {
    void *const bytes = is_mapped(size)
                            ? mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                            : std::malloc(size);
    if (!bytes || bytes == MAP_FAILED) throw std::bad_alloc();
    return static_cast<std::uint8_t *>(bytes);
  }
  static void release(std::uint8_t *bytes, std::size_t size) {
    if (is_mapped(size))
      munmap(bytes, size);
    else
      std::free(bytes);
  }
  void ask_for_huge_pages() {
#ifdef MADV_HUGEPAGE
    if (is_mapped(size_)) madvise(bytes_, size_, MADV_HUGEPAGE);
#endif
  }

  std::uint8_t *bytes_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace streamstat
