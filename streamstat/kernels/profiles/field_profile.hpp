// What is known of one field: how often it has values of which type, how many are different, and which.
#pragma once

#include "events/noted.hpp"
#include "events/time_reader.hpp"
#include "profiles/frequent.hpp"
#include "states/hdr.hpp"
#include "states/hll.hpp"

#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace streamstat {

// Where values were found: the bytes behind which they lie, and the rows that are looked at (empty: all).
struct FoundIn {
  std::span<const Byte> bytes;
  std::span<const std::uint8_t> left;

  bool has(const NotedValue &value) const { return left.empty() || left[value.row]; }
};

// A text, of a longer one its beginning.
struct KeptText {
  std::int64_t beginning = 0;  // see beginning_of
  std::string text;
};

class FieldProfile {
 public:
  void add(std::span<const NotedValue> values, const FoundIn &in, const TimeReader &times);

  std::int64_t distinct() const { return hashes_.estimate(settings()); }
  std::optional<double> median();

  std::array<std::uint64_t, kObjectKind + 1> kinds{};
  std::int64_t least_integer = std::numeric_limits<std::int64_t>::max();
  std::int64_t greatest_integer = std::numeric_limits<std::int64_t>::min();
  double least_real = std::numeric_limits<double>::infinity(), greatest_real = -std::numeric_limits<double>::infinity();
  KeptText least_text, greatest_text;  // by bytes
  std::uint64_t times = 0;                // texts that are times, if the first one is
  std::string example;                    // the first value that is not null, or its beginning
  std::uint8_t example_kind = kind::null;
  FrequentValues frequent;

 private:
  static const HllSettings &settings();
  std::string_view text_of(const NotedValue &value, const FoundIn &in);
  void number(const NotedValue &value);
  void text(std::int64_t beginning, std::string_view text, bool is_first);

  HllSketch hashes_;
  HdrSketch numbers_;
  bool looks_like_times_ = false;
  std::vector<Byte> room_;  // for a text that is not what is spelt
};

}  // namespace streamstat
