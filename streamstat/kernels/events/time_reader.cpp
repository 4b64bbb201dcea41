#include "events/time_reader.hpp"

#include "base/kinds.hpp"
#include "events/number.hpp"

namespace streamstat {

Time TimeReader::time(const Cell &cell, const Byte *text, std::uint32_t size) const {
  Time time{TimeKind::unreadable, 0};
  if (cell.kind == kind::null) {
    time.kind = TimeKind::missing;
  } else if (cell.kind == kind::text) {
    if (has_pattern_) time = pattern_.parse(text, text + size);
    if (time.kind == TimeKind::unreadable) time = time_from_text(text, text + size, unit_);
  } else if (cell.kind == kind::integer) {
    time = time_from_integer(cell.number, unit_);
  } else if (cell.kind == kind::real) {
    Decimal decimal;
    Failure failure;
    read_decimal(text, decimal, failure);
    time = time_from_decimal(decimal, unit_);
  }
  return time;
}

}  // namespace streamstat
