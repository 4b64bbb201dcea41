#include "states/bloom.hpp"

#include <cmath>

#include "base/kinds.hpp"

namespace streamstat {

// What parquet-cpp is ready to read, 128 MiB, at 10.5 bits a value.
constexpr std::int64_t kHighestCapacity = (std::int64_t{1} << 30) / 21 * 2;

BloomSettings::BloomSettings(std::int64_t values) : capacity(values) {
  if (values < 1 || values > kHighestCapacity)
    throw std::invalid_argument("capacity: " + std::to_string(values) + ", possible are 1 to " +
                                std::to_string(kHighestCapacity));
  while (2 * bits() < 21 * static_cast<std::size_t>(values)) blocks *= 2;
}

void BloomSketch::make_filter(const Settings &settings) {
  auto filter = std::make_unique<std::uint64_t[]>(settings.pairs());
  write_filter(filter.get(), settings);
  filter_ = std::move(filter);
  hashes_ = HashSet();
}

void BloomSketch::write_filter(std::uint64_t *filter, const Settings &settings) const {
  if (filter_)
    std::memcpy(filter, filter_.get(), settings.bytes());
  else
    hashes_.for_each([&](std::uint64_t hash) {
      split_block::Mask(hash).set(&filter[split_block::block_of(hash, settings.blocks)]);
    });
}

void BloomSketch::absorb(const BloomSketch &other, const Settings &settings) {
  if (&other == this) return;
  if (!other.filter_) {
    other.hashes_.for_each([&](std::uint64_t hash) { add(hash, settings); });
    return;
  }
  if (!filter_) make_filter(settings);
  for (std::size_t i = 0; i < settings.pairs(); ++i) filter_[i] |= other.filter_[i];
}

std::size_t BloomSketch::zeros(std::vector<std::uint64_t> &scratch, const Settings &settings) const {
  std::size_t ones = 0;
  if (filter_) {
    for (std::size_t i = 0; i < settings.pairs(); ++i) ones += std::popcount(filter_[i]);
    return settings.bits() - ones;
  }
  write_filter(scratch.data(), settings);
  hashes_.for_each([&](std::uint64_t hash) {
    std::uint64_t *block = &scratch[split_block::block_of(hash, settings.blocks)];
    for (std::size_t i = 0; i < split_block::kWords / 2; ++i) ones += std::popcount(std::exchange(block[i], 0));
  });
  return settings.bits() - ones;
}

void BloomSketch::write(Bytes &bytes, const Settings &settings) const {
  write_value(bytes, settings.capacity);
  bytes.push_back(filter_ ? 1 : 0);
  if (filter_) {
    write_bytes(bytes, filter_.get(), settings.bytes());
  } else {
    write_column(bytes, hashes_.sorted());
  }
}

BloomSketch BloomSketch::of_filter(ByteSpan filter, const Settings &settings) {
  BloomSketch sketch;
  sketch.filter_ = std::make_unique_for_overwrite<std::uint64_t[]>(settings.pairs());
  std::memcpy(sketch.filter_.get(), filter.data(), settings.bytes());
  return sketch;
}

BloomSketch BloomSketch::read(Reader &reader, const Settings &settings) {
  Reader::require(reader.read<std::int64_t>() == settings.capacity, "of another capacity");
  BloomSketch sketch;
  if (reader.read_flag()) return of_filter(reader.read_bytes(settings.bytes()), settings);
  const std::size_t n = reader.read_count(sizeof(std::uint64_t));
  Reader::require(n <= settings.most_hashes(), "too many hashes");
  for (std::size_t i = 0; i < n; ++i)
    Reader::require(sketch.hashes_.insert(reader.read<std::uint64_t>()), "a hash twice");
  return sketch;
}

void BloomStates::update(Slots slots, std::span<const std::uint64_t> hashes,
                         std::span<const std::uint8_t> kinds) {
  require_size(slots.size(), hashes.size(), "hashes");
  require_size(slots.size(), kinds.size(), "kinds");
  for_each_row(
      slots,
      [=, settings = settings_](BloomSketch &sketch, std::size_t row) {
        if (kinds[row] != kind::null) sketch.add(hashes[row], settings);
      },
      [=, settings = settings_](const BloomSketch &sketch, std::size_t row) {
        sketch.prefetch(hashes[row], settings);
      });
}

// A bit is still zero after n values with probability (1 - 1/(32 blocks))^n: each value picks one of the blocks, and
// in each of its words one bit of 32. Solved for n.
BloomEstimates BloomStates::estimates(Slots slots) const {
  require_slots_exist(slots, size());
  std::vector<std::uint64_t> scratch(settings_.pairs());
  const double kept = std::log1p(-1 / (32 * static_cast<double>(settings_.blocks)));
  const auto bits = static_cast<double>(settings_.bits());
  BloomEstimates found;
  for (const std::int32_t slot : slots) {
    const std::size_t zeros = sketches_[slot].zeros(scratch, settings_);
    const bool full = zeros == 0;
    found.kinds.push_back(full ? kind::null : kind::integer);
    found.numbers.push_back(full ? 0 : std::llround(std::log(static_cast<double>(zeros) / bits) / kept));
  }
  return found;
}

// The header is Thrift's compact form of BloomFilterHeader: the size, then block algorithm, XXH64, uncompressed.
static Bytes parquet_header(std::size_t bytes) {
  Bytes header{0x15};
  std::size_t rest = bytes * 2;
  for (; rest >= 0x80; rest >>= 7) header.push_back(static_cast<std::uint8_t>(rest) | 0x80);
  header.push_back(static_cast<std::uint8_t>(rest));
  for (int i = 0; i < 3; ++i)
    for (const std::uint8_t byte : {0x1c, 0x1c, 0, 0}) header.push_back(byte);
  header.push_back(0);
  return header;
}

ByteStrings BloomStates::filters(Slots slots) const {
  require_slots_exist(slots, size());
  const Bytes header = parquet_header(settings_.bytes());
  std::vector<std::uint64_t> filter(settings_.pairs());
  ByteStrings states;
  for (const std::int32_t slot : slots) {
    std::fill(filter.begin(), filter.end(), 0);
    sketches_[slot].write_filter(filter.data(), settings_);
    write_bytes(states.data, header.data(), header.size());
    write_bytes(states.data, filter.data(), settings_.bytes());
    states.end_string();
  }
  return states;
}

void BloomStates::restore_filters(Slots slots, const TextColumn &states) {
  const Bytes header = parquet_header(settings_.bytes());
  const std::size_t size = header.size() + settings_.bytes();
  restore_each(*this, slots, [&](std::size_t i) {
    const ByteSpan state = bytes_in(states[i]);
    if (state.size() != size)
      throw std::invalid_argument("no Bloom filter state of capacity=" + std::to_string(settings_.capacity) + ": " +
                                  std::to_string(state.size()) + " bytes, expected " + std::to_string(size));
    if (std::memcmp(state.data(), header.data(), header.size()) != 0)
      throw std::invalid_argument("no Bloom filter state: not the header of a Parquet split-block filter");
    return BloomSketch::of_filter(state.subspan(header.size()), settings_);
  });
}

}  // namespace streamstat
