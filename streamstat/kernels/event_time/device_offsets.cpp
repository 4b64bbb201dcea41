#include "event_time/device_offsets.hpp"

#include "base/kinds.hpp"
#include "events/times.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace streamstat {

constexpr std::int64_t kHourUs = 3'600'000'000;
constexpr std::int64_t kForgottenUs = 2 * kHourUs;  // behind the record that is read
constexpr std::size_t kExact = 32, kMostUnsettled = 64;
constexpr std::string_view kTag = "offsets1";

void DeviceOffsets::advance(const OffsetRows &rows, std::span<std::int64_t> least) {
  for (std::size_t i = 0; i < least.size(); ++i) {
    least[i] = rows.offsets[i];
    if (!rows.among[i] || rows.kinds[i] == kind::null) continue;
    const std::int64_t received = rows.received[i];
    if (devices_.size() >= sweep_at_) sweep(received);
    Device &device = devices_[rows.devices[i]];
    if (rows.anew[i]) device = {};
    add(device, {received, rows.offsets[i]});
    least[i] = DeviceOffsets::least(device, received);
    if (device.samples.size() - device.stairs > kMostUnsettled) settle(device, received);
  }
}

void DeviceOffsets::add(Device &device, Sample sample) {
  auto &samples = device.samples;
  std::size_t place = samples.size();
  while (place > 0 && samples[place - 1].received > sample.received) --place;
  samples.insert(samples.begin() + static_cast<std::ptrdiff_t>(place), sample);
  device.stairs = std::min(device.stairs, place);
}

std::int64_t DeviceOffsets::least(const Device &device, std::int64_t received) {
  const auto &samples = device.samples;
  const std::int64_t since = received - kHourUs;
  std::int64_t least = INT64_MAX;
  for (std::size_t i = samples.size(); i-- > device.stairs && samples[i].received >= since;)
    if (samples[i].received <= received) least = std::min(least, samples[i].offset);
  const auto end = samples.begin() + static_cast<std::ptrdiff_t>(device.stairs);
  const auto first = std::lower_bound(samples.begin(), end, since,
                                      [](const Sample &sample, std::int64_t time) { return sample.received < time; });
  return first != end && first->received <= received ? std::min(least, first->offset) : least;
}

// Forgets what is too old, and of all but the newest what a later one undercuts.
void DeviceOffsets::settle(Device &device, std::int64_t now) {
  auto &samples = device.samples;
  std::size_t old = 0;
  // A record that comes late by a few places may be hours behind, where records are rare.
  const std::size_t latest = samples.size() - std::min(samples.size(), kExact + 1);
  const std::int64_t forgotten = std::min(now - kForgottenUs, samples[latest].received - kHourUs);
  while (old < samples.size() && samples[old].received < forgotten) ++old;
  samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(old));
  device.stairs -= std::min(device.stairs, old);
  const std::size_t end = std::max(device.stairs, samples.size() - std::min(samples.size(), kExact));
  std::size_t kept = device.stairs;
  for (std::size_t i = device.stairs; i < end; ++i) {
    while (kept > 0 && samples[kept - 1].offset >= samples[i].offset) --kept;
    samples[kept++] = samples[i];
  }
  samples.erase(samples.begin() + static_cast<std::ptrdiff_t>(kept), samples.begin() + static_cast<std::ptrdiff_t>(end));
  device.stairs = kept;
}

void DeviceOffsets::sweep(std::int64_t now) {
  std::erase_if(devices_, [now](const auto &each) { return each.second.samples.back().received < now - kForgottenUs; });
  sweep_at_ = std::max(kFewDevices, devices_.size() * 2);
}

Bytes DeviceOffsets::snapshot() const {
  const std::map<std::uint64_t, const Device *> ordered = [this] {
    std::map<std::uint64_t, const Device *> all;
    for (const auto &[hash, device] : devices_) all.emplace(hash, &device);
    return all;
  }();
  Bytes bytes = tagged(kTag);
  write_value(bytes, static_cast<std::uint64_t>(sweep_at_));
  write_value(bytes, static_cast<std::uint64_t>(ordered.size()));
  for (const auto &[hash, device] : ordered) {
    write_value(bytes, hash);
    write_value(bytes, static_cast<std::uint64_t>(device->stairs));
    write_value(bytes, static_cast<std::uint64_t>(device->samples.size()));
    for (const Sample &sample : device->samples) write_value(bytes, sample);
  }
  return bytes;
}

void DeviceOffsets::restore(ByteSpan bytes) {
  constexpr std::int64_t earliest = kMinTimeUs - 2 * kDayUs, latest = kMaxTimeUs + 2 * kDayUs;
  constexpr std::size_t smallest = 3 * sizeof(std::uint64_t) + sizeof(Sample);
  Reader reader(bytes, kTag);
  DeviceOffsets restored;
  restored.sweep_at_ = static_cast<std::size_t>(reader.read<std::uint64_t>());
  Reader::require(restored.sweep_at_ >= kFewDevices);
  const std::size_t count = reader.read_count(smallest);
  for (std::size_t i = 0; i < count; ++i) {
    const auto [device, is_new] = restored.devices_.try_emplace(reader.read<std::uint64_t>());
    const auto stairs = reader.read<std::uint64_t>();
    std::vector<Sample> samples(reader.read_count(sizeof(Sample)));
    Reader::require(is_new && !samples.empty() && stairs <= samples.size());
    for (std::size_t s = 0; s < samples.size(); ++s) {
      samples[s] = {reader.read<std::int64_t>(), reader.read<std::int64_t>()};
      Reader::require(samples[s].received >= earliest && samples[s].received <= latest &&
                      std::abs(samples[s].offset / 2) <= latest - earliest);
      if (s == 0) continue;
      Reader::require(samples[s].received >= samples[s - 1].received &&
                      (s >= stairs || samples[s].offset > samples[s - 1].offset));
    }
    device->second = {std::move(samples), static_cast<std::size_t>(stairs)};
  }
  reader.require_end();
  *this = std::move(restored);
}

}  // namespace streamstat
