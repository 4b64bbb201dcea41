// Where the next session may begin, if that is promised: not before the watermark, nor before one that is open.
#include <cstdint>

#include "windows/alarms.hpp"
#include "windows/sessions.hpp"

namespace streamstat {

inline auto Sessions::open_start() const {
  return [this](std::int32_t slot) {
    return is_live(slot) && session(slot).last >= open_from_ ? session(slot).first : Alarms::kNever;
  };
}

void Sessions::begin_at(std::int32_t slot, std::int64_t first) {
  if (session(slot).first == first) return;
  session(slot).first = first;
  if (knows_starts()) note_start(slot);
}

void Sessions::note_start(std::int32_t slot) {
  starts_.push(session(slot).first, slot);
  if (starts_.size() > 2 * size_ + 64) starts_.tidy(open_start());
}

// Whether a row behind the watermark would begin its session before all that are open. What it would join is open, too,
// so only its own time tells.
bool Sessions::begins_too_early(std::int64_t time) { return !starts_.due(time + 1, open_start()); }

std::int64_t Sessions::least_start(std::int64_t watermark) {
  move(watermark);
  return watermark_ == kPlusInfinity ? kPlusInfinity : starts_.next(open_start());
}

}  // namespace streamstat
