#include "patterns/step_lists.hpp"

#include <string_view>

namespace streamstat {

ByteStrings step_lists(std::span<const std::int64_t> offsets, std::span<const std::uint8_t> bits,
                       const std::vector<std::string> &names, std::span<const std::int64_t> event_offsets,
                       std::span<const std::uint8_t> events) {
  const TextColumn texts(event_offsets, events, bits.size());
  if (offsets.empty() || offsets[0] != 0 || static_cast<std::uint64_t>(offsets.back()) != bits.size())
    throw std::invalid_argument("offsets: not of these events");
  ByteStrings lists;
  const auto put = [&](std::string_view text) { lists.data.insert(lists.data.end(), text.begin(), text.end()); };
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    if (offsets[i + 1] < offsets[i] || static_cast<std::uint64_t>(offsets[i + 1]) > bits.size())
      throw std::invalid_argument("offsets: do not ascend");
    put("[");
    for (std::int64_t k = offsets[i]; k < offsets[i + 1]; ++k) {
      const auto event = static_cast<std::size_t>(k);
      put(k == offsets[i] ? R"({"step":")" : R"(,{"step":")");
      if (bits[event] >= names.size()) throw std::invalid_argument("bits: without a name");
      put(names[bits[event]]);
      put(R"(","event":)");
      put(texts[event]);
      put("}");
    }
    put("]");
    lists.end_string();
  }
  return lists;
}

}  // namespace streamstat
