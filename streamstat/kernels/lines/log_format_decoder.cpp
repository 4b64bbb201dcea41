#include "lines/log_format_decoder.hpp"

#include "events/line_records.hpp"

#include <array>
#include <stdexcept>

namespace streamstat {

namespace {

constexpr std::array<std::string_view, 4> kParts{"method", "path", "query", "protocol"};  // as in RequestPart
constexpr std::string_view kRequest = "request";

}  // namespace

LogFormatDecoder::LogFormatDecoder(std::string head, Steps steps, const std::vector<FieldSpec> &fields, TimeReader times)
    : head_(std::move(head)), steps_(std::move(steps)), specs_(fields), times_(std::move(times)) {
  for (std::size_t i = 0; i + 1 < steps_.size(); ++i)
    if (steps_[i].second.empty())
      throw std::invalid_argument("log_format: two fields without text between");
  for (const FieldSpec &field : fields) origins_.push_back(origin(field.path));
}

// Of equal names the last one wins.
std::optional<LogFormatDecoder::Origin> LogFormatDecoder::origin(const std::string &name) const {
  const auto part = std::find(kParts.begin(), kParts.end(), name);
  for (std::size_t step = steps_.size(); step-- > 0;) {
    const bool is_request = steps_[step].first == kRequest;
    if (is_request && part != kParts.end()) return Origin{step, static_cast<RequestPart>(part - kParts.begin())};
    if (!is_request && steps_[step].first == name) return Origin{step, std::nullopt};
  }
  return std::nullopt;
}

class LogFormatParser {
 public:
  explicit LogFormatParser(const LogFormatDecoder &decoder)
      : decoder_(decoder), values_(decoder.steps_.size()), requests_(decoder.steps_.size()) {}

  Failure failure;

  // See read_lines.
  bool line(const Line &line) {
    const std::string &head = decoder_.head_;
    const Byte *p = line.begin, *const end = line.end;
    is_plain_ = line.is_plain;
    for (std::size_t i = 0; i < head.size(); ++i, ++p)
      if (p == end || *p != static_cast<Byte>(head[i])) return fail(p == end ? Fault::unterminated : Fault::other_text, p);
    for (std::size_t step = 0; step < values_.size(); ++step) {
      const std::string &behind = decoder_.steps_[step].second;
      const Byte *const value_end = behind.empty() ? end : find_text(p, end, behind);
      if (!value_end) return fail(Fault::open_field, p);
      values_[step] = {p, value_end};
      requests_[step].reset();
      p = value_end + behind.size();
    }
    return p == end || fail(Fault::text_behind, p);
  }

  const Cell *cell(std::size_t field) {
    const auto &origin = decoder_.origins_[field];
    if (!origin) return nullptr;
    return origin->part ? part_cell(origin->step, *origin->part) : value_cell(origin->step);
  }

  void write(ObjectWriter &object) {
    for (std::size_t step = 0; step < values_.size(); ++step) {
      const std::string &name = decoder_.steps_[step].first;
      if (name != kRequest) {
        object.field(name, value_cell(step));
        continue;
      }
      for (std::size_t part = 0; part < kParts.size(); ++part)
        object.field(kParts[part], part_cell(step, static_cast<RequestPart>(part)));
    }
  }

 private:
  const Cell *value_cell(std::size_t step) {
    return remade(cell_, [&] { return log_value_cell(values_[step].begin, values_[step].end, is_plain_); });
  }

  const Cell *part_cell(std::size_t step, RequestPart part) {
    auto &request = requests_[step];
    if (!request) request.emplace(values_[step]);
    return remade(cell_, [&] { return request->cell(part, is_plain_); });
  }

  bool fail(Fault fault, const Byte *at) {
    failure.set(fault, at);
    return false;
  }

  const LogFormatDecoder &decoder_;
  std::vector<Span> values_;  // of each step
  std::vector<std::optional<Request>> requests_;  // of those that were asked for their parts
  bool is_plain_ = false;
  Cell cell_{};
};

void LogFormatDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  LogFormatParser parser(*this);
  read_lines(writer, parser);
}

std::vector<std::string> LogFormatDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  LogFormatParser parser(*this);
  std::vector<std::string> found;
  if (!read_first_line(writer, parser)) return found;
  for (const auto &[name, behind] : steps_) {
    if (name == kRequest)
      found.insert(found.end(), kParts.begin(), kParts.end());
    else
      found.push_back(name);
  }
  return found;
}

}  // namespace streamstat
