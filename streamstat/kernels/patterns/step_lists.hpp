// The events of matches as JSON, each with the step as which it was taken.
#pragma once

#include "base/byte_strings.hpp"

#include <span>
#include <string>
#include <vector>

namespace streamstat {

// Of each match [offsets[i], offsets[i + 1]) a list of {"step":NAME,"event":EVENT}; events are JSON as it stands.
ByteStrings step_lists(std::span<const std::int64_t> offsets, std::span<const std::uint8_t> bits,
                       const std::vector<std::string> &names, std::span<const std::int64_t> event_offsets,
                       std::span<const std::uint8_t> events);

}  // namespace streamstat
