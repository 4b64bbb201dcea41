#include "patterns/fitter.hpp"

#include <algorithm>
#include <stdexcept>

namespace streamstat {

bool is_better(std::span<const TakenEvent> one, std::span<const TakenEvent> other) {
  if (one[0].place != other[0].place) return one[0].place < other[0].place;
  if (one.size() != other.size()) return one.size() > other.size();
  for (std::size_t i = 0; i < one.size(); ++i)
    if (one[i].place != other[i].place) return one[i].place < other[i].place;
  for (std::size_t i = 0; i < one.size(); ++i)
    if (one[i].step != other[i].step) return one[i].step < other[i].step;
  return false;
}

Fitter::Fitter(const Program &program)
    : program_(program), steps_(program.steps.size()), nearest_(program.edges.size()), reaches_(program.edges.size()) {}

bool Fitter::fit(std::span<const std::int64_t> times, std::span<const Bits> masks, std::vector<TakenEvent> &fit) {
  fit.clear();
  events_ = static_cast<std::int32_t>(times.size());
  look_back(times, masks);
  if (!begin(masks)) return false;
  while (left_ > 0) take_next();
  settle(fit);
  return true;
}

void Fitter::look_back(std::span<const std::int64_t> times, std::span<const Bits> masks) {
  for (StepEvents &events : steps_) {
    events.place.clear(), events.onward.clear(), events.total.clear(), events.ending.clear();
    events.number.assign(times.size(), -1);
    events.up_to_most.clear(), events.beyond_most.clear();
    events.run = 0;
  }
  std::fill(nearest_.begin(), nearest_.end(), Reach{kNone, 0});
  for (auto &reaches : reaches_) reaches.clear();
  for (std::int32_t place = events_ - 1; place >= 0; --place) {
    const Bits mask = masks[static_cast<std::size_t>(place)];
    for (std::size_t s = 0; s < steps_.size(); ++s)
      if (mask & bit_of(program_.steps[s].bit)) add(s, place, times);
    for (std::size_t e = 0; e < nearest_.size(); ++e) {
      const PatternEdge &edge = program_.edges[e];
      // What must not come between is between what stands before it and what stands behind it, not itself.
      if (edge.absent >= 0 && mask & bit_of(edge.absent)) nearest_[e].taken = kNone;
      const StepEvents &to = steps_[static_cast<std::size_t>(edge.to)];
      const std::int32_t number = to.number[static_cast<std::size_t>(place)];
      if (number < 0 || to.total[static_cast<std::size_t>(number)] < 0) continue;
      const std::int32_t taken = to.total[static_cast<std::size_t>(number)];
      if (taken >= nearest_[e].taken) nearest_[e] = {taken, place};
    }
  }
}

void Fitter::add(std::size_t step, std::int32_t place, std::span<const std::int64_t> times) {
  StepEvents &events = steps_[step];
  const auto number = static_cast<std::int32_t>(events.place.size());
  events.number[static_cast<std::size_t>(place)] = number;
  const bool is_last = place == events_ - 1;
  std::int32_t onward = is_last && program_.last[step] ? 0 : kNone;
  for (const int e : program_.out[step]) {
    const PatternEdge &edge = program_.edges[static_cast<std::size_t>(e)];
    Reach reach = nearest_[static_cast<std::size_t>(e)];
    if (edge.adjacent) {
      reach = {kNone, place + 1};
      const StepEvents &to = steps_[static_cast<std::size_t>(edge.to)];
      const std::int32_t next = is_last ? -1 : to.number[static_cast<std::size_t>(place) + 1];
      if (next >= 0) reach.taken = to.total[static_cast<std::size_t>(next)];
    }
    reaches_[static_cast<std::size_t>(e)].push_back(reach);
    onward = std::max(onward, reach.taken);
  }
  if (program_.steps[step].bracketed && number > 0 && events.place.back() != place + 1) {
    events.up_to_most.clear();
    events.run = number;
  }
  events.place.push_back(place);
  events.onward.push_back(onward < 0 ? kNone : onward);
  best_ending(program_.steps[step], events, number, times);
}

void Fitter::best_ending(const PatternStep &shape, StepEvents &events, std::int32_t number,
                         std::span<const std::int64_t> times) {
  const auto at = [](const std::vector<std::int32_t> &values, std::int32_t i) { return values[static_cast<std::size_t>(i)]; };
  const auto time_of = [&](std::int32_t i) { return times[static_cast<std::size_t>(at(events.place, i))]; };
  const auto is_too_late = [&](std::int32_t i) { return shape.span >= 0 && time_of(i) - time_of(number) > shape.span; };
  // As many as there are between the first and the last: the key grows with the last's distance.
  if (const std::int32_t ending = number - (shape.needed() - 1); ending >= events.run && at(events.onward, ending) >= 0)
    events.up_to_most.enter(ending, at(events.onward, ending) - ending);
  events.up_to_most.leave([&](std::int32_t i) {
    return is_too_late(i) || (!shape.is_unbounded() && number - i + 1 > shape.most);
  });
  std::int32_t total = kNone, best = 0;
  if (!events.up_to_most.empty()) {
    best = events.up_to_most.best();
    total = number - best + 1 + at(events.onward, best);
  }
  if (shape.most > 1 && !shape.bracketed) {  // more than it may take: some between are passed over
    if (const std::int32_t ending = number - shape.most; ending >= 0 && at(events.onward, ending) >= 0)
      events.beyond_most.enter(ending, at(events.onward, ending));
    events.beyond_most.leave(is_too_late);
    if (!events.beyond_most.empty()) {
      const std::int32_t ending = events.beyond_most.best();
      if (const std::int32_t other = shape.most + at(events.onward, ending); other >= total) total = other, best = ending;
    }
  }
  events.total.push_back(total);
  events.ending.push_back(best);
}

bool Fitter::begin(std::span<const Bits> masks) {
  attempts_.clear(), starts_.clear(), places_.clear();
  std::int32_t best = kNone;
  for (std::int32_t place = 0; place < events_ && best < 0; ++place) {
    if (masks[static_cast<std::size_t>(place)] & kNotFirst) continue;
    const auto total = [&](std::size_t s) {
      const std::int32_t number = steps_[s].number[static_cast<std::size_t>(place)];
      return !program_.first[s] || number < 0 ? kNone : steps_[s].total[static_cast<std::size_t>(number)];
    };
    for (std::size_t s = 0; s < steps_.size(); ++s) best = std::max(best, total(s));
    if (best < 0) continue;
    starts_.resize(steps_.size(), 0);
    for (std::size_t s = 0; s < steps_.size(); ++s) {
      if (total(s) != best) continue;
      const std::int32_t number = steps_[s].number[static_cast<std::size_t>(place)];
      attempts_.push_back({static_cast<std::int32_t>(s), number, number, 1, 0, -1});
    }
    places_.push_back(place);
  }
  left_ = best - 1;
  return best > 0;
}

// The number of the event that a step takes next, if the best fits take one more; -1: they do not.
std::int32_t Fitter::continued(const Attempt &attempt) const {
  const PatternStep &shape = program_.steps[static_cast<std::size_t>(attempt.step)];
  const StepEvents &events = steps_[static_cast<std::size_t>(attempt.step)];
  const std::int32_t ending = events.ending[static_cast<std::size_t>(attempt.begin)];
  if (!shape.is_unbounded() && attempt.count >= shape.most) return -1;
  if (attempt.number == 0 || ending > attempt.number - 1) return -1;
  if (shape.is_unbounded() || attempt.count + 1 < shape.most) return attempt.number - 1;
  for (std::int32_t i = attempt.number - 1; i >= ending; --i)  // the last that it may take: the first that fits
    if (events.onward[static_cast<std::size_t>(i)] == left_ - 1) return i;
  return -1;
}

void Fitter::take_next() {
  std::int32_t place = std::numeric_limits<std::int32_t>::max();
  for (Attempt &attempt : attempts_) {
    const auto step = static_cast<std::size_t>(attempt.step);
    attempt.next = continued(attempt);
    if (attempt.next >= 0) place = std::min(place, steps_[step].place[static_cast<std::size_t>(attempt.next)]);
    if (attempt.count < program_.steps[step].needed()) continue;
    for (const int e : program_.out[step]) {
      const Reach &reach = reaches_[static_cast<std::size_t>(e)][static_cast<std::size_t>(attempt.number)];
      if (reach.taken == left_) place = std::min(place, reach.place);
    }
  }
  further_.clear();
  const auto taken = static_cast<std::int32_t>(places_.size());
  for (const Attempt &attempt : attempts_) {
    const auto step = static_cast<std::size_t>(attempt.step);
    if (attempt.next >= 0 && steps_[step].place[static_cast<std::size_t>(attempt.next)] == place)
      enter({attempt.step, attempt.begin, attempt.next, attempt.count + 1, attempt.starts, -1});
    if (attempt.count < program_.steps[step].needed()) continue;
    for (const int e : program_.out[step]) {
      const Reach &reach = reaches_[static_cast<std::size_t>(e)][static_cast<std::size_t>(attempt.number)];
      if (reach.taken != left_ || reach.place != place) continue;
      const int to = program_.edges[static_cast<std::size_t>(e)].to;
      const std::size_t starts = copied_starts(attempt.starts);
      for (int s = attempt.step + 1; s <= to; ++s) starts_[starts + static_cast<std::size_t>(s)] = taken;
      const std::int32_t number = steps_[static_cast<std::size_t>(to)].number[static_cast<std::size_t>(place)];
      enter({to, number, number, 1, starts, -1});
    }
  }
  if (further_.empty()) throw std::logic_error("fitter: the best fit is none");
  attempts_.swap(further_);
  places_.push_back(place);
  --left_;
}

std::size_t Fitter::copied_starts(std::size_t from) {
  const std::size_t starts = starts_.size();
  starts_.resize(starts + steps_.size());
  std::copy_n(starts_.begin() + static_cast<std::ptrdiff_t>(from), steps_.size(),
              starts_.begin() + static_cast<std::ptrdiff_t>(starts));
  return starts;
}

// Of attempts that can go on alike only that is kept in which earlier steps have taken more.
void Fitter::enter(const Attempt &attempt) {
  const PatternStep &shape = program_.steps[static_cast<std::size_t>(attempt.step)];
  for (Attempt &known : further_) {
    if (known.step != attempt.step) continue;
    const bool is_same = known.begin == attempt.begin && known.count == attempt.count;
    const bool is_free = shape.is_unbounded() && shape.span < 0;
    if (!is_same && !(is_free && std::min(known.count, attempt.count) >= shape.needed())) continue;
    if (is_ahead(attempt.starts, known.starts)) known = attempt;
    return;
  }
  further_.push_back(attempt);
}

// Whether earlier steps have taken more: the later ones begin later.
bool Fitter::is_ahead(std::size_t one, std::size_t other) const {
  for (std::size_t s = 1; s < steps_.size(); ++s)
    if (starts_[one + s] != starts_[other + s]) return starts_[one + s] > starts_[other + s];
  return false;
}

void Fitter::settle(std::vector<TakenEvent> &fit) const {
  const Attempt *best = nullptr;
  std::vector<std::int32_t> most(steps_.size()), own(steps_.size());
  const auto all = static_cast<std::int32_t>(places_.size());
  for (const Attempt &attempt : attempts_) {
    for (std::size_t s = 0; s < steps_.size(); ++s)  // steps behind the last take nothing
      own[s] = static_cast<std::int32_t>(s) > attempt.step ? all : starts_[attempt.starts + s];
    if (best == nullptr || own > most) best = &attempt, most = own;
  }
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    const std::int32_t end = s + 1 < steps_.size() ? most[s + 1] : all;
    for (std::int32_t i = most[s]; i < end; ++i)
      fit.push_back({static_cast<std::uint32_t>(places_[static_cast<std::size_t>(i)]), static_cast<std::uint32_t>(s)});
  }
}

}  // namespace streamstat
