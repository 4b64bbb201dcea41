// The fields of a decoder as Python gives them. A part of the bindings.
#pragma once

#include "events/columns.hpp"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace streamstat {

using FieldList = std::vector<std::pair<std::string, int>>;  // path, needs

inline std::vector<FieldSpec> field_specs(const FieldList &fields) {
  std::vector<FieldSpec> specs;
  for (const auto &[path, needs] : fields) specs.push_back({path, static_cast<std::uint16_t>(needs)});
  return specs;
}

}  // namespace streamstat
