#include "lines/group_decoder.hpp"

#include "events/line_records.hpp"
#include "lines/log_text.hpp"

#include <stdexcept>

namespace streamstat {

namespace {

// Gathers the lines that are to be searched; none becomes a row.
class LineGatherer {
 public:
  Failure failure;
  ByteStrings lines;

  bool line(const Line &line) {
    if (ill_formed_utf8(line)) return false;
    lines.data.insert(lines.data.end(), line.begin, line.end);
    lines.end_string();
    return false;
  }

  static const Cell *cell(std::size_t) { return nullptr; }
  static void write(ObjectWriter &) {}
};

}  // namespace

GroupDecoder::GroupDecoder(const std::vector<std::string> &groups, const std::vector<FieldSpec> &fields, TimeReader times)
    : names_(groups), specs_(fields), times_(std::move(times)) {
  for (const FieldSpec &field : fields)
    groups_.push_back(static_cast<std::size_t>(std::find(groups.begin(), groups.end(), field.path) - groups.begin()));
}

class GroupParser {
 public:
  GroupParser(const GroupDecoder &decoder, const FoundGroups &found) : decoder_(decoder), found_(found) {}

  Failure failure;

  // See read_lines.
  bool line(const Line &line) {
    if (const Byte *const where = ill_formed_utf8(line)) return fail(Fault::bad_utf8, where);
    line_ = {line.begin, line.end};
    at_ = next_++;
    if (at_ >= found_.matched.size()) throw std::invalid_argument("found: fewer lines than the block has");
    return found_.matched[at_] || fail(Fault::no_match, line.begin);
  }

  const Cell *cell(std::size_t field) {
    const std::size_t group = decoder_.groups_[field];
    return group == decoder_.names_.size() ? nullptr : group_cell(group);
  }

  void write(ObjectWriter &object) {
    for (std::size_t group = 0; group < decoder_.names_.size(); ++group)
      object.field(decoder_.names_[group], group_cell(group));
  }

 private:
  const Cell *group_cell(std::size_t group) {
    const std::int64_t first = found_.spans[group][2 * at_], size = found_.spans[group][2 * at_ + 1];
    if (first < 0) {
      cell_ = null_cell(line_.begin);
    } else {
      if (size < 0 || first > line_.end - line_.begin || size > line_.end - line_.begin - first)
        throw std::invalid_argument("found: a group lies outside of its line");
      cell_ = enclosed_cell(line_.begin + first, line_.begin + first + size);
    }
    return &cell_;
  }

  bool fail(Fault fault, const Byte *at) {
    failure.set(fault, at);
    return false;
  }

  const GroupDecoder &decoder_;
  const FoundGroups &found_;
  std::size_t next_ = 0, at_ = 0;  // among the lines that were searched
  Span line_;
  Cell cell_{};
};

ByteStrings GroupDecoder::lines(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  BlockWriter writer(block, begin, {}, times_, nothing);
  LineGatherer gatherer;
  read_lines(writer, gatherer);
  return std::move(gatherer.lines);
}

void GroupDecoder::decode(std::span<Byte> block, std::size_t begin, const FoundGroups &found, Decoded &out) const {
  if (found.spans.size() != names_.size()) throw std::invalid_argument("found: not as many groups as the pattern has");
  for (const auto &spans : found.spans)
    if (spans.size() != 2 * found.matched.size()) throw std::invalid_argument("found: not two numbers a line");
  BlockWriter writer(block, begin, specs_, times_, out);
  GroupParser parser(*this, found);
  read_lines(writer, parser);
}

}  // namespace streamstat
