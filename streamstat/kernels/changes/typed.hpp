// Values whose meaning stands in a schema: decimals in base64, days and fractions of seconds since the epoch.
#pragma once

#include "base/byte_strings.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamstat {

// What a schema says of a column.
enum class Meaning : std::uint8_t {
  decimal,         // base64 of an integer, big-endian two's complement, of `scale` digits behind the point
  scaled_decimal,  // {"scale":1,"value":base64}
  days,
  milliseconds,  // since the epoch
  microseconds,
  nanoseconds,
  time_milliseconds,  // since midnight
  time_microseconds,
  time_nanoseconds,
};
constexpr int kMeanings = 9;

struct TypedColumn {
  std::string name;  // in quotes
  Meaning meaning;
  std::int64_t scale;
};

// What base64 stands for; nothing for other texts.
std::optional<std::string> from_base64(std::string_view text);

// The integer that these bytes are, with so many digits behind the point; empty beyond what is ever written.
std::string decimal_text(std::string_view big_endian, std::int64_t scale);

// A time without its zone, as 2024-02-29T12:00:00.5, and a time of day; empty outside of years 1 to 9999, or of the day.
std::string timestamp_text(std::int64_t number, std::int64_t a_second);
std::string date_text(std::int64_t days);
std::string time_of_day_text(std::int64_t number, std::int64_t a_second);

// A value as its column means it; as it is where it cannot be that.
std::string typed_value(std::string_view value, const TypedColumn &column);

// Objects with typed columns. schemas: of each row the number of its columns in `columns`, -1: it has none.
ByteStrings objects_typed(const TextColumn &objects, std::span<const std::int32_t> schemas,
                          const std::vector<std::vector<TypedColumn>> &columns);

}  // namespace streamstat
