// Distinct counts by slot: the exact set of 64-bit hashes up to 1,024 of them, then HyperLogLog registers.
// Index and rank as in datasketch.HyperLogLogPlusPlus; the estimator is Ertl's improved one
// ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, section 2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/prefetch.hpp"
#include "states/hash_set.hpp"
#include "states/slot_states.hpp"

namespace streamstat {

struct HllSettings {
  explicit HllSettings(int precision);
  std::size_t registers() const { return std::size_t{1} << p; }
  bool operator==(const HllSettings &) const = default;
  int p;
};

class HllSketch {
 public:
  using Settings = HllSettings;
  static constexpr std::uint8_t kVersion = 2;
  static constexpr std::size_t kExactLimit = 1024;

  void add(std::uint64_t hash, const Settings &settings) {
    if (registers_)
      raise(registers_.get(), hash, settings.p);
    else if (exact_.insert(hash) && exact_.size() > kExactLimit)
      promote(settings);
  }
  void prefetch(std::uint64_t hash, const Settings &settings) const {
    if (registers_)
      prefetch_line_to_write(&registers_[hash & (settings.registers() - 1)]);
    else
      exact_.prefetch(hash);
  }
  void absorb(const HllSketch &other, const Settings &settings);
  std::int64_t estimate(const Settings &settings) const;
  void write_registers(std::uint8_t *registers, const Settings &settings) const;
  void write(Bytes &bytes, const Settings &settings) const;
  static HllSketch read(Reader &reader, const Settings &settings);
  // One byte p and the registers, as datasketch writes them.
  static HllSketch of_registers(ByteSpan state, const Settings &settings);

 private:
  static void raise(std::uint8_t *registers, std::uint64_t hash, int p) {
    std::uint8_t &reg = registers[hash & ((std::uint64_t{1} << p) - 1)];
    const auto rank = static_cast<std::uint8_t>(std::countl_zero(hash >> p) - p + 1);
    if (rank > reg) reg = rank;
  }
  void promote(const Settings &settings);
  void set_registers(ByteSpan registers);
  void copy(const HllSketch &other, const Settings &settings);

  HashSet exact_;
  std::unique_ptr<std::uint8_t[]> registers_;  // none while the set is exact
};

class HllStates : public SketchStates<HllSketch> {
 public:
  explicit HllStates(int p) : SketchStates(HllSettings(p)) {}
  void update(Slots slots, std::span<const std::uint64_t> hashes, std::span<const std::uint8_t> kinds);
  std::vector<std::int64_t> estimates(Slots slots) const;
  ByteStrings registers(Slots slots) const;
  void restore_registers(Slots slots, const TextColumn &states);
};

}  // namespace streamstat
