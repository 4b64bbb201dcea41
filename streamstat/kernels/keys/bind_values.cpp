#include "base/arrays.hpp"
#include "keys/values.hpp"

namespace streamstat {

template <auto Function>
static auto over(In<std::uint8_t> kinds, In<std::int64_t> offsets, In<std::uint8_t> data) {
  const ValueColumn values{span_of(kinds), TextColumn(span_of(offsets), span_of(data), kinds.size())};
  decltype(Function(values)) result;
  {
    nb::gil_scoped_release release;
    result = Function(values);
  }
  return to_numpy(std::move(result));
}

}  // namespace streamstat

void bind_values(nanobind::module_ &module) {
  using namespace streamstat;
  module.def("hash_values", &over<hash_values>, nb::arg("kinds"), nb::arg("offsets"), nb::arg("data"),
             "XXH64, seed 0, of each value: a string's bytes, or 0xFF and the spelling; 0 for null: uint64[n].");
  module.def("parse_numbers", &over<parse_numbers>, nb::arg("kinds"), nb::arg("offsets"), nb::arg("data"),
             "Numbers from their spelling: int64, or the bits of a double; 0 for other kinds: int64[n].");
  module.def("rank_values", &over<rank_values>, nb::arg("kinds"), nb::arg("offsets"), nb::arg("data"),
             "Dense ranks of values in the order of result rows: int64[n].");
}
