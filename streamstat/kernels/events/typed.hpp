// Text of formats that have no types: what is spelt as a JSON number, true or false is that, nothing is null.
#pragma once

#include "base/kinds.hpp"
#include "events/columns.hpp"
#include "events/number.hpp"

#include <cstring>
#include <new>

namespace streamstat {

// The value of a number that is spelt [begin, end).
inline void set_number(const Decimal &decimal, const Byte *begin, const Byte *end, Cell &cell) {
  double value;
  if (to_int64(decimal, cell.number)) {
    cell.kind = kind::integer;
  } else if (to_double(decimal, begin, end, value)) {
    cell.kind = kind::real;
    std::memcpy(&cell.number, &value, sizeof value);
  } else {
    cell.kind = kind::huge;
    cell.number = 0;
  }
}

// [begin, end) as a number if all of it is spelt as one; kNumberReach bytes from `begin` on are readable, and what stands
// at `end` is no part of a number (a separator, a quote, a space, a newline).
inline bool read_number(const Byte *begin, const Byte *end, Cell &cell) {
  if (begin == end || (*begin != '-' && !is_digit(*begin)) || !is_digit(end[-1])) return false;
  Decimal decimal;
  Failure failure;
  if (read_decimal(begin, decimal, failure) != end) return false;
  set_number(decimal, begin, end, cell);
  return true;
}

// Makes a cell anew in place: a copy of one would wait for what was just written.
template <typename Make>
const Cell *remade(Cell &cell, Make make) {
  return ::new (&cell) Cell(make());
}

inline Cell text_cell(const Byte *begin, const Byte *end) { return {begin, end, 0, kind::text, true, nullptr}; }

inline Cell null_cell(const Byte *at) { return {at, at, 0, kind::null, true, nullptr}; }

// A bare value; see read_number for what must be readable. The first character decides, which is alike in most values of a
// field, where lengths are not.
inline Cell typed_cell(const Byte *begin, const Byte *end) {
  Cell cell = text_cell(begin, end);
  const auto size = end - begin;
  if (size == 0)
    cell.kind = kind::null;
  else if (is_digit(*begin) || *begin == '-')
    read_number(begin, end, cell);
  else if (*begin == 't' && size == 4 && std::memcmp(begin, "true", 4) == 0)
    cell.kind = kind::yes;
  else if (*begin == 'f' && size == 5 && std::memcmp(begin, "false", 5) == 0)
    cell.kind = kind::no;
  return cell;
}

}  // namespace streamstat
