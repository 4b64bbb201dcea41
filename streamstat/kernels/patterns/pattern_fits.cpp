// Which events of a group are the match that ends with its last one, where conditions may look at others of them.
#include "patterns/pattern_table.hpp"

#include <algorithm>

namespace streamstat {

bool PatternTable::fits() {
  if (!references_.any()) return fitter_.fit(times_, masks_, fit_);
  fit_.clear();
  std::vector<std::int64_t> numbers(program_.references.size(), -1);
  try_contexts(0, 0, numbers);
  return !fit_.empty();
}

// Every choice of the events that others refer to; numbers: by bit, those chosen so far.
void PatternTable::try_contexts(std::size_t next, std::size_t from, std::vector<std::int64_t> &numbers) {
  const std::span<const int> referred = references_.referred();
  if (next < referred.size()) {
    const int bit = program_.steps[static_cast<std::size_t>(referred[next])].bit;
    // Where every match begins with this step, the earliest that there is begins first.
    const bool begins = next == 0 && referred[0] == 0 && std::ranges::count(program_.first, 1) == 1;
    for (std::size_t place = from; place < numbers_.size() && !(begins && !fit_.empty()); ++place) {
      if (!(masks_[place] & bit_of(bit)) || !holds(place, bit, numbers)) continue;
      numbers[static_cast<std::size_t>(bit)] = numbers_[place];
      try_contexts(next + 1, place + 1, numbers);
      numbers[static_cast<std::size_t>(bit)] = -1;
    }
    return;
  }
  if (!may_end(numbers)) return;
  seen_masks_ = masks_;
  for (std::size_t place = 0; place < masks_.size(); ++place)
    for (int bit = 0; bit < static_cast<int>(numbers.size()); ++bit) {
      const bool is_other = program_.referenced & bit_of(bit) && numbers[static_cast<std::size_t>(bit)] != numbers_[place];
      if (masks_[place] & bit_of(bit) && (is_other || !holds(place, bit, numbers))) seen_masks_[place] &= ~bit_of(bit);
    }
  if (fitter_.fit(times_, seen_masks_, other_fit_) && (fit_.empty() || is_better(other_fit_, fit_))) fit_ = other_fit_;
}

// Whether the last event can be that of a match, of whatever step.
bool PatternTable::may_end(std::span<const std::int64_t> numbers) const {
  const std::size_t place = masks_.size() - 1;
  for (std::size_t step = 0; step < program_.steps.size(); ++step) {
    const int bit = program_.steps[step].bit;
    if (program_.last[step] && masks_[place] & bit_of(bit) && holds(place, bit, numbers)) return true;
  }
  return false;
}

bool PatternTable::holds(std::size_t place, int bit, std::span<const std::int64_t> numbers) const {
  if (!(program_.conditional & bit_of(bit)) || program_.is_only_behind(bit)) return true;
  std::vector<std::int64_t> tuple;
  for (const int each : references_.looked_at(bit)) tuple.push_back(numbers[static_cast<std::size_t>(each)]);
  return references_.allows(numbers_[place], bit, tuple);
}

}  // namespace streamstat
