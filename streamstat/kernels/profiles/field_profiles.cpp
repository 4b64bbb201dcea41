#include "profiles/field_profiles.hpp"

#include "events/written.hpp"
#include "json/line_parser.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace streamstat {

namespace {

// The values of the first events, and of how many.
std::pair<std::vector<NotedField>, std::size_t> noted_in(const ByteStrings &events) {
  static const PathTree kNoPaths{std::span<const FieldSpec>()};
  FieldNotes notes(events.data);
  ObjectParser<json::AnyLayout, true> parser(kNoPaths, &notes);
  std::size_t n = 0;
  for (; n + 1 < events.offsets.size() && !notes.is_full(); ++n)
    if (!parser.record(events.data.data() + events.offsets[n]))
      throw std::invalid_argument("written: an event that is no JSON object");
  return {notes.taken(), n};
}

}  // namespace

std::size_t FieldProfiles::find(const Decoded &decoded, std::span<const Byte> block, std::span<const std::uint8_t> left,
                                std::size_t row) {
  if (!left.empty() && left.size() != decoded.rows)
    throw std::invalid_argument("left: " + std::to_string(left.size()) + " of " + std::to_string(decoded.rows) + " rows");
  if (!decoded.is_noted) return find_written(decoded, block, left, row);
  if (decoded.noted_size != block.size()) throw std::invalid_argument("block: another");
  if (row) throw std::invalid_argument("row: values were noted of all together");
  rows_ += left.empty() ? decoded.rows : static_cast<std::size_t>(std::ranges::count_if(left, [](std::uint8_t x) { return x != 0; }));
  found(decoded.noted, {block, left});
  return decoded.rows;
}

std::size_t FieldProfiles::find_written(const Decoded &decoded, std::span<const Byte> block, std::span<const std::uint8_t> left,
                                        std::size_t row) {
  if (!decoded.is_written) throw std::invalid_argument("decoded: events are not there as they were written");
  std::vector<std::int64_t> rows;
  for (; row < decoded.rows && rows.size() < std::min(at_once_, likely_); ++row)
    if (left.empty() || left[row]) rows.push_back(static_cast<std::int64_t>(row));
  ByteStrings events = written(decoded, block, rows);
  events.data.resize(events.data.size() + kPadding);
  std::size_t n;
  std::tie(noted_, n) = noted_in(events);
  written_ = std::move(events.data);
  found(noted_, {written_, {}});
  rows_ += n;
  likely_ = 2 * std::max<std::size_t>(n, 1);
  return n < rows.size() ? static_cast<std::size_t>(rows[n]) : row;
}

void FieldProfiles::found(const std::vector<NotedField> &noted, FoundIn in) {
  in_ = in;
  next_ = 0;
  found_.clear();
  for (const NotedField &each : noted) {
    const auto known = by_path_.find(each.path);
    if (known != by_path_.end()) {
      found_.emplace_back(known->second, &each);
      continue;
    }
    const auto n = std::ranges::count_if(each.values, [&](const NotedValue &value) { return in.has(value); });
    if (fields_.size() >= most_) {
      left_out_ += static_cast<std::uint64_t>(n);
    } else if (n) {
      Field &field = fields_.emplace_back();
      field.path = each.path;
      by_path_.emplace(field.path, &field);
      found_.emplace_back(&field, &each);
    }
  }
}

void FieldProfiles::take() {
  for (std::size_t at = next_++; at < found_.size(); at = next_++)
    found_[at].first->profile.add(found_[at].second->values, in_, times_);
}

}  // namespace streamstat
