#include "base/arrays.hpp"
#include "base/gil.hpp"
#include "words/folded_words.hpp"
#include "words/text_values.hpp"

#include <nanobind/stl/vector.h>

namespace streamstat {

namespace {

constexpr char kFolded[] = R"(The words of a text: runs of letters and digits, folded.

>>> folded_words("Disk-FULL, 97%".encode())
[b'disk', b'full', b'97'])";

constexpr char kHas[] = R"(In which texts the words of a phrase stand next to each other, whatever their case: uint8[n].)";

constexpr char kHasInside[] =
    R"(In which JSON texts a text value, at any depth, has the words of a phrase next to each other: uint8[n].)";

std::vector<nb::bytes> folded_words(nb::bytes text) {
  FoldedWords words;
  words.add({text.c_str(), text.size()});
  std::vector<nb::bytes> out;
  for (std::size_t i = 0; i + 1 < words.words().size(); ++i) out.emplace_back(words.word(i).data(), words.word(i).size());
  return out;
}

template <typename Add>
Out<std::uint8_t> found(const In<std::int64_t> &offsets, const In<std::uint8_t> &data, const nb::bytes &sought, Add &&add) {
  if (!offsets.size()) throw std::invalid_argument("offsets: none");
  const std::size_t n = offsets.size() - 1;
  const TextColumn texts(span_of(offsets), span_of(data), n);
  const Phrase phrase({sought.c_str(), sought.size()});
  auto out = unfilled_array<std::uint8_t>(n);
  without_gil_if_many(n, [&] {
    FoldedWords words;
    for (std::size_t row = 0; row < n; ++row) {
      words.clear();
      add(words, texts[row]);
      out.data()[row] = phrase.is_in(words);
    }
  });
  return out;
}

Out<std::uint8_t> has_words(In<std::int64_t> offsets, In<std::uint8_t> data, nb::bytes phrase) {
  return found(offsets, data, phrase, [](FoldedWords &words, std::string_view text) { words.add(text); });
}

Out<std::uint8_t> has_words_inside(In<std::int64_t> offsets, In<std::uint8_t> data, nb::bytes phrase) {
  std::vector<Byte> room;
  return found(offsets, data, phrase, [&](FoldedWords &words, std::string_view json) {
    for_each_text_value(json, room, [&](std::string_view text) { words.add(text); });
  });
}

}  // namespace

}  // namespace streamstat

void bind_words(nanobind::module_ &module) {
  using namespace streamstat;
  module.def("folded_words", &folded_words, nb::arg("text"), kFolded);
  module.def("has_words", &has_words, exactly("offsets"), exactly("data"), nb::arg("phrase"), kHas);
  module.def("has_words_inside", &has_words_inside, exactly("offsets"), exactly("data"), nb::arg("phrase"), kHasInside);
}
