#include "states/hdr_encoding.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace streamstat {

namespace {

constexpr std::uint32_t kCookie = 0x1C849313;
constexpr std::size_t kHeaderBytes = 40;

void require(bool sound, const char *problem) {
  if (!sound) throw std::invalid_argument(std::string("no percentile state: ") + problem);
}

template <typename Number>
Number big_endian(ByteSpan bytes, std::size_t at) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | bytes[at + i];
  return number;
}

int width_of(std::uint64_t number) { return static_cast<int>(std::bit_width(number)); }

}  // namespace

void append_varint(Bytes &bytes, std::int64_t value) {
  auto rest = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int i = 0; i < 8 && rest >= 0x80; ++i, rest >>= 7)
    bytes.push_back(static_cast<std::uint8_t>(rest) | 0x80);
  bytes.push_back(static_cast<std::uint8_t>(rest));
}

// Bytes 8 to 11 are how far its writer has shifted the counters in memory, which changes nothing here.
EncodedHistogram::EncodedHistogram(ByteSpan encoded) {
  require(encoded.size() >= kHeaderBytes, "cut short");
  rest_ = encoded.subspan(kHeaderBytes);
  require(big_endian<std::uint32_t>(encoded, 0) == kCookie && big_endian<std::uint32_t>(encoded, 4) == rest_.size(),
          "cut short, too long, or of another version");
  const auto digits = big_endian<std::uint32_t>(encoded, 12);
  require(digits >= 3 && digits <= 5, "its histogram has not 3 to 5 digits");
  sub_bucket_bits_ = digits == 3 ? 11 : digits == 4 ? 15 : 18;  // 2 * 10^digits numbers at least
  const auto lowest = big_endian<std::uint64_t>(encoded, 16), highest = big_endian<std::uint64_t>(encoded, 24);
  lowest_bits_ = width_of(lowest) - 1;
  require(lowest >= 1 && lowest <= highest && width_of(highest) < 64 && lowest_bits_ + sub_bucket_bits_ < 64,
          "its histogram has no range that 63 bits hold");
  // The port to JavaScript writes a whole number there.
  const auto unit = big_endian<std::uint64_t>(encoded, 32);
  unit_ = unit == 1 ? 1 : std::bit_cast<double>(unit);
  require(unit_ >= std::numeric_limits<double>::min() && unit_ <= 0x1p960, "its values are beyond a double");
  const int octaves = std::max(width_of(highest) - sub_bucket_bits_ - lowest_bits_ + 1, 1);
  places_ = static_cast<std::uint64_t>(octaves + 1) << (sub_bucket_bits_ - 1);
}

std::optional<EncodedHistogram::Counter> EncodedHistogram::next() {
  while (!rest_.empty()) {
    const std::int64_t count = read_varint();
    const std::uint64_t taken = count < 0 ? -static_cast<std::uint64_t>(count) : 1;
    require(taken <= places_ - place_, "a counter beyond its highest value");
    place_ += taken;
    if (count > 0) return at(place_ - 1, static_cast<std::uint64_t>(count));
  }
  return std::nullopt;
}

std::int64_t EncodedHistogram::read_varint() {
  std::uint64_t number = 0;
  for (int shift = 0;; shift += 7) {
    require(!rest_.empty(), "cut short");
    const std::uint64_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    if (shift == 56 || byte < 0x80) {
      number |= byte << shift;
      return static_cast<std::int64_t>((number >> 1) ^ -(number & 1));
    }
    number |= (byte & 0x7F) << shift;
  }
}

// The first octave, of which no half is left out, has twice the places of each that follows.
EncodedHistogram::Counter EncodedHistogram::at(std::uint64_t place, std::uint64_t count) const {
  const int half_bits = sub_bucket_bits_ - 1;
  const std::uint64_t half = std::uint64_t{1} << half_bits;
  const int octave = std::max(static_cast<int>(place >> half_bits) - 1, 0);
  const std::uint64_t number = place < half ? place : half | (place & (half - 1));
  const int shift = lowest_bits_ + octave;
  const std::uint64_t lowest = number << shift;
  return {lowest, lowest + (std::uint64_t{1} << shift) - 1, count};
}

}  // namespace streamstat
