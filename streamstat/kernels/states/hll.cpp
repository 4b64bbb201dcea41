#include "states/hll.hpp"

#include <array>
#include <cmath>

#include "base/kinds.hpp"

namespace streamstat {

HllSettings::HllSettings(int precision) : p(precision) {
  if (precision < 4 || precision > 16)
    throw std::invalid_argument("p: " + std::to_string(precision) + ", possible are 4 to 16");
}

static double sigma(double x) {
  double y = 1, z = x, previous;
  do {
    x *= x;
    previous = z;
    z += x * y;
    y += y;
  } while (z != previous);
  return z;
}

static double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1, z = 1 - x, previous;
  do {
    x = std::sqrt(x);
    previous = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  } while (z != previous);
  return z / 3;
}

// How many registers hold each rank. Most ranks lie around their mean: those are counted 16 registers at a time.
static std::array<std::uint32_t, 72> histogram_of(const std::uint8_t *registers, std::size_t m) {
  using Lanes [[gnu::vector_size(16)]] = std::uint8_t;
  constexpr std::size_t lanes = 16, common = 8, most_steps = 255;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < m; ++i) sum += registers[i];
  const auto mean = static_cast<std::uint8_t>(sum / m);
  const std::uint8_t base = mean > 2 ? static_cast<std::uint8_t>(mean - 2) : 0;
  std::array<std::uint32_t, 72> histogram = {};  // ranks go to 61; lanes beyond count nothing
  for (std::size_t lo = 0; lo < m;) {
    Lanes counts[common] = {};
    const std::size_t hi = std::min(m, lo + lanes * most_steps);
    for (; lo < hi; lo += lanes) {
      Lanes ranks;
      std::memcpy(&ranks, registers + lo, lanes);
      const Lanes above_base = ranks - base;
      for (std::uint8_t k = 0; k < common; ++k) counts[k] -= static_cast<Lanes>(above_base == k);
      const auto rare = static_cast<Lanes>(above_base >= common);
      std::uint64_t any[2];
      std::memcpy(any, &rare, lanes);
      if (any[0] | any[1])
        for (std::size_t i = 0; i < lanes; ++i)
          if (rare[i]) ++histogram[ranks[i]];
    }
    for (std::size_t k = 0; k < common; ++k)
      for (std::size_t i = 0; i < lanes; ++i) histogram[base + k] += counts[k][i];
  }
  return histogram;
}

static double ertl_estimate(const std::uint8_t *registers, const HllSettings &settings) {
  const std::size_t m = settings.registers();
  const int q = 64 - settings.p;
  const auto histogram = histogram_of(registers, m);
  if (histogram[0] == m) return 0;
  const double size = static_cast<double>(m);
  double z = size * tau(1 - histogram[q + 1] / size);
  for (int k = q; k >= 1; --k) z = 0.5 * (z + histogram[k]);
  z += size * sigma(histogram[0] / size);
  return size * size / (2 * std::log(2.0) * z);
}

void HllSketch::promote(const Settings &settings) {
  auto registers = std::make_unique<std::uint8_t[]>(settings.registers());
  write_registers(registers.get(), settings);
  registers_ = std::move(registers);
  exact_ = HashSet();
}

void HllSketch::absorb(const HllSketch &other, const Settings &settings) {
  if (&other == this) return;
  if (!registers_ && exact_.size() == 0) {
    copy(other, settings);
    return;
  }
  if (!other.registers_) {
    if (!registers_)
      other.exact_.for_each([&](std::uint64_t hash) { add(hash, settings); });
    else
      other.exact_.for_each([&, mine = registers_.get()](std::uint64_t hash) { raise(mine, hash, settings.p); });
    return;
  }
  if (!registers_) promote(settings);
  // All of it at hand: bytes written could be any of these, for all the compiler knows.
  const std::size_t m = settings.registers();
  std::uint8_t *const mine = registers_.get();
  const std::uint8_t *const theirs = other.registers_.get();
  for (std::size_t i = 0; i < m; ++i) mine[i] = std::max(mine[i], theirs[i]);
}

void HllSketch::copy(const HllSketch &other, const Settings &settings) {
  if (other.registers_) {
    registers_ = std::make_unique_for_overwrite<std::uint8_t[]>(settings.registers());
    std::memcpy(registers_.get(), other.registers_.get(), settings.registers());
  } else {
    exact_ = other.exact_.copy();
  }
}

