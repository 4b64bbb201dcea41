// How far each device's clock is off: the least that lies between sent and received, of what it sent within an hour.
#pragma once

#include "base/state_bytes.hpp"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace streamstat {

// A block of records, a value a row: the hash of the device's name and its kind (null: none), received, received - sent,
// whether both are known, and whether the device's clock was set just before it was sent.
struct OffsetRows {
  std::span<const std::uint64_t> devices;
  std::span<const std::uint8_t> kinds;
  std::span<const std::int64_t> received, offsets;
  std::span<const std::uint8_t> among, anew;
};

// Of a device it keeps the newest samples as they are, and of older ones those that are less than all behind them. So an
// answer is exact for records that are read in the order in which they were received, but for a few places.
class DeviceOffsets {
 public:
  // least: of each row, what the offset of its device is.
  void advance(const OffsetRows &rows, std::span<std::int64_t> least);
  std::size_t devices() const { return devices_.size(); }
  Bytes snapshot() const;
  void restore(ByteSpan bytes);

 private:
  struct Sample {
    std::int64_t received, offset;
  };
  // In the order of `received`. The first `stairs` ascend in their offsets, too.
  struct Device {
    std::vector<Sample> samples;
    std::size_t stairs = 0;
  };

  static void add(Device &device, Sample sample);
  static void settle(Device &device, std::int64_t now);
  static std::int64_t least(const Device &device, std::int64_t received);
  void sweep(std::int64_t now);

  static constexpr std::size_t kFewDevices = 1024;
  std::unordered_map<std::uint64_t, Device> devices_;
  std::size_t sweep_at_ = kFewDevices;  // so many devices are looked through for those that have fallen silent
};

}  // namespace streamstat
