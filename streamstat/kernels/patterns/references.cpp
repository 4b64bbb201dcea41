#include "patterns/references.hpp"

#include "base/state_bytes.hpp"

#include <algorithm>
#include <numeric>

namespace streamstat {

References::References(const Program &program) : program_(program), looked_(program.references.size()) {
  for (std::size_t s = 0; s < program.steps.size(); ++s) {
    const int bit = program.steps[s].bit;
    if (!(program.referenced & bit_of(bit))) continue;
    referred_.push_back(static_cast<int>(s));
    for (std::size_t b = 0; b < looked_.size(); ++b)
      if (program.references[b] & bit_of(bit)) looked_[b].push_back(bit);
  }
}

void References::allow(std::int64_t number, int bit, std::vector<std::int64_t> tuples) {
  const std::size_t width = looked_at(bit).size();
  if (tuples.empty()) return;
  std::vector<std::size_t> order(tuples.size() / width);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto tuple = [&](std::size_t i) { return std::span(tuples).subspan(i * width, width); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::ranges::lexicographical_compare(tuple(a), tuple(b));
  });
  std::vector<std::int64_t> &sorted = allowed_[key(number, bit)];
  sorted.clear();
  for (const std::size_t i : order) sorted.insert(sorted.end(), tuple(i).begin(), tuple(i).end());
}

bool References::allows(std::int64_t number, int bit, std::span<const std::int64_t> tuple) const {
  const auto found = allowed_.find(key(number, bit));
  if (found == allowed_.end()) return false;
  const std::span all(found->second);
  std::size_t lo = 0, hi = all.size() / tuple.size();
  while (lo < hi) {
    const std::size_t middle = (lo + hi) / 2;
    const auto there = all.subspan(middle * tuple.size(), tuple.size());
    if (std::ranges::equal(there, tuple)) return true;
    if (std::ranges::lexicographical_compare(there, tuple))
      lo = middle + 1;
    else
      hi = middle;
  }
  return false;
}

bool References::allows_kept(std::int64_t number, int bit) const {
  const auto found = allowed_.find(key(number, bit));
  if (found == allowed_.end()) return false;
  const std::size_t width = looked_at(bit).size();
  const std::span all(found->second);
  for (std::size_t i = 0; i < all.size(); i += width)
    if (std::ranges::all_of(all.subspan(i, width), [&](std::int64_t each) { return kept_.contains(each); })) return true;
  return false;
}

void References::drop(std::int64_t number, Bits mask) {
  if (mask & program_.referenced) kept_.erase(number);
  if (program_.conditional) forget(number);
}

void References::forget(std::int64_t number) {
  for (int bit = 0; bit < static_cast<int>(looked_.size()); ++bit)
    if (program_.conditional & bit_of(bit)) allowed_.erase(key(number, bit));
}

void References::write(std::vector<std::uint8_t> &bytes) const {
  std::vector<std::uint64_t> keys;
  for (const auto &[key, tuples] : allowed_) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  write_value(bytes, static_cast<std::uint64_t>(keys.size()));
  for (const std::uint64_t key : keys) {
    write_value(bytes, key);
    write_column(bytes, allowed_.at(key));
  }
}

}  // namespace streamstat
