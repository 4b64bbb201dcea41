#include "events/object_writer.hpp"

#include "base/kinds.hpp"
#include "events/written.hpp"

#include <algorithm>
#include <functional>

namespace streamstat {

namespace {

std::string_view view(const Byte *begin, const Byte *end) {
  return {reinterpret_cast<const char *>(begin), static_cast<std::size_t>(end - begin)};
}

// Whether a text is its own JSON. Without a branch in it, sixteen bytes are looked at in one step.
bool is_plain(std::string_view text) {
  bool is_other = false;
  for (const char c : text) is_other |= (static_cast<signed char>(c) < ' ') | (c == '"') | (c == '\\') | (c == 0x7F);
  return !is_other;
}

void put_quoted(TextBuffer &out, std::string_view text) {
  if (!is_plain(text)) {
    out.put('"');
    put_json_string(out, text);
    return out.put('"');
  }
  char *p = out.room(text.size() + 2);
  *p++ = '"';
  p = std::ranges::copy(text, p).out;
  *p++ = '"';
  out.advance_to(p);
}

const Byte *behind_space_before(const Byte *p) {
  while (p[-1] <= ' ') --p;
  return p;
}

// p behind the closing quote of a name; returns its opening one. Of the quotes before it that one alone has an even number
// of backslashes in front.
const Byte *opening_quote(const Byte *p) {
  for (--p;;) {
    while (*--p != '"') {
    }
    const Byte *first = p;
    while (first[-1] == '\\') --first;
    if ((p - first) % 2 == 0) return p;
  }
}

// What is left out of an object with a value: its name and a comma, or the quotes of a text. An element of an array leaves a
// null, as those behind it would else have other places.
struct Cut {
  const Byte *begin, *end;
  std::string_view instead;

  explicit Cut(const Elements &value) : begin(value.begin), end(value.end) {
    if (begin[-1] == '"') --begin, ++end;
    const Byte *const colon = behind_space_before(begin) - 1;
    if (*colon != ':') {
      instead = "null";
      return;
    }
    begin = opening_quote(behind_space_before(colon));
    const Byte *behind = end;
    while (*behind <= ' ') ++behind;
    if (*behind == ',')
      end = behind + 1;
    else if (const Byte *const before = behind_space_before(begin); before[-1] == ',')
      begin = before - 1;
  }
};

}  // namespace

void ObjectWriter::field(std::string_view name, const Cell *cell) {
  if (!cell || holds_elements(*cell)) return;
  comma();
  put_quoted(text_, name);
  text_.put(':');
  value(*cell);
}

void ObjectWriter::value(const Cell &cell) {
  switch (cell.kind) {
    case kind::null: return text_.put("null");
    case kind::no: return text_.put("false");
    case kind::yes: return text_.put("true");
    default: break;
  }
  std::string_view spelling = view(cell.begin, cell.end);
  if (cell.unescape) {
    room_.resize(3 * spelling.size() + Arena::kReach);
    spelling = view(room_.data(), cell.unescape(cell.begin, cell.end, room_.data()));
  }
  cell.kind == kind::text ? put_quoted(text_, spelling) : text_.put(spelling);
}

void ObjectWriter::fields_of(const Byte *begin, const Byte *end) {
  if (!std::less<>{}(elements_.begin, begin) && std::less<>{}(elements_.begin, end)) {
    const Cut cut(elements_);
    room_.assign(begin, cut.begin);
    room_.insert(room_.end(), cut.instead.begin(), cut.instead.end());
    room_.insert(room_.end(), cut.end, end);
    begin = room_.data();
    end = begin + room_.size();
  }
  const std::string_view fields = within_braces(view(begin, end));
  if (fields.empty()) return;
  comma();
  text_.put(fields);
}

void ObjectWriter::column(const Cell &cell) {
  has_columns_ = true;
  text_.put('\0');
  if (!holds_elements(cell)) value(cell);
}

std::string_view ObjectWriter::finished() {
  if (has_columns_) return text_.view();
  if (is_first_) text_.put('{');
  text_.put('}');
  return text_.view();
}

}  // namespace streamstat
