// Rows whose columns are called by numbers: names may be anything, and paths take some of them apart.
#pragma once

#include "base/byte_strings.hpp"

#include <string>
#include <vector>

namespace streamstat {

// Objects with the members of these names, each called by the place of its name; of what is no object an empty text.
ByteStrings numbered(const TextColumn &objects, const std::vector<std::string> &names);

}  // namespace streamstat
