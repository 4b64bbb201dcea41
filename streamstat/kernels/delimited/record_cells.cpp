#include "delimited/record_cells.hpp"

#include <algorithm>
#include <unordered_set>

namespace streamstat {

ColumnNames different(const ColumnNames &names) {
  std::unordered_set<std::string_view> known;
  ColumnNames found;
  for (const std::string &name : names)
    if (known.insert(name).second) found.push_back(name);
  return found;
}

std::string name_of(const Cell &cell) {
  std::vector<Byte> text(cell.begin, cell.end);
  if (cell.unescape) {
    text.resize(3 * text.size());
    text.resize(static_cast<std::size_t>(cell.unescape(cell.begin, cell.end, text.data()) - text.data()));
  }
  const std::size_t size = text.size();
  text.resize(size + 4);  // what a sequence that is cut short reads
  std::string name;
  for (const Byte *p = text.data(), *const end = p + size; p < end;) {
    const Byte *const next = *p < 0x80 ? p + 1 : skip_utf8(p);
    if (next)
      name.append(p, next);
    else
      name += "\xEF\xBF\xBD";
    p = next ? next : p + 1;
  }
  return name;
}

Byte *halve_quotes(const Byte *begin, const Byte *end, Byte *out) {
  for (const Byte *p = begin; p < end; ++p) {
    *out++ = *p;
    p += *p == '"';
  }
  return out;
}

Byte *undo_backslashes(const Byte *begin, const Byte *end, Byte *out) {
  for (const Byte *p = begin; p < end; ++p) {
    const Byte next = *p == '\\' && p + 1 < end ? p[1] : 0;
    const Byte meant = next == 't' ? '\t' : next == 'n' ? '\n' : next == '\\' ? '\\' : 0;
    p += meant != 0;
    *out++ = meant ? meant : *p;
  }
  return out;
}

}  // namespace streamstat
