// The least of many values of which single ones change.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace streamstat {

// The least of a growing row of values of which single ones change: a tournament tree.
class MinimumTree {
 public:
  std::int64_t minimum() const { return nodes_[1]; }
  void make_room(std::size_t size) {
    if (size <= leaves_) return;
    const std::size_t leaves = std::bit_ceil(size);
    std::vector<std::int64_t> wider(leaves * 2, kHighest);
    std::copy(nodes_.end() - static_cast<std::ptrdiff_t>(leaves_), nodes_.end(),
              wider.begin() + static_cast<std::ptrdiff_t>(leaves));
    for (std::size_t i = leaves - 1; i >= 1; --i) wider[i] = std::min(wider[i * 2], wider[i * 2 + 1]);
    nodes_ = std::move(wider);
    leaves_ = leaves;
  }

  void set(std::size_t position, std::int64_t value) {
    std::size_t node = leaves_ + position;
    nodes_[node] = value;
    while (node > 1) {
      node /= 2;
      const std::int64_t least = std::min(nodes_[node * 2], nodes_[node * 2 + 1]);
      if (least == nodes_[node]) return;
      nodes_[node] = least;
    }
  }

 private:
  static constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  // Leaves from leaves_ on, the winner of nodes 2i and 2i+1 in node i; unused leaves hold kHighest.
  std::vector<std::int64_t> nodes_{kHighest, kHighest};
  std::size_t leaves_ = 1;
};

}  // namespace streamstat
