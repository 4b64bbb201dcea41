// Texts of access logs: servers write `\"`, `\\` and `\xHH` for what would break a line, and bytes of any kind otherwise.
#pragma once

#include "events/typed.hpp"
#include "lines/scan_line.hpp"

namespace streamstat {

// Undoes the escapes of [begin, end), then turns what is no UTF-8 into U+FFFD, one for each maximal part of a sequence, as
// the Unicode standard recommends and Python does. Writes at most three bytes for each of the spelling.
Byte *undo_log_escapes(const Byte *begin, const Byte *end, Byte *out);

// Whether a value is no more than `-`.
inline bool is_dash(const Byte *begin, const Byte *end) { return end - begin == 1 && *begin == '-'; }

// A text as it was logged; in_plain: it stands in a line that is plain.
inline Cell logged_cell(const Byte *begin, const Byte *end, bool in_plain) {
  Cell cell = text_cell(begin, end);
  if (!in_plain && !is_plain(begin, end)) cell.unescape = undo_log_escapes;
  return cell;
}

// Such a text, and null if it is `-`.
inline Cell log_text_cell(const Byte *begin, const Byte *end, bool in_plain) {
  return is_dash(begin, end) ? null_cell(begin) : logged_cell(begin, end, in_plain);
}

// A number, or else a text, if something may stand at `end` that numbers are made of.
Cell number_before_more(const Byte *begin, const Byte *end);

// A number, true or false if [begin, end) is spelt as one, whatever stands behind it; else a text as it stands. Nothing is
// null.
inline Cell enclosed_cell(const Byte *begin, const Byte *end) {
  if (begin == end || (*begin != '-' && !is_digit(*begin))) return typed_cell(begin, end);
  // Addresses and dates begin with digits too, and are no numbers by what is behind these.
  const Byte *const digits = begin + (*begin == '-');
  const Byte *const behind = digits + digit_run(digits);
  if (behind < end && *behind != '.' && (*behind | 0x20) != 'e' && !is_digit(*behind)) return text_cell(begin, end);
  const Byte *const second = behind + 1 + digit_run(behind + 1);
  if (*behind == '.' && second < end && *second == '.') return text_cell(begin, end);
  const bool goes_on = is_digit(*end) || *end == '.' || *end == '-' || *end == '+' || (*end | 0x20) == 'e';
  return goes_on ? number_before_more(begin, end) : typed_cell(begin, end);
}

// Such a cell, with the escapes of texts undone; `-` is null too.
inline Cell log_value_cell(const Byte *begin, const Byte *end, bool in_plain) {
  Cell cell = is_dash(begin, end) ? null_cell(begin) : enclosed_cell(begin, end);
  if (cell.kind == kind::text && !in_plain && !is_plain(begin, end)) cell.unescape = undo_log_escapes;
  return cell;
}

}  // namespace streamstat
