// XXH64 over columns of byte strings.
#include "base/arrays.hpp"
#include "base/xxhash64.hpp"

namespace streamstat {

static Out<std::uint64_t> hash_texts(In<std::int64_t> offsets, In<std::uint8_t> data) {
  const std::size_t n = offsets.size() ? offsets.size() - 1 : 0;
  std::vector<std::uint64_t> hashes(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t lo = offsets(i), hi = offsets(i + 1);
    if (lo < 0 || hi < lo || static_cast<std::size_t>(hi) > data.size())
      throw std::invalid_argument("offsets: not ascending within the data");
    hashes[i] = xxhash64(data.data() + lo, static_cast<std::size_t>(hi - lo));
  }
  return to_numpy(std::move(hashes));
}

}  // namespace streamstat

void bind_hash(nanobind::module_ &module) {
  module.def("hash_texts", &streamstat::hash_texts, nanobind::arg("offsets"), nanobind::arg("data"),
             "XXH64, seed 0, of each byte string data[offsets[i]:offsets[i+1]]: uint64[n].");
}
