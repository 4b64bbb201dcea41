"""Event time: when an event truly happened, from the device's clock and, where given, what the server saw.

    offset = received - sent;  event time = occurred + offset

assumes that the network delay is negligible and that the device's clock was not set between `occurred` and `sent`.
"""

from dataclasses import dataclass

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.common.zones import Zone
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Mask

FOR_EVER = 2**62  # microseconds; longer than any two event times are apart
LOWEST, HIGHEST = -62_135_596_800_000_000, 253_402_300_799_999_999
INSTANT, LOCAL = 1, 2  # kinds of times as the decoder tells them


@dataclass(frozen=True, slots=True)
class Clock:
    """Which fields hold times, and how far ahead of `received` a time may be (None: as far as it likes).

    now_us: what a time is compared with where there is no `received`; None: with nothing.
    """

    time: str
    sent: str | None = None
    received: str | None = None
    input_zone: Zone | None = None
    max_ahead_us: int | None = None
    now_us: int | None = None

    def read(self, events: Events, promises: Mask | None = None) -> "EventTimes":
        """Event time of every row; rows that are promises are not counted as corrected or not."""
        if self.sent is not None and self.received is not None:
            return self.corrected(events, self.sent, self.received, promises)
        occurred, known = self.field(events, self.time)
        if self.received is None:
            ahead = self.ahead_of_now(occurred, known)
        else:
            ahead = self.ahead(occurred, known, *self.field(events, self.received))
        return EventTimes(occurred, None if known.all() else ~known, ahead, 0, 0)

    def corrected(self, events: Events, sent: str, received: str, promises: Mask | None) -> "EventTimes":
        """Event time where all three clocks are known: in one pass, unless something is unusual."""
        columns = [events.times(path) for path in (self.time, sent, received)]
        plain = kernels.corrected_times(*columns[0], *columns[1], *columns[2], LOWEST, HIGHEST)
        if plain is not None:
            return EventTimes(plain, None, None, 0, 0)
        fields = [self.field(events, path) for path in (self.time, sent, received)]
        return self.correct(*fields[0], *fields[1], *fields[2], promises)

    def field(self, events: Events, path: str) -> tuple[I64, Mask]:
        """Microseconds of a time field and where it has one; a time that cannot be read is a missing one."""
        return self.instants(*events.times(path))

    def instants(self, times: I64, kinds: U8) -> tuple[I64, Mask]:
        """Times as they were read, with wall-clock times in the zone of the input; and where there is one."""
        known = kinds == INSTANT
        if known.all():
            return times, known
        local = kinds == LOCAL
        known |= local
        if self.input_zone is not None and local.any():
            times = times.copy()
            times[local] = self.input_zone.from_local(times[local])
        return times, known

    def correct(
        self,
        occurred: I64,
        known: Mask,
        sent: I64,
        left: Mask,
        received: I64,
        arrived: Mask,
        promises: Mask | None = None,
    ) -> "EventTimes":
        """Clock correction; the cases in the order in which they fail."""
        whole = known & left & arrived
        jumped = whole & (sent < occurred)
        times = np.where(whole & ~jumped, occurred + (received - sent), occurred)
        times = np.where(jumped | (~known & arrived), received, times)
        dated = known | arrived
        uncorrected = dated & ~whole
        ahead = self.ahead(times, uncorrected, received, arrived)
        missing = None if dated.all() else ~dated
        if promises is not None:
            uncorrected &= ~promises
            jumped &= ~promises
        counts = int(np.count_nonzero(uncorrected)), int(np.count_nonzero(jumped))
        return in_calendar(EventTimes(times, missing, ahead, *counts))

    def ahead(self, times: I64, among: Mask, received: I64, arrived: Mask) -> Mask | None:
        """Where a time is later than `received` allows."""
        if self.max_ahead_us is None:
            return None
        ahead = among & arrived & (times - received > self.max_ahead_us)
        return ahead if ahead.any() else None

    def ahead_of_now(self, times: I64, among: Mask) -> Mask | None:
        """Where a time is later than the present allows."""
        if self.max_ahead_us is None or self.now_us is None:
            return None
        ahead = among & (times > self.now_us + self.max_ahead_us)
        return ahead if ahead.any() else None


@record
class EventTimes:
    """times int64[n] in microseconds; where there is none, or one that is refused (masks; None: nowhere)."""

    times: I64
    missing: Mask | None
    future: Mask | None
    uncorrected: int
    clock_jumps: int


def in_calendar(read: EventTimes) -> EventTimes:
    """A corrected time outside years 1 to 9999 is no time."""
    if not len(read.times) or (read.times.min() >= LOWEST and read.times.max() <= HIGHEST):
        return read
    outside = (read.times < LOWEST) | (read.times > HIGHEST)
    missing = outside if read.missing is None else outside | read.missing
    return EventTimes(read.times, missing, read.future, read.uncorrected, read.clock_jumps)


def promised(clock: Clock, events: Events, path: str, rows: I64) -> tuple[I64, Mask, Mask]:
    """Promises at `rows`: times, where they are readable, where they are accepted (not too far ahead)."""
    times, readable = clock.field(events, path)
    accepted = readable[rows]
    if clock.received is not None and clock.max_ahead_us is not None:
        received, arrived = clock.field(events, clock.received)
        accepted = accepted & ~(arrived[rows] & (times[rows] - received[rows] > clock.max_ahead_us))
    elif (ahead := clock.ahead_of_now(times, readable)) is not None:
        accepted = accepted & ~ahead[rows]
    return times[rows], readable[rows], accepted
