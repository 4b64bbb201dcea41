// The one check that arrays which belong together are of one length.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace streamstat {

inline void require_size(std::size_t expected, std::size_t actual, const char *name) {
  if (expected != actual)
    throw std::invalid_argument(std::string(name) + ": " + std::to_string(actual) + " elements, expected " +
                                std::to_string(expected));
}

}  // namespace streamstat
