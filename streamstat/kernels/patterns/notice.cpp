#include "patterns/notice.hpp"

#include <algorithm>

namespace streamstat {

namespace {

// Whether a step that began then takes too long by now.
bool is_behind(const PatternStep &shape, std::int64_t first, std::int64_t time) {
  return shape.span >= 0 && first < behind_time(time, shape.span);
}

}  // namespace

Notices::Notices(const Program &program) : program_(program) {
  for (const PatternStep &step : program.steps) {
    // One that may take more than it needs is gone on with, whether or not it may begin anew.
    Layout layout{blank_.size(), blank_.size() + 1, std::max(step.needed() - 1, step.most == 1 ? 0 : 1), -1};
    blank_.push_back(kNever);
    if (step.bracketed) {
      // A limit above leaves more to the search for the fit; as far as counted here it is exact.
      layout.length = std::min(step.needed(), kShort);
      blank_.insert(blank_.end(), static_cast<std::size_t>(layout.length), kNever);
    } else if (layout.length > kShort) {
      layout.rings = long_rings_++;
    } else {
      blank_.insert(blank_.end(), 2 * static_cast<std::size_t>(layout.length), kNever);
    }
    layouts_.push_back(layout);
  }
}

void Notices::reserve(std::size_t groups) {
  const std::size_t stride = blank_.size(), known = numbers_.size() / stride;
  if (groups <= known) return;
  if (groups > numbers_.capacity() / stride) numbers_.reserve(stride * std::max(groups, known + known / 2));
  for (std::size_t group = known; group < groups; ++group) numbers_.insert(numbers_.end(), blank_.begin(), blank_.end());
  if (long_rings_ > 0) rings_.resize(groups);
}

void Notices::reset(std::size_t group) {
  std::copy(blank_.begin(), blank_.end(), numbers(group));
  if (long_rings_ > 0) rings_[group].reset();
}

Noticed Notices::event(std::size_t group, std::int64_t time, Bits mask) {
  std::int64_t *own = numbers(group);
  const std::int64_t oldest = behind_time(time, program_.within);
  Noticed noticed;
  noticed.matters = (mask & program_.gaps & program_.conditional) != 0;
  // The last step first, so that each sees those before it as they were before this event.
  for (std::size_t step = program_.steps.size(); step-- > 0;) {
    const PatternStep &shape = program_.steps[step];
    const Layout &layout = layouts_[step];
    const bool is_taken = (mask & bit_of(shape.bit)) != 0;
    for (const int e : program_.out[step]) {
      const int absent = program_.edges[static_cast<std::size_t>(e)].absent;
      if (absent < 0 || !(mask & bit_of(absent) & ~program_.conditional)) continue;
      noticed.matters |= own[layout.done] >= oldest;
      own[layout.done] = kNever;
    }
    if (!is_taken) {
      if (shape.bracketed) std::fill_n(own + layout.ring, layout.length, kNever);
      continue;
    }
    std::int64_t start = entered(own, step, time, mask);
    if (start < oldest) start = kNever;
    const Noticed one = shape.bracketed ? take_neighbour(own, step, start, time) : take(group, step, {start, time}, time);
    noticed.matters |= one.matters;
    noticed.ends |= one.ends && program_.last[step];
  }
  return noticed;
}

// Where the latest fit begins that this event can go on with as the first of a step.
std::int64_t Notices::entered(const std::int64_t *own, std::size_t step, std::int64_t time, Bits mask) const {
  std::int64_t start = program_.first[step] && !(mask & kNotFirst) ? time : kNever;
  for (const int e : program_.in[step]) {
    const PatternEdge &edge = program_.edges[static_cast<std::size_t>(e)];
    const Layout &source = layouts_[static_cast<std::size_t>(edge.source)];
    // Neighbours come right behind the last count of the step before; all others behind its latest end.
    start = std::max(start, own[edge.adjacent ? source.ring + static_cast<std::size_t>(source.length) - 1 : source.done]);
  }
  return start;
}

// The step has all that it needs with this event: whether that is within the limit.
bool Notices::complete(std::int64_t *own, std::size_t step, std::int64_t start, std::int64_t time) {
  if (start == kNever || start < behind_time(time, program_.within)) return false;
  own[layouts_[step].done] = std::max(own[layouts_[step].done], start);
  return true;
}

Noticed Notices::take(std::size_t group, std::size_t step, Begun entering, std::int64_t time) {
  const PatternStep &shape = program_.steps[step];
  if (layouts_[step].length == 0) {
    const bool ends = complete(numbers(group), step, entering.start, time);
    return {ends, ends};
  }
  const Begun newest = newest_of(group, step);
  Begun oldest = shape.needed() == 1 ? newest : oldest_of(group, step);
  if (shape.needed() == 1 && (entering.start >= oldest.start || is_behind(shape, oldest.first, time))) oldest = entering;
  const bool ends = !is_behind(shape, oldest.first, time) && complete(numbers(group), step, oldest.start, time);
  if (entering.start == kNever) entering = newest;  // as many as before, and one more for those behind
  entering.start = std::max(entering.start, newest.start);
  if (entering.start != kNever) push(group, step, entering);
  return {ends, ends || entering.start != kNever};
}

Noticed Notices::take_neighbour(std::int64_t *own, std::size_t step, std::int64_t entering, std::int64_t time) {
  std::int64_t *counts = own + layouts_[step].ring;
  const auto last = static_cast<std::size_t>(layouts_[step].length) - 1;
  const PatternStep &shape = program_.steps[step];
  const bool goes_on = shape.most != shape.needed() || shape.needed() > kShort;
  const std::int64_t longer = goes_on ? counts[last] : kNever;
  for (std::size_t count = last; count > 0; --count) counts[count] = counts[count - 1];
  counts[0] = entering;
  counts[last] = std::max(counts[last], longer);
  return {complete(own, step, counts[last], time), true};
}

Notices::Ring *Notices::ring_of(std::size_t group, std::size_t step) const {
  return rings_[group] ? &rings_[group][static_cast<std::size_t>(layouts_[step].rings)] : nullptr;
}

// The event before which all that the step needs, but the present one, have come; nothing if they have not.
Notices::Begun Notices::oldest_of(std::size_t group, std::size_t step) const {
  const Layout &layout = layouts_[step];
  const auto length = static_cast<std::size_t>(layout.length);
  if (layout.rings < 0) {
    const std::int64_t *pair = numbers(group) + layout.ring + 2 * (length - 1);
    return {pair[0], pair[1]};
  }
  const Ring *ring = ring_of(group, step);
  if (ring == nullptr || ring->begun.size() < length) return {};
  return ring->begun[(ring->newest + 1) % length];
}

Notices::Begun Notices::newest_of(std::size_t group, std::size_t step) const {
  const Layout &layout = layouts_[step];
  if (layout.rings < 0) {
    const std::int64_t *pair = numbers(group) + layout.ring;
    return {pair[0], pair[1]};
  }
  const Ring *ring = ring_of(group, step);
  return ring == nullptr || ring->begun.empty() ? Begun{} : ring->begun[ring->newest];
}

void Notices::push(std::size_t group, std::size_t step, Begun begun) {
  const Layout &layout = layouts_[step];
  const auto length = static_cast<std::size_t>(layout.length);
  if (layout.rings < 0) {
    std::int64_t *pairs = numbers(group) + layout.ring;
    std::copy_backward(pairs, pairs + 2 * (length - 1), pairs + 2 * length);
    pairs[0] = begun.start, pairs[1] = begun.first;
    return;
  }
  if (!rings_[group]) rings_[group] = std::make_unique<Ring[]>(static_cast<std::size_t>(long_rings_));
  Ring &ring = *ring_of(group, step);
  if (ring.begun.size() < length) {
    ring.newest = ring.begun.size();
    ring.begun.push_back(begun);
  } else {
    ring.newest = (ring.newest + 1) % length;
    ring.begun[ring.newest] = begun;
  }
}

bool Notices::is_open(std::size_t group, std::int64_t oldest, std::int64_t time) const {
  const std::int64_t *own = numbers(group);
  for (std::size_t step = 0; step < program_.steps.size(); ++step) {
    const PatternStep &shape = program_.steps[step];
    const Layout &layout = layouts_[step];
    const bool follows = !program_.out[step].empty() || program_.overlap;
    if (follows && own[layout.done] >= oldest) return true;
    if (shape.bracketed) {
      for (std::int32_t count = 0; count < layout.length; ++count)
        if (own[layout.ring + static_cast<std::size_t>(count)] >= oldest) return true;
    } else if (layout.length > 0) {
      const Begun newest = newest_of(group, step);
      if (newest.start >= oldest && !is_behind(shape, newest.first, time)) return true;
    }
  }
  return false;
}

}  // namespace streamstat
