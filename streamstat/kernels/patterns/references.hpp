// Conditions that look at an event taken before: for which earlier events each of them holds.
#pragma once

#include "patterns/program.hpp"

#include <span>
#include <unordered_map>
#include <unordered_set>

namespace streamstat {

class References {
 public:
  explicit References(const Program &program);

  bool any() const { return !program_.referenced == 0; }
  // The bits that the condition of a bit looks at, in the order of their steps.
  std::span<const int> looked_at(int bit) const { return looked_[static_cast<std::size_t>(bit)]; }
  // The steps that others refer to, in their order.
  std::span<const int> referred() const { return referred_; }

  // The condition of `bit` holds for event `number` with these earlier events: tuples, one behind the other, in any order.
  void allow(std::int64_t number, int bit, std::vector<std::int64_t> tuples);
  bool allows(std::int64_t number, int bit, std::span<const std::int64_t> tuple) const;
  // Whether it holds with any earlier events that are all kept.
  bool allows_kept(std::int64_t number, int bit) const;

  void keep(std::int64_t number, Bits mask) {
    if (mask & program_.referenced) kept_.insert(number);
  }
  void drop(std::int64_t number, Bits mask);
  // What is known of an event that is not kept.
  void forget(std::int64_t number);

  void write(std::vector<std::uint8_t> &bytes) const;
  using Allowed = std::unordered_map<std::uint64_t, std::vector<std::int64_t>>;
  Allowed &allowed() { return allowed_; }

 private:
  static std::uint64_t key(std::int64_t number, int bit) {
    return static_cast<std::uint64_t>(number) << 6 | static_cast<std::uint64_t>(bit);
  }

  const Program &program_;
  std::vector<std::vector<int>> looked_;
  std::vector<int> referred_;
  Allowed allowed_;
  std::unordered_set<std::int64_t> kept_;
};

}  // namespace streamstat
