#include "words/letter_table.hpp"

#include "words/letters.hpp"

namespace streamstat {

const LetterTable &LetterTable::get() {
  static const LetterTable table;
  return table;
}

LetterTable::LetterTable() : letters_(kCodes / 64), pages_(kCodes / kPage) {
  for (const auto &[first, last] : kLetterRuns)
    for (std::uint32_t code = first; code <= last; ++code) letters_[code / 64] |= std::uint64_t{1} << code % 64;
  for (const auto &[first, last, step, add] : kFoldRuns)
    for (std::uint32_t code = first; code <= last; code += step) {
      std::uint16_t &page = pages_[code / kPage];
      if (!page) {
        adds_.resize(adds_.size() + kPage);
        page = static_cast<std::uint16_t>(adds_.size() / kPage);
      }
      adds_[(page - 1) * kPage + code % kPage] = add;
    }
  for (std::uint8_t byte = 0; byte < ascii_.size(); ++byte) ascii_[byte] = static_cast<std::uint8_t>(in_word(byte));
}

}  // namespace streamstat
