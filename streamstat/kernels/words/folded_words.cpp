#include "words/folded_words.hpp"

#include <bit>
#include <cstring>

#include "words/hashed_text.hpp"
#include "words/letter_table.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace streamstat {

namespace {

constexpr std::size_t kRoom = 64;  // bytes that can be read and written behind the words

bool is_tail(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

// The character at p, which is no ASCII, and how many bytes it has; one byte and no character where there is none.
std::uint32_t decoded(const std::uint8_t *p, const std::uint8_t *end, std::size_t &size) {
  size = 1;
  const std::size_t left = static_cast<std::size_t>(end - p);
  if (*p < 0xC2 || *p > 0xF4) return 0;
  const std::size_t wanted = *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
  if (left < wanted) return 0;
  std::uint32_t code = *p & (0x7FU >> wanted);
  for (std::size_t i = 1; i < wanted; ++i) {
    if (!is_tail(p[i])) return 0;
    code = code << 6 | (p[i] & 0x3FU);
  }
  if (code < (wanted == 2 ? 0x80U : wanted == 3 ? 0x800U : 0x10000U)) return 0;
  size = wanted;
  return code;
}

std::uint8_t *encoded(std::uint32_t code, std::uint8_t *out) {
  if (code < 0x80) {
    *out++ = static_cast<std::uint8_t>(code);
    return out;
  }
  const int tails = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  *out++ = static_cast<std::uint8_t>((0xFF00U >> (tails + 1) & 0xFFU) | code >> 6 * tails);
  for (int i = tails - 1; i >= 0; --i) *out++ = static_cast<std::uint8_t>(0x80U | (code >> 6 * i & 0x3FU));
  return out;
}

#if defined(__SSE2__)
// Which of 16 bytes are ASCII letters or digits, and these folded. `beyond` is set where one is no ASCII.
unsigned letters_of(const std::uint8_t *p, std::uint8_t *out, unsigned &beyond) {
  const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
  const __m128i small = _mm_or_si128(x, _mm_set1_epi8(0x20));  // digits have that bit
  const auto among = [](__m128i value, char lo, char hi) {
    return _mm_and_si128(_mm_cmpgt_epi8(value, _mm_set1_epi8(static_cast<char>(lo - 1))),
                         _mm_cmplt_epi8(value, _mm_set1_epi8(static_cast<char>(hi + 1))));
  };
  const __m128i letter = _mm_or_si128(among(small, 'a', 'z'), among(x, '0', '9'));
  _mm_storeu_si128(reinterpret_cast<__m128i *>(out), small);
  beyond |= static_cast<unsigned>(_mm_movemask_epi8(x));
  return static_cast<unsigned>(_mm_movemask_epi8(letter));
}
#endif

}  // namespace

std::uint64_t hash_text(std::string_view text) {
  return hashed::text(reinterpret_cast<const std::uint8_t *>(text.data()), text.size());
}

void FoldedWords::add(std::string_view text) {
  // Folding makes three bytes of two at most.
  if (const std::size_t room = size_ + text.size() + text.size() / 2 + kRoom; room > bytes_.capacity())
    bytes_.reserve(2 * room);
  const std::size_t before = words_.size();
  if (!add_ascii(text)) {
    words_.resize(before);
    add_any(text);
  }
  words_.push_back({size_, size_, 0});
}

// Sixteen bytes at a time. False if there are others than ASCII, and then the words are not to be used.
bool FoldedWords::add_ascii(std::string_view text) {
#if defined(__SSE2__)
  const auto *const p = reinterpret_cast<const std::uint8_t *>(text.data());
  std::uint8_t *const out = bytes_.data() + size_;
  unsigned beyond = 0, before = 0;  // whether the byte before was in a word
  std::size_t begin = 0;
  for (std::size_t done = 0; done < text.size(); done += 16) {
    const std::size_t left = text.size() - done;
    std::uint8_t copy[16] = {};
    if (left < 16) std::memcpy(copy, p + done, left);
    const unsigned letters = letters_of(left < 16 ? copy : p + done, out + done, beyond);
    for (unsigned edges = (letters ^ (letters << 1 | before)) & 0xFFFF; edges; edges &= edges - 1) {
      const auto place = static_cast<unsigned>(std::countr_zero(edges));
      if (letters >> place & 1) begin = done + place;
      else words_.push_back({size_ + begin, size_ + done + place, hashed::roomy_text(out + begin, done + place - begin)});
    }
    before = letters >> 15;
  }
  if (beyond) return false;
  if (before) words_.push_back({size_ + begin, size_ + text.size(), hashed::roomy_text(out + begin, text.size() - begin)});
  size_ += text.size();
  return true;
#else
  static_cast<void>(text);
  return false;
#endif
}

void FoldedWords::add_any(std::string_view text) {
  const LetterTable &table = LetterTable::get();
  const auto *p = reinterpret_cast<const std::uint8_t *>(text.data());
  const auto *const end = p + text.size();
  std::uint8_t *const bytes = bytes_.data();
  std::uint8_t *out = bytes + size_, *begin = out;
  const auto end_word = [&] {
    if (out == begin) return;
    const auto size = static_cast<std::size_t>(out - begin);
    words_.push_back({static_cast<std::size_t>(begin - bytes), static_cast<std::size_t>(out - bytes), hashed::text(begin, size)});
    begin = out;
  };
  while (p < end) {
    std::size_t size = 1;
    const std::uint32_t code = *p < 0x80 ? table.of_ascii(*p) : table.in_word(decoded(p, end, size));
    p += size;
    if (code) out = encoded(code, out);
    else end_word();
  }
  end_word();
  size_ = static_cast<std::size_t>(out - bytes);
}

Phrase::Phrase(std::string_view text) {
  FoldedWords found;
  found.add(text);
  for (std::size_t i = 0; i + 1 < found.words().size(); ++i)
    words_.push_back({std::string(found.word(i)), found.words()[i].hash});
}

std::size_t Phrase::letters() const {
  std::size_t letters = 0;
  for (const Word &each : words_) letters += each.text.size();
  return letters;
}

bool Phrase::stands_at(const FoldedWords &text, std::size_t first) const {
  if (text.words().size() - first < words_.size()) return false;
  for (std::size_t i = 0; i < words_.size(); ++i)
    if (text.words()[first + i].hash != words_[i].hash || text.word(first + i) != words_[i].text) return false;
  return true;
}

bool Phrase::is_in(const FoldedWords &text) const {
  for (std::size_t i = 0; !words_.empty() && i < text.words().size(); ++i)
    if (text.words()[i].hash == words_[0].hash && stands_at(text, i)) return true;
  return false;
}

}  // namespace streamstat
