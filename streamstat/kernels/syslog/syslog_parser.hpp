// One syslog line: RFC 5424, or RFC 3164 as it is written today, also with an ISO 8601 time. A part of the decoder, in a
// file of its own.
#pragma once

#include "events/line_records.hpp"
#include "events/time_scan.hpp"
#include "events/typed.hpp"
#include "syslog/line_words.hpp"
#include "syslog/syslog_fields.hpp"

#include <cstring>

namespace streamstat::syslog {

class Parser {
 public:
  explicit Parser(const Fields &fields) : fields_(fields), structured_(fields.structured.size()) {}

  // See read_lines.
  bool line(const Line &line) {
    const Byte *const begin = line.begin;
    for (Span &each : spans_) each = {};
    for (Span &each : structured_) each = {};
    if (names) names->clear();
    all_structured_.clear();
    end_ = line.end;
    words_ = LineWords(begin, end_);
    if (const Byte *const wrong = ill_formed_utf8(line)) [[unlikely]] return !!failure.set(Fault::bad_utf8, wrong);
    const Byte *p = skip_priority(begin);
    if (!p) [[unlikely]] return !!failure.set(Fault::not_syslog, begin);
    if (const Byte *const header = behind_version(p)) [[likely]] return structured_line(header);
    return plain_line(p);
  }

  const Cell *cell(std::size_t field) {
    const std::size_t place = fields_.places[field];
    if (place == Fields::kNowhere) return nullptr;
    return place < kNames.size() ? own_cell(place) : structured_cell(structured_[place - kNames.size()]);
  }

  void write(ObjectWriter &object) {
    for (std::size_t name = 0; name < kNames.size(); ++name) object.field(kNames[name], own_cell(name));
    for (const auto &[element, name, value] : all_structured_)
      object.field(structured_name(element, name), structured_cell(value));
  }

  Failure failure;
  std::vector<std::string> *names = nullptr;  // where to note the names of structured data, if anywhere

 private:
  struct Span {
    const Byte *begin = nullptr, *end = nullptr;  // null: it is null
  };
  struct Parameter {
    Span element, name, value;
  };

  const Cell *own_cell(std::size_t place) {
    const Span &span = spans_[place <= kSeverity ? std::size_t{kPriority} : place];
    if (!span.begin) return remade(cell_, [&] { return null_cell(end_); });
    remade(cell_, [&] { return text_cell(span.begin, span.end); });
    if (place <= kSeverity) number_cell(place);
    return &cell_;
  }

  // What stands before a space, which is skipped; all of it at the end of the line.
  Span word(const Byte *&p) {
    const Byte *const space = words_.space_from(p);
    const Span found{p, space};
    p = space + (space < end_);
    return found;
  }

  static Span or_null(Span span) { return span.end - span.begin == 1 && *span.begin == '-' ? Span{} : span; }

  // Behind `<PRI>`, or p if there is none; null if it is none that can be.
  const Byte *skip_priority(const Byte *p) {
    if (*p != '<') return p;
    const Byte *const begin = ++p;
    unsigned priority = 0;
    while (p < end_ && is_digit(*p) && p - begin < 3) priority = priority * 10 + (*p++ - '0');
    if (p == begin || p >= end_ || *p != '>' || priority > 191 || (*begin == '0' && p - begin > 1)) return nullptr;
    priority_ = priority;
    spans_[kPriority] = {begin, p};  // which the two others are made of
    return p + 1;
  }

  // Behind the version and its space, if these are followed by what RFC 5424 has for a time; else null.
  const Byte *behind_version(const Byte *p) const {
    const Byte *const begin = p;
    while (p < end_ && is_digit(*p) && p - begin < 3) ++p;
    if (p == begin || *begin == '0' || end_ - p < 2 || *p != ' ') return nullptr;
    return begins_iso(p + 1) || (p[1] == '-' && (p + 2 == end_ || p[2] == ' ')) ? p + 1 : nullptr;
  }

