// readings/ reads what one value says: a text that is a number, a duration or a size; and rounds numbers. It knows no
// columns but in bind_readings.cpp.
#pragma once

#include "base/kinds.hpp"

#include <bit>
#include <cstdint>
#include <string_view>

namespace streamstat {

// A JSON number, or null: `number` is an int64, or the bits of a double, as `kind` says.
struct Reading {
  std::uint8_t kind = kind::null;
  std::int64_t number = 0;

  static Reading of(double value) { return {kind::real, std::bit_cast<std::int64_t>(value)}; }
};

// A text without the spaces, tabs and line ends around it.
std::string_view trimmed(std::string_view text);

// A number spelt as in JSON and nothing else: an integer if it is one in int64; null beyond double.
Reading number_of(std::string_view text);

// The seconds of `1h2m`, `165.3 ms` or `PT26.4S`, rounded once to a double; null for years and months, and from some
// 10,000 years on.
Reading duration_of(std::string_view text);

// The bytes of `1.5GiB`, `20k` or `512`: an integer where they are whole and fit int64, else a double.
Reading size_of(std::string_view text);

// A number rounded to so many places behind the point (before it if negative), half away from zero; of a double, its
// shortest decimal. An integer stays one where it fits int64; null beyond double, zero is never -0.0.
Reading rounded(std::int64_t integer, int places);
Reading rounded(double value, int places);

}  // namespace streamstat
