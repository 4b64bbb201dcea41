// Exact sums over sliding windows: what was added is taken back without a trace.
#include "sliding/slide.hpp"
#include "states/exact_tally.hpp"

namespace streamstat::slide {

using exact::SquareSum;
using exact::Tally;

namespace {

// Rounds what push needs for each row into its column.
template <typename Push, typename... Squares>
NumberColumn rounded(const Values &values, const Ranges &ranges, Push push, Squares... squares) {
  const ByteSpan kinds = values.kinds;
  const Numbers numbers = values.numbers;
  const Taken taken = values.taken;
  Tally tally;
  NumberColumn column;
  column.kinds.reserve(ranges.size());
  column.numbers.reserve(ranges.size());
  const auto add = [&](std::size_t i) {
    if (taken[i]) exact::add_value<true>(kinds[i], numbers[i], tally, squares...);
  };
  const auto remove = [&](std::size_t i) {
    if (taken[i]) exact::add_value<false>(kinds[i], numbers[i], tally, squares...);
  };
  sweep(ranges, add, remove, [&](std::size_t row) {
    tally.sum.forget_zero();
    (squares.forget_zero(), ...);
    push(column, row, tally, squares...);
  });
  return column;
}

}  // namespace

NumberColumn sums(const Values &values, const Ranges &ranges) {
  return rounded(values, ranges, [](auto &column, std::size_t, const Tally &tally) { push_sum(column, tally); });
}

NumberColumn means(const Values &values, const Ranges &ranges) {
  return rounded(values, ranges, [](auto &column, std::size_t, const Tally &tally) { push_mean(column, tally); });
}

NumberColumn ratios(const Values &values, const Ranges &ranges, Numbers divisors, std::int64_t scale) {
  exact::require_divisors(ranges.size(), divisors);
  return rounded(values, ranges, [=](auto &column, std::size_t row, const Tally &tally) {
    push_ratio(column, tally, divisors[row], scale);
  });
}

NumberColumn variances(const Values &values, const Ranges &ranges) {
  const auto push = [](auto &column, std::size_t, const Tally &tally, const SquareSum &squares) {
    push_variance(column, tally, squares);
  };
  return rounded(values, ranges, push, SquareSum());
}

NumberColumn deviations(const Values &values, const Ranges &ranges) {
  const auto push = [](auto &column, std::size_t, const Tally &tally, const SquareSum &squares) {
    push_deviation(column, tally, squares);
  };
  return rounded(values, ranges, push, SquareSum());
}

}  // namespace streamstat::slide
