#include "lines/logfmt_decoder.hpp"

#include "events/line_records.hpp"
#include "events/typed.hpp"
#include "json/json_text.hpp"
#include "lines/scan_line.hpp"

namespace streamstat {

LogfmtDecoder::LogfmtDecoder(const std::vector<FieldSpec> &fields, TimeReader times)
    : specs_(fields), times_(std::move(times)) {}

class LogfmtParser {
 public:
  explicit LogfmtParser(const LogfmtDecoder &decoder)
      : values_(decoder.specs_.size()), keeps_pairs_(wants(decoder.specs_, kWritten)) {
    for (const FieldSpec &field : decoder.specs_) {
      wanted_.push_back(field.path);
      sizes_ |= size_bit(field.path.size());
    }
  }

  Failure failure;
  std::vector<std::string> *names = nullptr;  // where to note the names of a line, if anywhere

  // See read_lines.
  bool line(const Line &line) {
    const Byte *const begin = line.begin, *const end = line.end;
    end_ = end;
    if (names) names->clear();
    pairs_.clear();
    for (Value &value : values_) value.form = Form::absent;
    if (const Byte *const where = ill_formed_utf8(line)) return fail(Fault::bad_utf8, where);
    bool has_pair = false;
    for (const Byte *p = begin;;) {
      while (p < end && *p <= ' ') ++p;
      if (p >= end) break;
      const Byte *const name_end = find_blank_or<'='>(p);
      if (name_end == p) return fail(Fault::no_name, p);
      const Span name{p, name_end};
      Value value{{name_end, name_end}, Form::flag};
      if (*name_end == '=') {
        has_pair = true;
        if (!read_value(name_end + 1, value)) return false;
      }
      note(name, value);
      p = value.form == Form::quoted || value.form == Form::escaped ? value.text.end + 1 : value.text.end;
    }
    return has_pair || fail(Fault::no_pair, begin);
  }

  const Cell *cell(std::size_t field) { return value_cell(values_[field]); }

  void write(ObjectWriter &object) {
    for (const auto &[name, value] : pairs_)
      object.field({reinterpret_cast<const char *>(name.begin), name.size()}, value_cell(value));
  }

 private:
  enum class Form : std::uint8_t { absent, flag, bare, quoted, escaped };
  struct Value {
    Span text;  // of a quoted one what is between the quotes
    Form form = Form::absent;
  };

  const Cell *value_cell(const Value &value) {
    const Span text = value.text;
    const Form form = value.form;
    switch (form) {
      case Form::absent: return nullptr;
      case Form::bare: remade(cell_, [&] { return typed_cell(text.begin, text.end); }); break;
      default: remade(cell_, [&] { return text_cell(text.begin, text.end); });
    }
    if (form == Form::flag) cell_.kind = kind::yes;
    if (form == Form::escaped) cell_.unescape = json::unescape;
    return &cell_;
  }

  bool fail(Fault fault, const Byte *at) {
    failure.set(fault, at);
    return false;
  }

  bool read_value(const Byte *p, Value &value) {
    if (*p != '"') {
      value = {{p, find_blank_or<>(p)}, Form::bare};
      return true;
    }
    const Byte *const begin = ++p;
    value.form = Form::quoted;
    for (;;) {
      p = find_any<'"', '\\'>(p);
      if (p >= end_) return fail(Fault::unclosed_quote, begin - 1);
      if (*p == '"') break;
      value.form = Form::escaped;
      p = json::skip_escape(p, failure);
      if (!p) return false;
    }
    value.text = {begin, p};
    return p[1] <= ' ' || fail(Fault::text_behind_quote, p + 1);
  }

  void note(Span name, const Value &value) {
    const std::size_t size = name.size();
    if (names) names->emplace_back(name.begin, name.end);
    if (keeps_pairs_) pairs_.emplace_back(name, value);
    if (!(sizes_ & size_bit(size))) return;
    for (std::size_t field = 0; field < wanted_.size(); ++field)
      if (name.is(wanted_[field])) values_[field] = value;
  }

  static std::uint64_t size_bit(std::size_t size) { return std::uint64_t{1} << std::min<std::size_t>(size, 63); }

  std::vector<std::string_view> wanted_;
  std::uint64_t sizes_ = 0;  // of the wanted names
  std::vector<Value> values_;  // of each field
  bool keeps_pairs_;
  std::vector<std::pair<Span, Value>> pairs_;  // of the line, if they are kept
  const Byte *end_ = nullptr;
  Cell cell_{};
};

void LogfmtDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  LogfmtParser parser(*this);
  read_lines(writer, parser);
}

std::vector<std::string> LogfmtDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  std::vector<std::string> found;
  LogfmtParser parser(*this);
  parser.names = &found;
  return read_first_line(writer, parser) ? found : std::vector<std::string>{};
}

}  // namespace streamstat
