// Sessions that were made elsewhere become those of this stream.
#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "windows/sessions.hpp"

namespace streamstat {

Sessions::Admitted Sessions::admit_spans(std::span<const std::int32_t> keys, std::span<const std::int64_t> firsts,
                                         std::span<const std::int64_t> lasts) {
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (firsts[i] > lasts[i]) throw std::invalid_argument("firsts: row " + std::to_string(i) + " ends before it begins");
  if (watermark_ != kMinusInfinity) throw std::invalid_argument("spans: come before any event only");
  Admitted done;
  done.late.resize(keys.size());
  done.slots.reserve(keys.size());
  try {
    for (; done.end < keys.size(); ++done.end) {
      order_.prefetch(keys, done.end);
      done.slots.push_back(take_span(keys[done.end], firsts[done.end], lasts[done.end], done));
    }
  } catch (...) {
    settle(done);
    throw;
  }
  settle(done);
  return done;
}

// The session of its first event reaches to its last one, with all that it comes near to on the way.
std::int32_t Sessions::take_span(std::int32_t key, std::int64_t first, std::int64_t last, Admitted &done) {
  std::int32_t slot = take_row(key, first, done);
  while (session(slot).last < last) {
    const std::size_t entry = order_.find(key);
    const auto around = order_.around(entry, session(slot).last + 1);
    const bool meets = around.newer != SessionOrder::kNone && (session(around.newer).first <= last ||
                                                               within_gap(last, session(around.newer).first));
    if (!meets) {
      session(slot).last = last;
      touch(slot);
    } else {
      slot = join(entry, around, done);
    }
  }
  return slot;
}

}  // namespace streamstat