  static bool fits(const Byte *p, const char *shape) {  // 0 is a digit, _ a digit or a space, A a letter
    for (; *shape; ++shape, ++p) {
      const bool good = *shape == '0' ? is_digit(*p) : *shape == '_' ? is_digit(*p) || *p == ' '
                        : *shape == 'A' ? (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z'
                                        : *p == static_cast<Byte>(*shape);
      if (!good) return false;
    }
    return true;
  }

  bool begins_iso(const Byte *p) const {
    return end_ - p >= 19 && has_date_and_clock(p) && p[4] == '-' && p[10] == 'T';
  }

  // A word, and whether something stands behind it.
  bool word_into(Name name, const Byte *&p) {
    spans_[name] = or_null(word(p));
    return p < end_;
  }

  // p at the time of RFC 5424.
  bool structured_line(const Byte *p) {
    const bool is_whole = word_into(kTime, p) && word_into(kHost, p) && word_into(kApp, p) && word_into(kPid, p) &&
                          word_into(kMsgid, p);
    if (!is_whole) [[unlikely]] return !!failure.set(Fault::not_syslog, p);
    const Byte *const data = p;
    p = *p == '-' ? p + 1 : elements(p);
    if (!p || (p < end_ && *p != ' ')) [[unlikely]] return !!failure.set(Fault::bad_structured_data, data);
    if (p == end_) [[unlikely]] return true;
    ++p;
    if (end_ - p >= 3 && std::memcmp(p, "\xEF\xBB\xBF", 3) == 0) p += 3;
    spans_[kMessage] = {p, end_};
    return true;
  }

  // p at the first bracket of structured data; returns what is behind the last one, or null.
  const Byte *elements(const Byte *p) {
    if (*p != '[') return nullptr;
    while (p < end_ && *p == '[') {
      const Byte *const id = ++p;
      while (p < end_ && *p != ' ' && *p != ']') ++p;
      if (p == end_ || p == id) return nullptr;
      const Span element{id, p};
      while (*p == ' ') {
        const Byte *const name = ++p;
        while (p < end_ && *p != '=' && *p != ' ' && *p != ']') ++p;
        const Byte *const name_end = p;
        if (end_ - p < 2 || *p != '=' || p == name || p[1] != '"') return nullptr;
        p = parameter(element, {name, name_end}, p + 2);
        if (!p) return nullptr;
      }
      if (*p++ != ']') return nullptr;
    }
    return p;
  }

  // p behind the quote of a value; returns what is behind the closing one, or null.
  const Byte *parameter(Span element, Span name, const Byte *p) {
    const Byte *const value = p;
    while (p < end_ && *p != '"') p += *p == '\\' ? 2 : 1;
    if (p >= end_ - 1) return nullptr;  // a bracket must follow
    for (std::size_t i = 0; i < structured_.size(); ++i)
      if (is_name(fields_.structured[i], element, name)) structured_[i] = {value, p};
    if (names) names->push_back(structured_name(element, name));
    if (fields_.keeps_all) all_structured_.push_back({element, name, {value, p}});
    return p + 1;
  }

  static std::string structured_name(Span element, Span name) {
    return std::string(kStructured).append(element.begin, element.end).append(1, '.').append(name.begin, name.end);
  }

  static bool is_name(const std::string &wanted, Span element, Span name) {
    const auto id = static_cast<std::size_t>(element.end - element.begin);
    const auto size = static_cast<std::size_t>(name.end - name.begin);
    return wanted.size() == id + 1 + size && std::memcmp(wanted.data(), element.begin, id) == 0 && wanted[id] == '.' &&
           std::memcmp(wanted.data() + id + 1, name.begin, size) == 0;
  }

  // p at the time of RFC 3164.
  bool plain_line(const Byte *p) {
    if (begins_iso(p)) {
      spans_[kTime] = word(p);
    } else {
      const Byte *const begin = p;
      if (end_ - p < 15 || !fits(p, "AAA _0 00:00:00")) return !!failure.set(Fault::not_syslog, begin);
      p += 15;
      if (p < end_ && *p == '.')
        for (++p; p < end_ && is_digit(*p);) ++p;
      if (p < end_ && *p != ' ') return !!failure.set(Fault::not_syslog, begin);
      spans_[kTime] = {begin, p};
      p += p < end_;
    }
    if (p == end_) return true;
    if (tag(p)) return true;  // without a host
    spans_[kHost] = or_null(word(p));
    if (p < end_ && !tag(p)) spans_[kMessage] = {p, end_};
    return true;
  }

  // Whether an app stands at p: up to a colon at the end of a word, or with its process in brackets.
  bool tag(const Byte *p) {
    const Byte *rest = p;
    const Span first = word(rest);
    const auto size = static_cast<std::size_t>(first.end - first.begin);
    const auto *open = static_cast<const Byte *>(std::memchr(p, '[', size));
    const auto *close = open ? static_cast<const Byte *>(std::memchr(open, ']', static_cast<std::size_t>(first.end - open))) : nullptr;
    if (open > p && close && (close + 1 == first.end || close[1] == ':')) {
      spans_[kApp] = {p, open};
      if (close > open + 1) spans_[kPid] = {open + 1, close};
      message(close + 1);
      return true;
    }
    if (size < 2 || first.end[-1] != ':') return false;
    spans_[kApp] = {p, first.end - 1};
    message(first.end - 1);
    return true;
  }

  // p behind an app: at a colon, a space or the end.
  void message(const Byte *p) {
    if (p < end_ && *p == ':') ++p;
    if (p < end_ && *p == ' ') ++p;
    spans_[kMessage] = {p, end_};
  }

  void number_cell(std::size_t place) {
    cell_.kind = kind::integer;
    cell_.number = place == kPriority ? priority_ : place == kFacility ? priority_ / 8 : priority_ % 8;
    if (place != kPriority) cell_.unescape = place == kFacility ? write_facility : write_severity;
  }

  static unsigned read(const Byte *begin, const Byte *end) {
    unsigned number = 0;
    for (; begin < end; ++begin) number = number * 10 + (*begin - '0');
    return number;
  }

  static Byte *write_facility(const Byte *begin, const Byte *end, Byte *out) {
    const unsigned facility = read(begin, end) / 8;
    if (facility >= 10) *out++ = static_cast<Byte>('0' + facility / 10);
    *out++ = static_cast<Byte>('0' + facility % 10);
    return out;
  }

  static Byte *write_severity(const Byte *begin, const Byte *end, Byte *out) {
    *out++ = static_cast<Byte>('0' + read(begin, end) % 8);
    return out;
  }

  const Cell *structured_cell(Span span) {
    if (!span.begin) return nullptr;
    remade(cell_, [&] { return text_cell(span.begin, span.end); });
    if (std::memchr(span.begin, '\\', static_cast<std::size_t>(span.end - span.begin))) cell_.unescape = unescape;
    return &cell_;
  }

  // A backslash before a quote, a backslash or a bracket is none itself.
  static Byte *unescape(const Byte *p, const Byte *end, Byte *out) {
    for (; p < end; *out++ = *p++)
      if (*p == '\\' && end - p > 1 && (p[1] == '"' || p[1] == '\\' || p[1] == ']')) ++p;
    return out;
  }

  const Fields &fields_;
  const Byte *end_ = nullptr;
  unsigned priority_ = 0;
  std::array<Span, kNames.size()> spans_;
  std::vector<Span> structured_;
  std::vector<Parameter> all_structured_;  // if they are kept
  LineWords words_;
  Cell cell_{};
};

}  // namespace streamstat::syslog
