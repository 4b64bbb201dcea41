// Where changes stand in the log, as far as that tells which of them are stale: bytes that compare as positions do, in spaces
// of their own that have nothing to do with each other.
#pragma once

#include "base/state_bytes.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace streamstat {

// Of a change, or of the last one of a key. space: -1 where it has none.
struct Position {
  std::int32_t space = -1;
  std::string_view bytes;
};

// Whether a change is no newer than one before it, in the same space. std::string_view compares as memcmp does, then by length.
inline bool is_at_most(std::string_view position, std::string_view last) { return position <= last; }

// The positions of a few: of truncates by space, and of keys whose changes come from more than one space.
template <typename Place>
class LastPositions {
 public:
  bool has(const Place &place, std::string_view position) const {
    const auto found = by_place_.find(place);
    return found != by_place_.end() && is_at_most(position, found->second);
  }
  void put(const Place &place, std::string_view position) { by_place_[place] = std::string(position); }
  bool empty() const { return by_place_.empty(); }
  const std::map<Place, std::string> &all() const { return by_place_; }

 private:
  std::map<Place, std::string> by_place_;
};

}  // namespace streamstat
