#include "events/time_reader.hpp"

#include "base/kinds.hpp"

namespace streamstat {

Time TimeReader::time(const Cell &cell, const Byte *text, std::uint32_t size) const {
  if (cell.kind == kind::null) return {TimeKind::missing, 0};
  if (cell.kind < kind::integer || cell.kind == kind::json) return {TimeKind::unreadable, 0};
  for (const TimePattern &pattern : patterns_) {
    const Time time = pattern.parse(text, text + size, zones_);
    if (time.kind != TimeKind::unreadable) return time;
  }
  if (cell.kind == kind::text) return time_from_text(text, text + size, unit_);
  if (cell.kind == kind::integer) return time_from_integer(cell.number, unit_);
  Decimal decimal;
  Failure failure;
  read_decimal(cell.begin, decimal, failure);  // what is behind `text` may be a digit
  return time_from_decimal(decimal, unit_);
}

}  // namespace streamstat
