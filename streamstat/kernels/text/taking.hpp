// Texts out of columns of them: some of one in any order, or either of two.
#pragma once

#include "base/byte_strings.hpp"

namespace streamstat {

// The texts at these rows. Throws std::out_of_range for a row that there is not.
ByteStrings texts_at(const TextColumn &texts, std::span<const std::int64_t> rows);

// Of two columns of texts the one where it is so, else the other. Throws std::invalid_argument for columns of other lengths.
ByteStrings either_texts(std::span<const std::uint8_t> where, const TextColumn &one, const TextColumn &other);

}  // namespace streamstat
