// Numbers and times as text: doubles as Python's repr() lays them out, times as ISO 8601.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace streamstat {

// Room every function below needs at most; the longest is an expanded year with fraction and offset.
inline constexpr std::size_t kSpelledSize = 64;
// No zone was ever further from UTC; a wider one is a caller's mistake.
inline constexpr std::int64_t kWidestUtcOffset = 2 * 86'400;

char *spell_integer(char *out, std::int64_t value);

// The shortest digits that read back as the same double; `nan`, `inf` and `-inf` for the rest.
char *spell_double(char *out, double value);

// Whether the integer spelt by `digits` is exactly `value`; false for any other spelling.
bool is_exactly(std::string_view digits, double value);

// Spells times one after another; a second is worked out once for a run of times within it, and the date of its day.
class TimeSpeller {
 public:
  char *utc(char *out, std::int64_t microseconds);
  char *with_offset(char *out, std::int64_t microseconds, std::int64_t offset_seconds);

 private:
  char *local(char *out, std::int64_t seconds, std::int64_t fraction);

  void read_second(std::int64_t seconds);

  std::int64_t day_ = INT64_MIN, second_ = INT64_MIN;
  std::size_t date_size_ = 0;
  char text_[32] = {};  // up to the second
};

}  // namespace streamstat
