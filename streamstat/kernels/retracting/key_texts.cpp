#include "retracting/key_texts.hpp"

#include <algorithm>

#include "base/kinds.hpp"
#include "keys/ranking.hpp"

namespace streamstat::retracting {

namespace {

using Data = std::vector<std::uint8_t>;

template <typename Word>
void append_word(Data &data, Word word) {
  for (int shift = 8 * (sizeof(Word) - 1); shift >= 0; shift -= 8)
    data.push_back(static_cast<std::uint8_t>(word >> shift));
}

// With an end that no text has within: two zeros. A zero within becomes a zero and a one.
void append_text(Data &data, std::string_view text) {
  for (const char c : text) {
    data.push_back(static_cast<std::uint8_t>(c));
    if (c == 0) data.push_back(1);
  }
  data.push_back(0);
  data.push_back(0);
}

constexpr std::size_t kExact = 15;  // digits of whole numbers that are all different doubles

// Of one double, longer whole numbers are larger, of negatives smaller; all else stands by its spelling.
void append_number(Data &data, std::string_view text) {
  append_word(data, ranking::number_word(text));
  const bool negative = text.starts_with('-');
  const std::size_t digits = std::min(text.find_first_of(".eE"), text.size()) - negative;
  const bool is_whole = digits + negative == text.size() && digits > kExact;
  const auto size = static_cast<std::uint32_t>(digits > kExact ? digits : 0);
  append_word(data, negative && size ? ~size : size);
  const std::size_t begin = data.size();
  append_text(data, text);
  if (negative && is_whole)
    for (std::size_t i = begin; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(~data[i]);
}

void append_value(Data &data, std::uint8_t kind, std::string_view text) {
  const ranking::Class of = ranking::class_of(kind);
  data.push_back(of);
  if (of == ranking::kNumber)
    append_number(data, text);
  else if (of == ranking::kText || of == ranking::kJson)
    append_text(data, text);
}

}  // namespace

ByteStrings key_texts(std::span<const std::uint8_t> kinds, const TextColumn &texts, const TextColumn *before) {
  require_kinds(kinds);
  ByteStrings result;
  result.offsets.reserve(kinds.size() + 1);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (before) {
      const std::string_view text = (*before)[i];
      result.data.insert(result.data.end(), text.begin(), text.end());
    }
    append_value(result.data, kinds[i], texts[i]);
    result.end_string();
  }
  return result;
}

}  // namespace streamstat::retracting
