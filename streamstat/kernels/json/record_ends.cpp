#include "json/record_ends.hpp"

#include "events/block_writer.hpp"
#include "json/line_parser.hpp"

namespace streamstat {

const PathTree RecordEnds::kNoFields{std::span<const FieldSpec>()};

namespace {

// Whether the last bytes may become a word or a byte-order mark.
bool begins_word(const Byte *p, const Byte *end) {
  const auto size = static_cast<std::size_t>(end - p);
  for (const char *word : {"true", "false", "null", "\xEF\xBB\xBF"})
    if (size < std::strlen(word) && std::memcmp(p, word, size) == 0) return true;
  return false;
}

template <typename Belongs>
bool all(const Byte *p, const Byte *end, Belongs belongs) {
  while (p < end && belongs(*p)) ++p;
  return p >= end;
}

// Whether what is wrong may be that bytes are missing.
bool may_go_on(const Failure &failure, const Byte *end) {
  const Byte *const p = failure.where;
  if (p >= end) return true;
  switch (failure.fault) {
    case Fault::bad_number:
      return all(p, end, [](Byte c) { return is_digit(c) || c == '-' || c == '+' || c == '.' || (c | 0x20) == 'e'; });
    case Fault::bad_escape:
      return p + 1 >= end || (p[1] == 'u' && p + 6 > end && all(p + 2, end, [](Byte c) { return hex_digit(c) >= 0; }));
    case Fault::bad_utf8:
      return p + 4 > end && *p >= 0xC2 && all(p + 1, end, [](Byte c) { return (c & 0xC0) == 0x80; });
    case Fault::expected_value:
      return begins_word(p, end) || (*p == '-' && p + 1 >= end);
    default:
      return false;
  }
}

}  // namespace

bool Structure::ends(const Byte *p, const Byte *end) {
  while (p < end) {
    if (in_string_) {
      if (escaped_) {
        escaped_ = false;
        ++p;
        continue;
      }
      p += json::plain_prefix(p);
      if (p >= end) break;
      const Byte c = *p++;
      if (c < ' ') return true;
      escaped_ = c == '\\';
      in_string_ = c != '"';
      if (!in_string_ && depth_ == 0) return true;
      continue;
    }
    const Byte c = *p++;
    if (c == '"') in_string_ = true;
    else if (c == '{' || c == '[') ++depth_;
    else if (c == '}' || c == ']') { if (depth_ <= 1) return true; --depth_; }
    else if (depth_ == 0 && (c <= ' ' || c == ',')) return true;
  }
  return false;
}

RecordEnds::RecordEnds(json::Standing standing)
    : standing_(standing), behind_(standing), inside_(standing.inside), column_(standing.seeking) {
  if (standing.seeking < 0) return;
  known_ = Known::bad;
  counted_ = true;
}

std::size_t RecordEnds::end(Byte *content, std::size_t size) {
  const bool is_apart = !behind_bad_ && done_ < apart_;
  if (is_apart) done_ = apart_;
  if (size == size_ && !is_apart) return done_;
  if (size != size_) {
    size_ = size;
    content[size] = json::kEnd;
    const Byte *const end = content + size;
    if (const Byte *const p = resumed(content, end)) walk(content, p, end);
  }
  stand(content);
  return done_;
}

// Where records are to be read from; null if the one that is open or bad goes on.
const Byte *RecordEnds::resumed(const Byte *content, const Byte *end) {
  if (known_ == Known::nothing) return content + done_;
  if (known_ == Known::bad) return seek(content, content + looked_at_, end);
  const bool ends = structure_.ends(content + looked_at_, end);
  looked_at_ = size_;
  if (ends) again_ = 0;
  if (size_ - begin_ < again_) return nullptr;
  known_ = Known::nothing;
  return content + done_;
}

void RecordEnds::walk(const Byte *content, const Byte *p, const Byte *end) {
  ObjectParser<json::AnyLayout> parser(kNoFields);
  for (;;) {
    p = json::skip_separators(p, inside_);
    apart_ = static_cast<std::size_t>(p - content);
    if (!behind_bad_) done_ = apart_;
    const Byte *const record = BlockWriter::skip_nuls(p);
    if (record >= end) return;
    bool inside = inside_;
    if (record > p && json::skip_separators(record, inside) > record) {
      p = record;
      continue;
    }
    p = parser.record(record);
    if (!p && parser.behind && parser.behind < end) p = parser.behind;
    if (p) {
      behind_bad_ = false;
      continue;
    }
    begin_ = static_cast<std::size_t>(record - content);
    if (parser.behind || may_go_on(parser.failure, end)) {
      known_ = Known::open;
      structure_ = {};
      looked_at_ = size_;
      again_ = structure_.ends(record, end) ? 0 : 2 * (size_ - begin_);
      return;
    }
    known_ = Known::bad;
    column_ = json::column_at(content, standing_.column, record);
    if (!(p = seek(content, record, end))) return;
  }
}

// The end of a bad record, if it is in [p, end).
const Byte *RecordEnds::seek(const Byte *content, const Byte *p, const Byte *end) {
  const Byte *resume;
  const Byte *const found = json::next_line(p, end, column_, resume);
  looked_at_ = static_cast<std::size_t>(resume - content);
  if (found) {
    known_ = Known::nothing;
    counted_ = false;
    behind_bad_ = *found != 0;  // NULs end it by themselves
    done_ = static_cast<std::size_t>(found - content);
  } else if (counted_) {
    done_ = looked_at_;
  }
  return found;
}

// Notes how the records behind `done_` are read.
void RecordEnds::stand(const Byte *content) {
  behind_ = {inside_, json::column_at(content, standing_.column, content + done_), counted_ ? column_ : -1};
}

std::size_t RecordEnds::forced_end(Byte *content, std::size_t size) {
  if (end(content, size) || known_ == Known::nothing) return done_;
  if (known_ == Known::open) {
    known_ = Known::bad;
    column_ = json::column_at(content, standing_.column, content + begin_);
    seek(content, content + begin_, content + size);
  }
  if (known_ == Known::bad) {
    counted_ = true;
    done_ = looked_at_ > begin_ ? looked_at_ : size;
    looked_at_ = done_;
  } else {
    size_ = 0;  // what stands behind it was not looked at
  }
  stand(content);
  return done_;
}

json::Standing RecordEnds::taken(std::size_t size) {
  const auto behind = [size](std::size_t at) { return at > size ? at - size : 0; };
  if (size == done_) {
    standing_ = behind_;
  } else if (known_ != Known::nothing && !counted_ && size > begin_) {  // with a record that the end of input cuts off
    standing_ = {inside_, 0, -1};
    known_ = Known::nothing;
  }
  behind_bad_ = false;
  apart_ = behind(apart_);
  done_ = behind(done_);
  begin_ = behind(begin_);
  looked_at_ = behind(looked_at_);
  size_ = behind(size_);
  behind_ = standing_;
  return standing_;
}

}  // namespace streamstat