std::int64_t HllSketch::estimate(const Settings &settings) const {
  if (!registers_) return static_cast<std::int64_t>(exact_.size());
  const double estimate = ertl_estimate(registers_.get(), settings);
  // Registers that no stream could fill, as in a forged state, estimate up to infinity.
  return estimate < 9.2e18 ? std::llround(estimate) : std::numeric_limits<std::int64_t>::max();
}

void HllSketch::write_registers(std::uint8_t *registers, const Settings &settings) const {
  if (registers_) {
    std::memcpy(registers, registers_.get(), settings.registers());
    return;
  }
  std::memset(registers, 0, settings.registers());
  exact_.for_each([&](std::uint64_t hash) { raise(registers, hash, settings.p); });
}

void HllSketch::write(Bytes &bytes, const Settings &settings) const {
  bytes.push_back(static_cast<std::uint8_t>(settings.p));
  bytes.push_back(registers_ ? 1 : 0);
  if (registers_)
    write_bytes(bytes, registers_.get(), settings.registers());
  else
    write_column(bytes, exact_.sorted());
}

static bool are_ranks(ByteSpan registers, const HllSettings &settings) {
  std::uint8_t highest = 0;
  for (const std::uint8_t rank : registers) highest = std::max(highest, rank);
  return highest <= 64 - settings.p + 1;
}

void HllSketch::set_registers(ByteSpan registers) {
  registers_ = std::make_unique_for_overwrite<std::uint8_t[]>(registers.size());
  std::memcpy(registers_.get(), registers.data(), registers.size());
}

HllSketch HllSketch::of_registers(ByteSpan state, const Settings &settings) {
  const auto refuse = [&](const std::string &problem) {
    throw std::invalid_argument("no HyperLogLog state of p=" + std::to_string(settings.p) + ": " + problem);
  };
  if (state.empty() || state[0] != settings.p)
    refuse(state.empty() ? "no bytes" : "it has p=" + std::to_string(state[0]));
  const ByteSpan registers = state.subspan(1);
  if (registers.size() != settings.registers()) refuse(std::to_string(registers.size()) + " registers");
  if (!are_ranks(registers, settings)) refuse("a register beyond its range");
  HllSketch sketch;
  sketch.set_registers(registers);
  return sketch;
}

HllSketch HllSketch::read(Reader &reader, const Settings &settings) {
  Reader::require(reader.read<std::uint8_t>() == settings.p, "of another precision");
  HllSketch sketch;
  if (reader.read_flag()) {
    const ByteSpan registers = reader.read_bytes(settings.registers());
    Reader::require(are_ranks(registers, settings), "a register beyond its range");
    sketch.set_registers(registers);
    return sketch;
  }
  const std::size_t n = reader.read_count(sizeof(std::uint64_t));
  Reader::require(n <= kExactLimit, "too many exact values");
  for (std::size_t i = 0; i < n; ++i)
    Reader::require(sketch.exact_.insert(reader.read<std::uint64_t>()), "a value twice");
  return sketch;
}

void HllStates::update(Slots slots, std::span<const std::uint64_t> hashes,
                       std::span<const std::uint8_t> kinds) {
  require_size(slots.size(), hashes.size(), "hashes");
  require_size(slots.size(), kinds.size(), "kinds");
  for_each_row(
      slots,
      [=, settings = settings_](HllSketch &sketch, std::size_t row) {
        if (kinds[row] != kind::null) sketch.add(hashes[row], settings);
      },
      [=, settings = settings_](const HllSketch &sketch, std::size_t row) {
        sketch.prefetch(hashes[row], settings);
      });
}

std::vector<std::int64_t> HllStates::estimates(Slots slots) const {
  require_slots_exist(slots, size());
  std::vector<std::int64_t> counts;
  counts.reserve(slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    fetch_ahead(slots, i);
    counts.push_back(sketches_[slots[i]].estimate(settings_));
  }
  return counts;
}

ByteStrings HllStates::registers(Slots slots) const {
  require_slots_exist(slots, size());
  ByteStrings states;
  const std::size_t width = 1 + settings_.registers();
  states.data.resize(slots.size() * width);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    states.data[i * width] = static_cast<std::uint8_t>(settings_.p);
    sketches_[slots[i]].write_registers(&states.data[i * width + 1], settings_);
    states.offsets.push_back(static_cast<std::int64_t>((i + 1) * width));
  }
  return states;
}

void HllStates::restore_registers(Slots slots, const TextColumn &states) {
  restore_each(*this, slots, [&](std::size_t i) { return HllSketch::of_registers(bytes_in(states[i]), settings_); });
}

}  // namespace streamstat
