// Where each of some codes, dense or not, is kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace streamstat {

// Position of each code from 0, -1 where there is none; in pages: a code near 2^31 costs a page, not gigabytes.
class CodePositions {
 public:
  std::int32_t find(std::int32_t code) const {
    const std::size_t page = static_cast<std::uint32_t>(code) / kPage;
    return page < pages_.size() && pages_[page] ? (*pages_[page])[static_cast<std::uint32_t>(code) % kPage] : -1;
  }
  void insert(std::int32_t code, std::int32_t position) {
    const std::size_t page = static_cast<std::uint32_t>(code) / kPage;
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (!pages_[page]) {
      pages_[page] = std::make_unique<std::array<std::int32_t, kPage>>();
      pages_[page]->fill(-1);
    }
    (*pages_[page])[static_cast<std::uint32_t>(code) % kPage] = position;
  }

 private:
  static constexpr std::size_t kPage = 1024;
  std::vector<std::unique_ptr<std::array<std::int32_t, kPage>>> pages_;
};

}  // namespace streamstat
