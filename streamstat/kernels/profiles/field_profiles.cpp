#include "profiles/field_profiles.hpp"

#include "events/written.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace streamstat {

void FieldProfiles::find(const Decoded &decoded, std::span<const Byte> block, std::span<const std::uint8_t> left,
                         std::size_t lo, std::size_t hi) {
  if (!decoded.is_written) throw std::invalid_argument("decoded: events are not there as they were written");
  if (!left.empty() && left.size() != decoded.rows)
    throw std::invalid_argument("left: " + std::to_string(left.size()) + " of " + std::to_string(decoded.rows) + " rows");
  std::vector<std::int64_t> rows;
  for (std::size_t row = lo; row < std::min(hi, decoded.rows); ++row)
    if (left.empty() || left[row]) rows.push_back(static_cast<std::int64_t>(row));
  rows_ += rows.size();
  if (decoded.row_objects.empty())
    find_in_records(decoded, block, rows);
  else
    find_in_written(decoded, block, rows);
  next_ = 0;
}

void FieldProfiles::take() {
  const auto &nodes = tree_.nodes();
  for (std::size_t at = next_++; at < nodes.size(); at = next_++) {
    nodes[at]->profile.add(nodes[at]->cells, times_);
    nodes[at]->cells.clear();
  }
}

// Records are the objects, and lie in the block.
void FieldProfiles::find_in_records(const Decoded &decoded, std::span<const Byte> block, std::span<const std::int64_t> rows) {
  for (const std::int64_t row : rows) {
    const std::uint32_t begin = decoded.row_begins[static_cast<std::size_t>(row)];
    if (begin + kPadding > block.size()) throw std::invalid_argument("block: another");
    tree_.walk(block.data() + begin);
  }
}

void FieldProfiles::find_in_written(const Decoded &decoded, std::span<const Byte> block, std::span<const std::int64_t> rows) {
  ByteStrings events = written(decoded, block, rows);
  written_ = std::move(events.data);
  written_.resize(written_.size() + kPadding);
  for (std::size_t i = 0; i < rows.size(); ++i) tree_.walk(written_.data() + events.offsets[i]);
}

}  // namespace streamstat
