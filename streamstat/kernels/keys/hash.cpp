// XXH64 over columns of byte strings.
#include "base/arrays.hpp"
#include "base/xxhash64.hpp"

namespace streamstat {

static Out<std::uint64_t> hash_texts(In<std::int64_t> offsets, In<std::uint8_t> data) {
  if (offsets.size() == 0) return to_numpy(std::vector<std::uint64_t>());
  const TextColumn texts(span_of(offsets), span_of(data), offsets.size() - 1);
  std::vector<std::uint64_t> hashes(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) hashes[i] = xxhash64(texts[i].data(), texts[i].size());
  return to_numpy(std::move(hashes));
}

}  // namespace streamstat

void bind_hash(nanobind::module_ &module) {
  module.def("hash_texts", &streamstat::hash_texts, nanobind::arg("offsets"), nanobind::arg("data"),
             "XXH64, seed 0, of each byte string data[offsets[i]:offsets[i+1]]: uint64[n].");
}
