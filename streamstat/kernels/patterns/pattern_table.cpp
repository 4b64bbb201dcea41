#include "patterns/pattern_table.hpp"

#include <algorithm>
#include <utility>

namespace streamstat {

namespace {

constexpr std::size_t kSweptAtLeast = 1 << 16;

std::int64_t ahead(std::int64_t time, std::int64_t duration) {
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max() - 1;
  return time > end - duration ? end : time + duration;
}

Program finished(Program program) {
  program.finish();
  return program;
}

}  // namespace

PatternTable::PatternTable(Program program, bool looks_before)
    : program_(finished(std::move(program))), looks_before_(looks_before), notices_(program_), probe_(program_),
      fitter_(program_), references_(program_) {
  probe_.reserve(1);
}

void PatternTable::push(std::span<const std::int64_t> rows, std::span<const std::int32_t> groups,
                        std::span<const std::int64_t> times, std::span<const Bits> masks, std::int64_t sequence) {
  for (const std::int64_t row : rows) {
    const auto i = static_cast<std::size_t>(row);
    reserve(static_cast<std::size_t>(groups[i]) + 1);
    waiting_.push_back({times[i], sequence + row, masks[i] & ~kNotFirst, groups[i]});
  }
}

void PatternTable::reserve(std::size_t groups) {
  if (groups <= chains_.size()) return;
  const std::size_t room = std::max(groups, chains_.size() + chains_.size() / 2);
  if (groups > chains_.capacity()) {
    chains_.reserve(room);
    if (program_.before >= 0) last_before_.reserve(room);
  }
  chains_.resize(groups);
  if (program_.before >= 0) last_before_.resize(groups, kNever);
  if (looks_before_) previous_.resize(groups);
  if (references_.any()) due_last_.resize(groups, -1);
  if (program_.behind >= 0) clocks_.reserve(groups);
  notices_.reserve(groups);
}

std::int64_t PatternTable::due(std::int64_t until, std::size_t most) {
  const auto is_due = [&](const PatternEvent &event) { return event.time < until; };
  const auto comes_before = [](const PatternEvent &a, const PatternEvent &b) { return a.comes_before(b); };
  if (waiting_.size() > most) {
    // What waits is put in order once, whatever is taken of it: the rest is found in order the next time.
    if (!std::ranges::is_sorted(waiting_, comes_before)) std::ranges::sort(waiting_, comes_before);
    std::size_t end = most;
    while (end < waiting_.size() && waiting_[end].time == waiting_[most - 1].time) ++end;
    if (end < waiting_.size()) until = std::min(until, waiting_[end].time);
  }
  if (std::ranges::all_of(waiting_, is_due)) {
    due_ = std::exchange(waiting_, {});
  } else {
    due_.clear();
    std::ranges::copy_if(waiting_, std::back_inserter(due_), is_due);
    std::erase_if(waiting_, is_due);
  }
  if (!std::ranges::is_sorted(due_, comes_before)) std::ranges::sort(due_, comes_before);
  look_before();
  return until;
}

void PatternTable::look_before() {
  if (looks_before_) {
    due_before_.resize(due_.size());
    for (std::size_t i = 0; i < due_.size(); ++i) {
      Before &last = previous_[static_cast<std::size_t>(due_[i].group)];
      due_before_[i] = std::exchange(last, {due_[i].time, due_[i].number});
    }
  }
  if (!references_.any()) return;
  due_back_.resize(due_.size());
  for (std::size_t i = 0; i < due_.size(); ++i)
    due_back_[i] = std::exchange(due_last_[static_cast<std::size_t>(due_[i].group)], static_cast<std::int32_t>(i));
  for (const PatternEvent &event : due_) due_last_[static_cast<std::size_t>(event.group)] = -1;
}

std::vector<std::int64_t> PatternTable::befores() const {
  std::vector<std::int64_t> numbers(due_.size(), -1);
  for (std::size_t i = 0; i < due_before_.size() && i < numbers.size(); ++i)
    if (due_before_[i].time >= behind_time(due_[i].time, program_.within)) numbers[i] = due_before_[i].number;
  return numbers;
}

void PatternTable::set_masks(std::span<const Bits> masks) {
  for (std::size_t i = 0; i < due_.size(); ++i) due_[i].mask = masks[i] & ~kNotFirst;
}

void PatternTable::work(std::int64_t until, std::int64_t told_until) {
  for (const PatternEvent &event : due_) work_on(event);
  due_.clear(), due_before_.clear(), due_back_.clear();
  worked_ = std::max(worked_, until);
  run_out(told_until);
  if (pool_.size() > 2 * swept_ + kSweptAtLeast) sweep();
}

void PatternTable::work_on(PatternEvent event) {
  const auto group = static_cast<std::size_t>(event.group);
  Chain &chain = chains_[group];
  const std::int64_t oldest = behind_time(event.time, program_.within);
  while (chain.head >= 0 && pool_[chain.head].time < oldest) drop_first(chain);
  if (program_.before >= 0 && last_before_[group] >= oldest) event.mask |= kNotFirst;
  stop_clocks(event);  // by events that may be spent, so before `filtered`
  if (program_.conditional) event.mask = filtered(event);
  const Noticed noticed = notices_.event(group, event.time, event.mask);
  if (program_.has_brackets && !noticed.ends && !notices_.is_open(group, oldest, event.time)) {
    drop(chain);
    if (program_.conditional) references_.forget(event.number);
  } else if (noticed.matters || program_.has_brackets) {
    pool_.append(chain, event);
    references_.keep(event.number, event.mask);
  } else if (program_.conditional) {
    references_.forget(event.number);
  }
  if (noticed.ends) find_match(event);
  if (program_.before >= 0 && event.mask & bit_of(program_.before)) last_before_[group] = event.time;
}

// Conditions that look at earlier events hold only if these can still be taken.
Bits PatternTable::filtered(const PatternEvent &event) const {
  Bits mask = event.mask;
  for (int bit = 0; bit < static_cast<int>(program_.references.size()); ++bit)
    if (mask & program_.conditional & bit_of(bit) && !program_.is_only_behind(bit) &&
        !references_.allows_kept(event.number, bit))
      mask &= ~bit_of(bit);
  return mask;
}

void PatternTable::stop_clocks(const PatternEvent &event) {
  if (program_.behind < 0 || !(event.mask & bit_of(program_.behind))) return;
  const auto stops = [&](const Clock &clock) {
    if (!(program_.conditional & bit_of(program_.behind))) return true;
    return references_.allows(event.number, program_.behind, of_clock(clock, program_.behind));
  };
  clocks_.stop(static_cast<std::size_t>(event.group), event.time, stops, [&](const Clock &clock) {
    Chain events{clock.events, -1};
    pool_.drop(events);
  });
}

void PatternTable::find_match(const PatternEvent &event) {
  times_.clear(), masks_.clear(), numbers_.clear();
  for (std::int32_t i = chains_[static_cast<std::size_t>(event.group)].head; i >= 0; i = pool_[i].next) {
    times_.push_back(pool_[i].time);
    masks_.push_back(pool_[i].mask);
    numbers_.push_back(pool_[i].number);
  }
  if (fits()) tell(event);
}

void PatternTable::tell(const PatternEvent &last) {
  const auto group = static_cast<std::size_t>(last.group);
  const std::int64_t start = times_[fit_[0].place];
  Chain taken;
  for (const TakenEvent &each : fit_) {
    const int bit = program_.steps[each.step].bit;
    if (program_.behind >= 0) {
      pool_.append(taken, {times_[each.place], numbers_[each.place], static_cast<Bits>(bit), last.group});
    } else {
      matches_.numbers.push_back(numbers_[each.place]);
      matches_.bits.push_back(static_cast<std::uint8_t>(bit));
    }
  }
  if (program_.behind >= 0) {
    clocks_.start({ahead(start, program_.within), start, last.time, last.number, last.group, taken.head});
  } else {
    matches_.groups.push_back(last.group);
    matches_.starts.push_back(start);
    matches_.ends.push_back(last.time);
    matches_.last_times.push_back(last.time);
    matches_.last_numbers.push_back(last.number);
    matches_.offsets.push_back(static_cast<std::int64_t>(matches_.numbers.size()));
  }
  if (program_.overlap) return;
  drop(chains_[group]);
  notices_.reset(group);
}

void PatternTable::run_out(std::int64_t until) {
  clocks_.run_out(until, [&](const Clock &clock) {
    Chain events{clock.events, -1};
    for (std::int32_t i = events.head; i >= 0; i = pool_[i].next) {
      matches_.numbers.push_back(pool_[i].number);
      matches_.bits.push_back(static_cast<std::uint8_t>(pool_[i].mask));
    }
    pool_.drop(events);
    matches_.groups.push_back(clock.group);
    matches_.starts.push_back(clock.start);
    matches_.ends.push_back(clock.deadline);
    matches_.last_times.push_back(clock.end);
    matches_.last_numbers.push_back(clock.last);
    matches_.offsets.push_back(static_cast<std::int64_t>(matches_.numbers.size()));
  });
}

Matches PatternTable::take_matches() { return std::exchange(matches_, {}).ordered(); }

void PatternTable::drop_first(Chain &chain) {
  const PatternEvent &event = pool_[chain.head];
  if (references_.any()) references_.drop(event.number, event.mask);
  pool_.drop_first(chain);
}

void PatternTable::drop(Chain &chain) {
  while (chain.head >= 0) drop_first(chain);
}

// Groups of which nothing comes any more keep nothing.
void PatternTable::sweep() {
  const std::int64_t oldest = behind_time(worked_, program_.within);
  for (Chain &chain : chains_)
    while (chain.head >= 0 && pool_[chain.head].time < oldest) drop_first(chain);
  for (std::int64_t &before : last_before_)
    if (before < oldest) before = kNever;
  for (Before &before : previous_)
    if (before.time < oldest) before = {};
  swept_ = pool_.size();
}

std::int64_t PatternTable::latest() const {
  std::int64_t latest = clocks_.latest();
  for (const PatternEvent &event : waiting_) latest = std::max(latest, event.time);
  return latest;
}

std::int64_t PatternTable::oldest(std::int64_t watermark) const {
  std::int64_t oldest = std::min(watermark, clocks_.earliest_start());
  const std::int64_t bound = behind_time(watermark, program_.within);
  for (const Chain &chain : chains_)
    for (std::int32_t i = chain.head; i >= 0 && pool_[i].time < oldest; i = pool_[i].next)
      if (pool_[i].time >= bound && is_alive(i, watermark)) {
        oldest = pool_[i].time;
        break;
      }
  return oldest;
}

// Whether a fit that begins with this event can go on at the watermark or behind it.
bool PatternTable::is_alive(std::int32_t first, std::int64_t watermark) const {
  probe_.reset(0);
  Bits not_first = 0;
  for (std::int32_t i = first; i >= 0; i = pool_[i].next) {
    probe_.event(0, pool_[i].time, pool_[i].mask | not_first);
    not_first = kNotFirst;
  }
  return probe_.is_open(0, pool_[first].time, watermark);
}

}  // namespace streamstat
