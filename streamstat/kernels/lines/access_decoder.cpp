#include "lines/access_decoder.hpp"

#include "events/line_records.hpp"
#include "lines/request.hpp"

#include <array>

namespace streamstat {

namespace {

namespace part {
enum Index : std::size_t { host, ident, user, time, method, path, query, protocol, status, bytes, referer, agent, none };
}
constexpr std::array<std::string_view, part::none> kNames{"host",  "ident",    "user",   "time",  "method",  "path",
                                                     "query", "protocol", "status", "bytes", "referer", "agent"};

}  // namespace

AccessDecoder::AccessDecoder(Layout layout, const std::vector<FieldSpec> &fields, TimeReader times)
    : layout_(layout), specs_(fields), times_(std::move(times)) {
  for (const FieldSpec &field : fields)
    parts_.push_back(static_cast<std::size_t>(std::find(kNames.begin(), kNames.end(), field.path) - kNames.begin()));
}

class AccessParser {
 public:
  explicit AccessParser(const AccessDecoder &decoder)
      : decoder_(decoder), wants_agent_(std::ranges::count(decoder.parts_, std::size_t{part::agent}) > 0 || wants(decoder.specs_, kWritten)) {}

  Failure failure;

  // See read_lines.
  bool line(const Line &line) {
    end_ = line.end;
    is_plain_ = line.is_plain;
    request_known_ = has_agent_ = false;
    const Byte *p = line.begin;
    return word(p, part::host) && word(p, part::ident) && user(p) && time(p) && quoted(p, request_) && space(p) && word(p, part::status) &&
           bytes(p) && rest(p);
  }

  const Cell *cell(std::size_t field) { return part_cell(decoder_.parts_[field]); }

  void write(ObjectWriter &object) {
    for (std::size_t index = 0; index < kNames.size(); ++index) object.field(kNames[index], part_cell(index));
  }

  std::size_t parts() const { return has_agent_ ? part::none : part::referer; }

 private:
  const Cell *part_cell(std::size_t index) {
    if (index == part::none || (index >= part::referer && !has_agent_)) return nullptr;
    const Byte *const begin = spans_[index].begin, *const end = spans_[index].end;
    if (index >= part::method && index <= part::protocol)
      return remade(cell_, [&] { return request().cell(static_cast<RequestPart>(index - part::method), is_plain_); });
    if (index == part::status || index == part::bytes)
      return remade(cell_, [&] { return log_value_cell(begin, end, is_plain_); });
    return remade(cell_, [&] { return log_text_cell(begin, end, is_plain_); });
  }

  bool fail(Fault fault, const Byte *at) {
    failure.set(at >= end_ ? Fault::unterminated : fault, at);
    return false;
  }

  bool space(const Byte *&p) { return p < end_ && *p == ' ' ? (++p, true) : fail(Fault::expected_space, p); }

  // A word and the space behind it.
  bool word(const Byte *&p, part::Index index) {
    const Byte *const end = find_any<' '>(p);
    if (end >= end_) return fail(Fault::unterminated, end_);
    if (end == p) return fail(Fault::expected_value, p);
    spans_[index] = {p, end};
    p = end + 1;
    return true;
  }

  // A user, the space behind it and a bracket. There are users with spaces in their names. But one that begins with `- ` is
  // none: the line has one word more, a virtual host for example, and all words would be taken for another.
  bool user(const Byte *&p) {
    const Byte *const word_end = find_any<' '>(p), *bracket = word_end + 1;
    if (word_end >= end_) return fail(Fault::unterminated, end_);
    if (*bracket != '[') {
      bracket = find_any<'['>(bracket);
      while (bracket < end_ && bracket[-1] != ' ') bracket = find_any<'['>(bracket + 1);
      if (bracket >= end_ || Span{p, word_end}.is("-")) return fail(Fault::expected_bracket, word_end + 1);
    }
    spans_[part::user] = {p, bracket - 1};
    p = bracket + 1;
    return true;
  }

  // A time, the bracket and the space behind it.
  bool time(const Byte *&p) {
    const Byte *const end = find_any<']'>(p);
    if (end >= end_) return failure.set(Fault::open_bracket, p - 1), false;
    spans_[part::time] = {p, end};
    p = end + 1;
    return space(p);
  }

  // p at a quote; its text ends at the next one that is not escaped.
  bool quoted(const Byte *&p, Span &text) {
    if (p >= end_ || *p != '"') return fail(Fault::expected_quote, p);
    const Byte *const begin = ++p;
    for (;; p += 2) {
      p = find_any<'"', '\\'>(p);
      if (p >= end_ || (*p == '\\' && p + 1 >= end_)) return failure.set(Fault::unclosed_quote, begin - 1), false;
      if (*p == '"') break;
    }
    text = {begin, p++};
    return true;
  }

  // A word that a space or the end of the line ends.
  bool bytes(const Byte *&p) {
    const Byte *const end = std::min(find_any<' '>(p), end_);
    if (end == p) return fail(Fault::expected_value, p);
    spans_[part::bytes] = {p, end};
    p = end;
    return true;
  }

  // What may stand behind the bytes: a referer without an agent is a line that was cut off.
  bool rest(const Byte *p) {
    if (p == end_) return true;
    if (decoder_.layout_ == AccessDecoder::Layout::common) return fail(Fault::text_behind, p);
    if (++p == end_ || *p != '"') return true;
    if (!quoted(p, spans_[part::referer]) || !space(p)) return false;
    // The longest part of most lines: if nobody wants it, it is enough that its quote is closed.
    const bool is_closed = is_plain_ && end_ - p >= 2 && *p == '"' && end_[-1] == '"';
    has_agent_ = (is_closed && !wants_agent_) || quoted(p, spans_[part::agent]);
    return has_agent_;
  }

  const Request &request() {
    if (!request_known_) parts_of_request_ = Request(request_);
    request_known_ = true;
    return parts_of_request_;
  }

  const AccessDecoder &decoder_;
  const Byte *end_ = nullptr;
  std::array<Span, part::none> spans_;
  Span request_;
  Request parts_of_request_;
  bool request_known_ = false, has_agent_ = false, is_plain_ = false, wants_agent_;
  Cell cell_{};
};

void AccessDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  AccessParser parser(*this);
  read_lines(writer, parser);
}

std::vector<std::string> AccessDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  AccessParser parser(*this);
  if (!read_first_line(writer, parser)) return {};
  return {kNames.begin(), kNames.begin() + static_cast<std::ptrdiff_t>(parser.parts())};
}

}  // namespace streamstat
