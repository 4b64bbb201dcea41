#include "events/time_reader.hpp"

#include "events/number.hpp"

#include <cstring>
#include <vector>

namespace streamstat {

Time TimeReader::any_time(const Cell &cell, const Byte *text, std::uint32_t size) const {
  if (cell.kind == kind::null) return {TimeKind::missing, 0};
  if (cell.kind < kind::integer || cell.kind == kind::json) return {TimeKind::unreadable, 0};
  for (const TimePattern &pattern : patterns_) {
    const Time time = pattern.parse(text, text + size, zones_);
    if (time.kind != TimeKind::unreadable) return time;
  }
  if (cell.kind == kind::text) return time_from_text(text, text + size, unit_);
  if (cell.kind == kind::integer) return time_from_integer(cell.number, unit_);
  return time_of_number(text, size);
}

// What stands behind the text may be a digit: the number is copied to where none does.
Time TimeReader::time_of_number(const Byte *text, std::uint32_t size) const {
  constexpr std::uint32_t most = 64;
  Byte room[most + kNumberReach];
  std::vector<Byte> longer;
  Byte *copy = room;
  if (size > most) {
    longer.resize(size + kNumberReach);
    copy = longer.data();
  }
  std::memcpy(copy, text, size);
  std::memset(copy + size, 0, kNumberReach);
  Decimal decimal;
  Failure failure;
  read_decimal(copy, decimal, failure);
  return time_from_decimal(decimal, unit_);
}

}  // namespace streamstat
