#include "windows/spans.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/sizes.hpp"

namespace streamstat {

namespace {

constexpr std::size_t kFewest = 4;  // panes in a span: fewer are absorbed as fast one by one

// Blocks of 2^level numbers are known by the one in their middle, which no two of them share.
std::int64_t block_begin(std::int64_t number, int level) {
  return number & -(std::int64_t{1} << level);
}
std::int64_t middle_of(std::int64_t number, int level) {
  return block_begin(number, level) + (std::int64_t{1} << (level - 1));
}

// The level of the smallest block that holds both.
int common_level(std::int64_t one, std::int64_t other) {
  return std::bit_width(static_cast<std::uint64_t>(one ^ other));
}

// Rows by key, a byte at a time; rows of one key stay in their order.
std::vector<std::uint32_t> sorted_by_key(std::span<const std::int32_t> keys) {
  const std::size_t n = keys.size();
  std::vector<std::uint32_t> rows(n), sorted(n);
  std::iota(rows.begin(), rows.end(), 0u);
  std::uint32_t different = 0;
  for (std::size_t i = 1; i < n; ++i) different |= static_cast<std::uint32_t>(keys[i] ^ keys[0]);
  for (int shift = 0; shift < 32 && different >> shift; shift += 8) {
    const auto digit = [&](std::uint32_t row) {
      return (static_cast<std::uint32_t>(keys[row]) ^ 0x80000000u) >> shift & 0xFF;
    };
    std::array<std::size_t, 256> places = {};
    for (const std::uint32_t row : rows) ++places[digit(row)];
    std::size_t begin = 0;
    for (std::size_t &place : places) begin += std::exchange(place, begin);
    for (const std::uint32_t row : rows) sorted[places[digit(row)]++] = row;
    rows.swap(sorted);
  }
  return rows;
}

}  // namespace

SortedPanes::SortedPanes(Columns columns) {
  const auto [slots, keys, los, firsts, lasts] = columns;
  require_size(slots.size(), keys.size(), "keys");
  require_size(slots.size(), los.size(), "los");
  require_size(slots.size(), firsts.size(), "firsts");
  require_size(slots.size(), lasts.size(), "lasts");
  panes_.reserve(slots.size());
  for (const std::uint32_t i : sorted_by_key(keys)) {
    if (keys_.empty() || keys_.back() != keys[i]) {
      keys_.push_back(keys[i]);
      begins_.push_back(panes_.size());
    }
    panes_.push_back({keys[i], slots[i], los[i], firsts[i], lasts[i]});
  }
  begins_.push_back(panes_.size());
  const auto earlier = [](const Pane &one, const Pane &other) { return one.lo < other.lo; };
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    Pane *const lo = panes_.data() + begins_[k], *const hi = panes_.data() + begins_[k + 1];
    if (!std::is_sorted(lo, hi, earlier)) std::sort(lo, hi, earlier);
  }
}

SortedPanes::Run SortedPanes::run(std::int32_t key, std::int64_t begin, std::int64_t end) const {
  const auto found = static_cast<std::size_t>(std::lower_bound(keys_.begin(), keys_.end(), key) - keys_.begin());
  if (found == keys_.size() || keys_[found] != key) return {0, 0};
  const Pane *const all = panes_.data(), *const hi = all + begins_[found + 1];
  const auto place = [=](const Pane *from, std::int64_t time) {
    return std::partition_point(from, hi, [time](const Pane &pane) { return pane.lo < time; });
  };
  const Pane *const first = place(all + begins_[found], begin);
  return {static_cast<std::size_t>(first - all), static_cast<std::size_t>(place(first, end) - all)};
}

std::size_t SortedPanes::place_of_number(Run run, std::int64_t number) const {
  const Pane *const lo = panes_.data() + run.lo, *const hi = panes_.data() + run.hi;
  const Pane *const found =
      std::partition_point(lo, hi, [number](const Pane &pane) { return pane.number() < number; });
  return run.lo + static_cast<std::size_t>(found - lo);
}

SortedPanes::Fired SortedPanes::fired(std::int64_t since, std::int64_t until) const {
  Fired fired;
  for (std::size_t i = 0; i < panes_.size(); ++i) {
    const Pane &pane = panes_[i];
    std::int64_t window = std::max(pane.first - 1, since);
    if (i > 0 && panes_[i - 1].key == pane.key) window = std::max(window, std::min(panes_[i - 1].last, until));
    for (const std::int64_t last = std::min(pane.last, until); window < last;) {
      fired.keys.push_back(pane.key);
      fired.windows.push_back(++window);
    }
  }
  return fired;
}

