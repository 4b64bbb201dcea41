#include "keys/ordering.hpp"

#include "base/sizes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <utility>

namespace streamstat::ordering {

namespace {

// Below this many, comparing is faster than counting digits.
constexpr std::size_t kFew = 256;
constexpr unsigned kDigitBits = 11;

struct Item {
  std::uint64_t major, minor;  // compared in this order
  std::int64_t place;
};

using Items = std::vector<Item>;

// One pass of a radix sort by the least significant digit first (Knuth, TAOCP 3, 5.2.5, algorithm R).
template <typename Digit>
void pass(Items &items, Items &spare, Digit digit) {
  std::array<std::size_t, std::size_t{1} << kDigitBits> begins{};
  for (const auto &item : items) ++begins[digit(item)];
  std::size_t sum = 0;
  for (auto &begin : begins) sum += std::exchange(begin, sum);
  for (const auto &item : items) spare[begins[digit(item)]++] = item;
  items.swap(spare);
}

template <std::uint64_t Item::*number>
void by_digits(Items &items, Items &spare) {
  std::uint64_t used = 0;
  for (const auto &item : items) used |= item.*number;
  for (unsigned shift = 0; shift < static_cast<unsigned>(std::bit_width(used)); shift += kDigitBits)
    pass(items, spare, [shift](const Item &item) {
      return static_cast<std::size_t>(item.*number >> shift) & ((std::size_t{1} << kDigitBits) - 1);
    });
}

void sort(Items &items) {
  if (items.size() < kFew) {
    std::stable_sort(items.begin(), items.end(), [](const Item &a, const Item &b) {
      return std::pair(a.major, a.minor) < std::pair(b.major, b.minor);
    });
    return;
  }
  Items spare(items.size());
  by_digits<&Item::minor>(items, spare);
  by_digits<&Item::major>(items, spare);
}

// How far above the least: what differs in few low digits is sorted in few passes.
std::uint64_t above(std::int64_t number, std::int64_t least) {
  return static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(least);
}

Items items_of(Keys keys, Numbers times, std::size_t begin) {
  Items items;
  items.reserve(times.size() - begin);
  if (begin == times.size()) return items;
  const std::int64_t least = *std::min_element(times.begin() + static_cast<std::ptrdiff_t>(begin), times.end());
  for (std::size_t i = begin; i < times.size(); ++i)
    items.push_back({keys.empty() ? 0 : static_cast<std::uint64_t>(keys[i]), above(times[i], least),
                     static_cast<std::int64_t>(i)});
  return items;
}

Places merged(Keys keys, Numbers times, std::size_t sorted, const Items &items) {
  Places order;
  order.reserve(times.size());
  const auto at = [&](std::int64_t place) {
    const auto i = static_cast<std::size_t>(place);
    return std::pair(keys[i], times[i]);
  };
  std::int64_t old = 0;
  for (const auto &item : items) {
    for (const auto mine = at(item.place); old < static_cast<std::int64_t>(sorted) && at(old) <= mine; ++old)
      order.push_back(old);
    order.push_back(item.place);
  }
  for (; old < static_cast<std::int64_t>(sorted); ++old) order.push_back(old);
  return order;
}

void find_rows(Keys keys, Numbers times, std::int64_t size, Trail &trail) {
  const auto &order = trail.order;
  std::size_t first = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto here = static_cast<std::size_t>(order[i]);
    if (i + 1 < order.size()) {
      const auto next = static_cast<std::size_t>(order[i + 1]);
      if (keys[next] == keys[here] && times[next] == times[here]) continue;
    }
    const auto window = static_cast<std::uint64_t>(size);
    for (;; ++first) {
      const auto there = static_cast<std::size_t>(order[first]);
      if (keys[there] == keys[here] && above(times[here], times[there]) <= window) break;
    }
    trail.ends.push_back(static_cast<std::int64_t>(i));
    trail.lo.push_back(static_cast<std::int64_t>(first));
  }
}

}  // namespace

Places stable_order(Numbers numbers) {
  Items items = items_of({}, numbers, 0);
  sort(items);
  Places places;
  places.reserve(items.size());
  for (const auto &item : items) places.push_back(item.place);
  return places;
}

Trail arrange(Keys keys, Numbers times, std::size_t sorted, std::int64_t size) {
  require_size(keys.size(), times.size(), "times");
  if (sorted > times.size()) throw std::invalid_argument("sorted: more than there are events");
  if (size < 0) throw std::invalid_argument("size: negative");
  for (const auto key : keys)
    if (key < 0) throw std::invalid_argument("keys: negative");
  for (std::size_t i = 1; i < sorted; ++i)
    if (std::pair(keys[i], times[i]) < std::pair(keys[i - 1], times[i - 1]))
      throw std::invalid_argument("sorted: these events are not in order");
  Items items = items_of(keys, times, sorted);
  sort(items);
  Trail trail{merged(keys, times, sorted, items), {}, {}};
  find_rows(keys, times, size, trail);
  return trail;
}

}  // namespace streamstat::ordering
