// The numbers of streamstat.batch.Kind that kernels need to tell apart.
#pragma once

#include <cstdint>

namespace streamstat {

constexpr std::uint8_t kind_null = 0, kind_false = 1, kind_true = 2, kind_integer = 3, kind_double = 4;

}  // namespace streamstat
