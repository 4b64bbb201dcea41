// Bytes that grow where they stand, new ones zeros. A large piece is memory of its own, not of the heap, where pieces that
// grow would leave holes behind. It begins at a huge page and a very large one grows by whole ones, which the system gives
// where it has them: what is looked up anywhere in small pages waits for the address of its page each time.
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
  std::size_t size() const { return size_; }

  // So many bytes or a few more; those that were there keep what is in them.
  void grow(std::size_t size) {
    size = rounded(size);
    std::uint8_t *grown = nullptr;
    if (size < kMapped) {
      grown = static_cast<std::uint8_t *>(std::realloc(bytes_, size));
      if (grown) std::memset(grown + size_, 0, size - size_);
    } else {
      grown = moved(size);
    }
    if (!grown) throw std::bad_alloc();
    bytes_ = grown, size_ = size;
  }

 private:
  static constexpr std::size_t kMapped = 1 << 20, kHugePage = 2 << 20, kPage = 64 << 10;  // kPage: of any system a multiple

  static std::size_t rounded(std::size_t size) {
    const std::size_t step = size >= 6 * kHugePage ? kHugePage : size >= kMapped ? kPage : 1;
    return (size + step - 1) / step * step;
  }

  static void release(std::uint8_t *bytes, std::size_t size) {
    if (size < kMapped)
      std::free(bytes);
    else
      munmap(bytes, size);
  }

  // The bytes at another place, aligned to a huge page, with more behind them; null if there is none.
  std::uint8_t *moved(std::size_t size) {
    void *const found = mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (found == MAP_FAILED) return nullptr;
    auto *begin = static_cast<std::uint8_t *>(found);
    const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(begin) % kHugePage) % kHugePage;
    if (before) munmap(begin, before);
    if (before < kHugePage) munmap(begin + before + size, kHugePage - before);
    begin += before;
#ifdef MREMAP_FIXED
    if (size_ >= kMapped) {
      void *const here = mremap(bytes_, size_, size, MREMAP_MAYMOVE | MREMAP_FIXED, begin);
      if (here == MAP_FAILED) return munmap(begin, size), nullptr;
      ask_for_huge_pages(begin, size);
      return begin;
    }
#endif
    ask_for_huge_pages(begin, size);
    if (size_) std::memcpy(begin, bytes_, size_);
    release(bytes_, size_);
    return begin;
  }

  static void ask_for_huge_pages([[maybe_unused]] std::uint8_t *begin, [[maybe_unused]] std::size_t size) {
#ifdef MADV_HUGEPAGE
    if (size >= 6 * kHugePage) madvise(begin, size, MADV_HUGEPAGE);
#endif
  }

  std::uint8_t *bytes_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace streamstat
