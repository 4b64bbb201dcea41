#include "profiles/field_profiles.hpp"

#include "events/written.hpp"
#include "json/line_parser.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace streamstat {

namespace {

std::vector<NotedField> noted_in(const ByteStrings &events) {
  static const PathTree kNoPaths{std::span<const FieldSpec>()};
  FieldNotes notes(events.data);
  ObjectParser<json::AnyLayout, true> parser(kNoPaths, &notes);
  for (std::size_t i = 0; i + 1 < events.offsets.size(); ++i)
    if (!parser.record(events.data.data() + events.offsets[i]))
      throw std::invalid_argument("written: an event that is no JSON object");
  return notes.taken();
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
  const std::size_t end = std::min(row + at_once_, decoded.rows);
  std::vector<std::int64_t> rows;
  for (; row < end; ++row)
    if (left.empty() || left[row]) rows.push_back(static_cast<std::int64_t>(row));
  rows_ += rows.size();
  ByteStrings events = written(decoded, block, rows);
  events.data.resize(events.data.size() + kPadding);
  noted_ = noted_in(events);
  written_ = std::move(events.data);
  found(noted_, {written_, {}});
  return end;
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
