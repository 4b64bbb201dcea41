// words/ cuts texts into words: runs of letters and digits, whatever their case. It knows no column and no query.
//
// The words of texts that are searched, folded, and words that are looked for next to each other in one of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"

namespace streamstat {

std::uint64_t hash_text(std::string_view text);

class FoldedWords {
 public:
  // Between two texts stands an empty word, which is in no phrase.
  struct Word {
    std::size_t begin, end;
    std::uint64_t hash;

    std::size_t size() const { return end - begin; }
  };

  void clear() { size_ = 0, words_.clear(); }
  // Bytes that are no UTF-8 are in no word.
  void add(std::string_view text);

  const std::vector<Word> &words() const { return words_; }
  std::string_view word(std::size_t i) const {
    return {reinterpret_cast<const char *>(bytes_.data()) + words_[i].begin, words_[i].size()};
  }

 private:
  bool add_ascii(std::string_view text);
  void add_any(std::string_view text);

  Buffer<std::uint8_t> bytes_;
  std::size_t size_ = 0;
  std::vector<Word> words_;
};

class Phrase {
 public:
  // Of a text without a word it has none, and then it is in no text.
  explicit Phrase(std::string_view text);

  std::size_t size() const { return words_.size(); }
  std::size_t letters() const;  // bytes of all words
  std::uint64_t hash(std::size_t word) const { return words_[word].hash; }
  bool is_in(const FoldedWords &text) const;
  // The same where a word of it was found.
  bool is_around(const FoldedWords &text, std::size_t found, std::size_t word) const {
    return found >= word && stands_at(text, found - word);
  }

 private:
  struct Word {
    std::string text;
    std::uint64_t hash;
  };

  bool stands_at(const FoldedWords &text, std::size_t first) const;

  std::vector<Word> words_;
};

}  // namespace streamstat
