// Times by a strptime pattern.
#pragma once

#include "events/times.hpp"

#include <string>
#include <utility>
#include <vector>

namespace streamstat {

// A name of a zone's offset, such as CEST: from which instants on it stood for which offset, both in microseconds.
struct ZoneName {
  std::string name;
  std::vector<std::pair<std::int64_t, std::int64_t>> offsets;

  // The offset at this wall-clock time, or the nearest one before it; of what lies before all the first.
  std::int64_t offset_at(std::int64_t wall_us) const;
};

class TimePattern {
 public:
  // std::invalid_argument names what is wrong with the pattern.
  explicit TimePattern(std::string pattern);

  // Whether a time that it reads has a year.
  bool has_year() const { return has_year_; }

  // zones: longer names first, none without an offset; what %Z takes besides UTC and GMT.
  Time parse(const Byte *begin, const Byte *end, const std::vector<ZoneName> &zones) const;

 private:
  std::string pattern_;
  bool has_year_ = false;
};

}  // namespace streamstat
