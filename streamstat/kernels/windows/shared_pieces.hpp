// The table of pieces as Python holds it, for kernels that are given one.
#pragma once

#include "base/guarded.hpp"
#include "windows/pieces.hpp"

namespace streamstat {

using SharedPieces = Guarded<PieceTable>;

}  // namespace streamstat
