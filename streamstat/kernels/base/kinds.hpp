// The kinds of a JSON value, as streamstat.batch.Kind numbers them.
#pragma once

#include <cstdint>

namespace streamstat {

namespace kind {
inline constexpr std::uint8_t null = 0, no = 1, yes = 2, integer = 3, real = 4, text = 5, json = 6, huge = 7;
}

// Set in the start of a text that lies in the arena of unescaped texts, not in the block.
constexpr std::uint32_t kInArena = 0x80000000U;

}  // namespace streamstat
