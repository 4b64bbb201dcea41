#include "text/lists.hpp"

#include <charconv>
#include <limits>
#include <stdexcept>

namespace streamstat {

namespace {

[[noreturn]] void refuse() { throw std::invalid_argument("text: not a list of this kind"); }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool take(char wanted) {
    skip_blanks();
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) refuse();
  }
  void expect_end() {
    skip_blanks();
    if (!text_.empty()) refuse();
  }

  template <typename Number>
  Number number() {
    skip_blanks();
    Number value{};
    const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (read.ec != std::errc()) refuse();
    text_.remove_prefix(static_cast<std::size_t>(read.ptr - text_.data()));
    return value;
  }

  double upper() {
    skip_blanks();
    if (!text_.starts_with("null")) return number<double>();
    text_.remove_prefix(4);
    return std::numeric_limits<double>::quiet_NaN();
  }

  // The span of one value of any shape: up to the comma or bracket that ends it at this depth.
  std::string_view value() {
    skip_blanks();
    std::size_t i = 0, depth = 0;
    for (; i < text_.size(); ++i) {
      const char byte = text_[i];
      if (byte == '"') i = end_of_string(i);
      if (depth == 0 && (byte == ',' || byte == ']')) break;
      if (byte == '[' || byte == '{') ++depth;
      if (byte == ']' || byte == '}') --depth;
    }
    if (i == 0 || i >= text_.size()) refuse();
    const std::string_view span = text_.substr(0, i);
    text_.remove_prefix(i);
    return span.substr(0, span.find_last_not_of(" \t\r\n") + 1);
  }

 private:
  void skip_blanks() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size())); }

  std::size_t end_of_string(std::size_t i) const {
    for (++i; i < text_.size() && text_[i] != '"'; ++i)
      if (text_[i] == '\\') ++i;
    if (i >= text_.size()) refuse();
    return i;
  }

  std::string_view text_;
};

void put_utf8(TextBuffer &out, std::uint32_t c) {
  const auto tail = [&](int shift) { out.put(static_cast<char>(0x80 | (c >> shift & 0x3f))); };
  if (c < 0x80) return out.put(static_cast<char>(c));
  if (c < 0x800) {
    out.put(static_cast<char>(0xc0 | c >> 6));
  } else if (c < 0x10000) {
    out.put(static_cast<char>(0xe0 | c >> 12));
    tail(6);
  } else {
    out.put(static_cast<char>(0xf0 | c >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
}

// The four digits after \u at the start of `text`, or a value no escape has.
constexpr std::uint32_t kNoEscape = 0xffffffff;
std::uint32_t unicode_escape(std::string_view text) {
  std::uint32_t value = 0;
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return kNoEscape;
  const auto read = std::from_chars(text.data() + 2, text.data() + 6, value, 16);
  return read.ec == std::errc() && read.ptr == text.data() + 6 ? value : kNoEscape;
}

// Appends the character of the \u escape (or pair of them) at the start; gives the bytes it took.
std::size_t put_unicode_escape(TextBuffer &out, std::string_view text) {
  const std::uint32_t unit = unicode_escape(text);
  if (unit == kNoEscape) refuse();
  if (unit < 0xd800 || unit > 0xdfff) {
    put_utf8(out, unit);
    return 6;
  }
  const std::uint32_t low = unit < 0xdc00 ? unicode_escape(text.substr(6)) : kNoEscape;
  const bool paired = low >= 0xdc00 && low <= 0xdfff;
  put_utf8(out, paired ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : 0xfffd);
  return paired ? 12 : 6;
}

char plain_escape(char letter) {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"':
    case '\\':
    case '/': return letter;
    default: refuse();
  }
}

void read_value(Lists &lists, Reader &reader) {
  const std::string_view value = reader.value();
  value.front() == '"' ? put_unescaped(lists.texts, value) : lists.texts.put(value);
  lists.text_offsets.push_back(static_cast<std::int64_t>(lists.texts.size()));
}

void read_entry(Lists &lists, Reader &reader, ColumnType type) {
  if (type == ColumnType::kList) return read_value(lists, reader);
  reader.expect('[');
  if (type == ColumnType::kHistogram) {
    lists.uppers.push_back(reader.upper());
  } else {
    read_value(lists, reader);
  }
  reader.expect(',');
  lists.counts.push_back(reader.number<std::int64_t>());
  if (type == ColumnType::kTop) {
    reader.expect(',');
    lists.errors.push_back(reader.number<std::int64_t>());
  }
  reader.expect(']');
}

void read_list(Lists &lists, std::string_view text, ColumnType type) {
  Reader reader(text);
  reader.expect('[');
  if (!reader.take(']')) {
    do {
      read_entry(lists, reader, type);
    } while (reader.take(','));
    reader.expect(']');
  }
  reader.expect_end();
}

}  // namespace

void put_unescaped(TextBuffer &out, std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '"' || literal.back() != '"') refuse();
  std::string_view text = literal.substr(1, literal.size() - 2);
  while (!text.empty()) {
    const std::size_t run = std::min(text.find('\\'), text.size());
    out.put(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) return;
    if (text.size() < 2) refuse();
    if (text[1] == 'u') {
      text.remove_prefix(put_unicode_escape(out, text));
    } else {
      out.put(plain_escape(text[1]));
      text.remove_prefix(2);
    }
  }
}

Lists read_lists(const Column &column, RowRange rows) {
  const bool counted = column.type == ColumnType::kHistogram || column.type == ColumnType::kTop;
  if (!counted && column.type != ColumnType::kList) throw std::invalid_argument("column: holds no lists");
  Lists lists;
  for (std::size_t row = rows.lo; row < rows.hi; ++row) {
    if (column.kinds[row] != kind::null) read_list(lists, column.text(row), column.type);
    lists.starts.push_back(static_cast<std::int64_t>(counted ? lists.counts.size() : lists.text_offsets.size() - 1));
  }
  return lists;
}

}  // namespace streamstat
