// Byte strings behind one another: the i-th is data[offsets[i]:offsets[i+1]].
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "base/sizes.hpp"

namespace streamstat {

// Strings going out.
struct ByteStrings {
  std::vector<std::int64_t> offsets{0};
  std::vector<std::uint8_t> data;

  void end_string() { offsets.push_back(static_cast<std::int64_t>(data.size())); }
};

// n strings coming in; offsets are checked once, so that reading needs no check.
class TextColumn {
 public:
  TextColumn(std::span<const std::int64_t> offsets, std::span<const std::uint8_t> data, std::size_t n)
      : offsets_(offsets), data_(data) {
    require_size(n + 1, offsets.size(), "text_offsets");
    bool ascending = offsets[0] >= 0;
    for (std::size_t i = 0; i < n; ++i) ascending &= offsets[i] <= offsets[i + 1];
    if (!ascending || static_cast<std::uint64_t>(offsets[n]) > data.size())
      throw std::invalid_argument("text_offsets: not ascending within the data");
  }

  std::size_t size() const { return offsets_.size() - 1; }
  std::size_t bytes() const { return static_cast<std::size_t>(offsets_.back() - offsets_.front()); }
  std::string_view operator[](std::size_t i) const {
    return {reinterpret_cast<const char *>(data_.data()) + offsets_[i],
            static_cast<std::size_t>(offsets_[i + 1] - offsets_[i])};
  }

 private:
  std::span<const std::int64_t> offsets_;
  std::span<const std::uint8_t> data_;
};

}  // namespace streamstat
