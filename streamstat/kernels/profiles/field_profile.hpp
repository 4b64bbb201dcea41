// What is known of one field: how often it has values of which type, how many are different, and which.
#pragma once

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

// A value as it was found in an object, in which it is spelt [begin, begin + size): of a text without the quotes.
struct ProfileCell {
  const Byte *begin;
  std::int64_t number;  // int64, or the bits of a double
  std::uint32_t size;
  std::uint8_t kind;
  bool escaped;
};

class FieldProfile {
 public:
  // Kinds of values, as kind:: numbers them, and objects apart from arrays.
  static constexpr std::size_t kObject = kind::huge + 1, kKinds = kObject + 1;

  void add(std::span<const ProfileCell> cells, const TimeReader &times);

  std::uint64_t present() const;
  std::int64_t distinct() const { return hashes_.estimate(settings()); }
  std::optional<double> median();

  std::array<std::uint64_t, kKinds> kinds{};
  std::int64_t least_integer = std::numeric_limits<std::int64_t>::max();
  std::int64_t greatest_integer = std::numeric_limits<std::int64_t>::min();
  double least_real = std::numeric_limits<double>::infinity(), greatest_real = -std::numeric_limits<double>::infinity();
  std::string least_text, greatest_text;  // by bytes, of each no more than kKept
  std::uint64_t times = 0;                // texts that are times, if the first one is
  std::string example;                    // the first value that is not null, or its beginning
  std::uint8_t example_kind = kind::null;
  FrequentValues frequent;

 private:
  static const HllSettings &settings();
  void value(const ProfileCell &cell, std::string_view text);
  void number(const ProfileCell &cell);
  void text(std::string_view text);
  void time(const ProfileCell &cell, std::string_view text, const TimeReader &times);

  HllSketch hashes_;
  HdrSketch numbers_;
  bool looks_like_times_ = false, has_text_ = false;
  std::vector<Byte> room_;  // for a text that is not what stands in its cell
};

}  // namespace streamstat
