// The state of a join as bytes and back. What is known of keys follows from the events.
#include "joins/interval_join.hpp"

#include <utility>

namespace streamstat {

namespace {

constexpr std::string_view kTag = "pairs\1";
constexpr std::size_t kMetBytes = 51;

}  // namespace

Bytes IntervalJoin::snapshot() const {
  Bytes bytes = tagged(kTag);
  for (const Side side : {kLeft, kRight}) {
    waiting_[side].write(bytes);
    const MetEvents &met = met_[side];
    write_value(bytes, static_cast<std::uint64_t>(met.size()));
    for (std::int64_t i = met.begin(); i < met.end(); ++i) {
      const MetEvent &event = met[i];
      const auto [low, high] = event.key < 0 ? std::pair<std::uint64_t, std::uint64_t>{} : keys_.hash(event.key);
      write_event(bytes, {event.time, event.number, low, high, event.key >= 0, false});
      write_value(bytes, event.partner_time);
      write_value(bytes, event.partner);
      write_value(bytes, static_cast<std::uint8_t>(event.has_met));
    }
  }
  return bytes;
}

void IntervalJoin::restore(ByteSpan bytes) {
  IntervalJoin fresh(terms_);
  Reader reader(bytes, kTag);
  for (const Side side : {kLeft, kRight}) {
    fresh.waiting_[side] = WaitingEvents::read(reader);
    const std::size_t n = reader.read_count(kMetBytes);
    JoinEvent before{};
    for (std::size_t i = 0; i < n; ++i) {
      const JoinEvent event = read_event(reader);
      Reader::require(i == 0 || before.comes_before(event), "damaged: its events are in no order");
      before = event;
      MetEvent met{.time = event.time, .number = event.number};
      met.partner_time = reader.read<std::int64_t>();
      met.partner = reader.read<std::int64_t>();
      met.has_met = reader.read_flag();
      Reader::require(met.partner >= kNoEvent);
      Reader::require(!event.has_key || fresh.can_be_met(side));
      fresh.keep(side, met, event.has_key ? fresh.keys_.find_or_add(event.low, event.high) : -1);
    }
  }
  reader.require_end();
  *this = std::move(fresh);
}

}  // namespace streamstat
