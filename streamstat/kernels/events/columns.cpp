#include "events/columns.hpp"

namespace streamstat {

void FieldColumn::reserve(std::size_t rows) {
  kinds.reserve(rows);
  if (needs & kNumber) numbers.reserve(rows);
  if (needs & kHash) hashes.reserve(rows);
  if (needs & kMoreHash) more_hashes.reserve(rows);
  if (needs & kCode) codes.reserve(rows);
  if (needs & kText) starts.reserve(rows), lengths.reserve(rows);
  if (needs & kTime) times.reserve(rows), time_kinds.reserve(rows);
  if (needs & kPresent) present.reserve(rows);
}

}  // namespace streamstat
