// The table of pieces as Python holds it, for kernels that are given one.
#pragma once

#include "guarded.hpp"
#include "pieces.hpp"

namespace streamstat {

using SharedPieces = Guarded<PieceTable>;

}  // namespace streamstat
