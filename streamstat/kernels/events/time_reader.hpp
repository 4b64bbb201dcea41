// How the values of a time field become times: the unit of numbers, and patterns.
#pragma once

#include "base/kinds.hpp"
#include "events/columns.hpp"
#include "events/time_pattern.hpp"

namespace streamstat {

class TimeReader {
 public:
  // Patterns are tried in their order, and before all else; zones: see TimePattern::parse.
  explicit TimeReader(TimeUnit unit = TimeUnit::automatic, std::vector<TimePattern> patterns = {},
                      std::vector<ZoneName> zones = {})
      : unit_(unit), patterns_(std::move(patterns)), zones_(std::move(zones)) {}

  // `text` is the text of `cell`, unescaped; kPadding bytes behind it are readable.
  Time time(const Cell &cell, const Byte *text, std::uint32_t size) const {
    if (cell.kind == kind::integer && patterns_.empty()) return time_from_integer(cell.number, unit_);
    return any_time(cell, text, size);
  }

 private:
  Time any_time(const Cell &cell, const Byte *text, std::uint32_t size) const;
  Time time_of_number(const Byte *text, std::uint32_t size) const;

  TimeUnit unit_;
  std::vector<TimePattern> patterns_;
  std::vector<ZoneName> zones_;
};

}  // namespace streamstat
