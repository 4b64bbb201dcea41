// How the values of a time field become times: the unit of numbers, and the patterns of texts.
#pragma once

#include "events/columns.hpp"
#include "events/times.hpp"

#include <string>

namespace streamstat {

class TimeReader {
 public:
  // std::invalid_argument for a pattern by which no time can be read.
  explicit TimeReader(TimeUnit unit = TimeUnit::automatic, std::string pattern = "")
      : unit_(unit), pattern_(pattern), has_pattern_(!pattern.empty()) {}

  // `text` is the text of `cell`, unescaped; kPadding bytes behind it are readable.
  Time time(const Cell &cell, const Byte *text, std::uint32_t size) const;

 private:
  TimeUnit unit_;
  TimePattern pattern_;
  bool has_pattern_;
};

}  // namespace streamstat
