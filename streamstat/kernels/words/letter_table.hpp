// Which characters are in words, and what stands for each whatever the case.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace streamstat {

// Made once, from the runs of `letters.hpp`.
class LetterTable {
 public:
  static const LetterTable &get();

  // What a character is in a word; 0 for one that is in none.
  std::uint32_t in_word(std::uint32_t code) const {
    if (code >= kCodes || !(letters_[code / 64] >> code % 64 & 1)) return 0;
    const std::uint16_t page = pages_[code / kPage];
    return page ? code + static_cast<std::uint32_t>(adds_[(page - 1) * kPage + code % kPage]) : code;
  }
  // The same of a byte below 0x80, all of which are characters.
  std::uint8_t of_ascii(std::uint8_t byte) const { return ascii_[byte]; }

 private:
  static constexpr std::size_t kCodes = 0x110000, kPage = 256;

  LetterTable();

  std::array<std::uint8_t, 128> ascii_{};
  std::vector<std::uint64_t> letters_;
  std::vector<std::uint16_t> pages_;  // 1 + the number of the page in adds_
  std::vector<std::int32_t> adds_;
};

}  // namespace streamstat
