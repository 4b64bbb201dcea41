// HdrHistogram's V2 encoding (http://hdrhistogram.org), which all its ports read and write: a header, and the counters
// as ZigZag LEB128 of at most 9 bytes, of which the ninth holds eight bits. A number below zero is a run of zeros.
#pragma once

#include <cstdint>
#include <optional>

#include "base/state_bytes.hpp"

namespace streamstat {

void append_varint(Bytes &bytes, std::int64_t value);

// Takes a histogram of 3 to 5 digits apart, whatever its range. Throws std::invalid_argument for bytes that are none.
class EncodedHistogram {
 public:
  // How often the values from `lowest` to `highest`, which it cannot tell apart, were counted.
  struct Counter {
    std::uint64_t lowest, highest, count;
  };

  explicit EncodedHistogram(ByteSpan encoded);
  // What 1 stands for.
  double unit() const { return unit_; }
  // The next counter that is not zero, in the order of values.
  std::optional<Counter> next();

 private:
  std::int64_t read_varint();
  Counter at(std::uint64_t place, std::uint64_t count) const;

  ByteSpan rest_;
  double unit_;
  int sub_bucket_bits_, lowest_bits_;  // the numbers below 2^sub_bucket_bits << lowest_bits have one width
  std::uint64_t place_ = 0, places_;
};

}  // namespace streamstat