Spans::Plan Spans::cover(PieceTable &pieces, const SortedPanes &panes, const Windows &windows) {
  const auto [keys, starts, ends, numbers] = windows;
  require_size(keys.size(), starts.size(), "starts");
  require_size(keys.size(), ends.size(), "ends");
  require_size(keys.size(), numbers.size(), "numbers");
  Plan plan;
  std::vector<Part> parts;
  for (std::size_t w = 0; w < keys.size(); ++w) {
    parts.clear();
    const Run window = panes.run(keys[w], starts[w], ends[w]);
    for (std::size_t lo = window.lo; lo < window.hi;) {
      const Run block = block_from(panes, {lo, window.hi}, numbers[w]);
      divide(pieces, panes, block, plan, parts);
      lo = block.hi;
    }
    std::stable_sort(parts.begin(), parts.end(), larger);
    for (const Part &part : parts) {
      plan.of.push_back(static_cast<std::int64_t>(w));
      plan.slots.push_back(part.slot);
    }
  }
  return plan;
}

// The panes of the largest block that begins with the first of the rest, and reaches over no pane before it, nor over
// numbers from `complete` on.
SortedPanes::Run Spans::block_from(const SortedPanes &panes, Run rest, std::int64_t complete) {
  const std::int64_t number = panes[rest.lo].number();
  const bool is_first = rest.lo == 0 || panes[rest.lo - 1].key != panes[rest.lo].key;
  const std::int64_t before = is_first ? std::numeric_limits<std::int64_t>::min() : panes[rest.lo - 1].number();
  std::int64_t until = number + 1;
  for (int level = 1; level < 62; ++level) {
    const std::int64_t begin = block_begin(number, level), size = std::int64_t{1} << level;
    if (begin <= before || begin > complete - size) break;
    until = begin + size;
  }
  return {rest.lo, std::max(panes.place_of_number(rest, until), rest.lo + 1)};
}

// What a run of all panes of a block is made of: a span, or panes.
void Spans::divide(PieceTable &pieces, const SortedPanes &panes, Run run, Plan &plan, std::vector<Part> &parts) {
  if (run.hi - run.lo >= kFewest)
    parts.push_back({run.hi - run.lo, span_of(pieces, panes, run, plan)});
  else
    for (std::size_t i = run.lo; i < run.hi; ++i) parts.push_back({1, panes[i].slot});
}

std::int32_t Spans::span_of(PieceTable &pieces, const SortedPanes &panes, Run run, Plan &plan) {
  const std::int32_t key = panes[run.lo].key;
  const int level = common_level(panes[run.lo].number(), panes[run.hi - 1].number());
  const std::int64_t middle = middle_of(panes[run.lo].number(), level);
  if (const std::int32_t known = held(key, middle); known >= 0) return slots_[static_cast<std::size_t>(known)];
  const std::size_t half = panes.place_of_number(run, middle);
  std::vector<Part> parts;
  divide(pieces, panes, {run.lo, half}, plan, parts);
  divide(pieces, panes, {half, run.hi}, plan, parts);
  std::stable_sort(parts.begin(), parts.end(), larger);
  const std::int32_t slot = pieces.borrow();
  for (const Part &part : parts) {
    plan.into.push_back(slot);
    plan.from.push_back(part.slot);
  }
  const std::array<std::uint8_t, 1> take = {1};
  std::array<std::int32_t, 1> place;
  table_.admit({&key, 1}, {&middle, 1}, {&middle, 1}, take, place);
  slots_.resize(table_.capacity());
  slots_[static_cast<std::size_t>(place[0])] = slot;
  most_levels_ = std::max(most_levels_, level);
  return slot;
}

std::int32_t Spans::held(std::int32_t key, std::int64_t middle) const {
  std::int32_t place;
  table_.find({&key, 1}, {&middle, 1}, {&place, 1});
  return place;
}

std::vector<std::int32_t> Spans::forget(PieceTable &pieces, std::span<const std::int32_t> keys,
                                        std::span<const std::int64_t> numbers) {
  require_size(keys.size(), numbers.size(), "numbers");
  std::vector<std::int32_t> freed;
  for (std::size_t i = 0; i < keys.size() && table_.size() > 0; ++i) {
    for (int level = 1; level <= most_levels_; ++level) {
      const std::int32_t place = held(keys[i], middle_of(numbers[i], level));
      if (place < 0) continue;
      table_.drop({&place, 1});
      freed.push_back(slots_[static_cast<std::size_t>(place)]);
      pieces.give_back(freed.back());
    }
  }
  return freed;
}

}  // namespace streamstat
