"""Event time: when an event truly happened, from the device's clock and, where given, what the server saw.

    offset = received - sent;  event time = occurred + offset

assumes that the network delay is negligible and that the device's clock was not set between `occurred` and `sent`.
"""

from dataclasses import dataclass

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.common.zones import Zone
from streamstat.event_time.devices import DeviceClocks
from streamstat.event_time.fields import (
    HIGHEST,
    LOWEST,
    OCCURRED,
    PROMISED,
    RECEIVED,
    SENT,
    TimeField,
    TimeFields,
    TimeSource,
)
from streamstat.values.columns import I64, Mask

FOR_EVER = 2**62  # microseconds; longer than any two event times are apart


@dataclass(frozen=True, slots=True)
class Clock:
    """Which fields hold times, and how far ahead of `received` a time may be (None: as far as it likes).

    time: the first of these that can be read. device: the field that names the device whose clock it is; None:
    every event tells the offset of its clock. year: of the first time that has none. earliest_us: a time before that is
    none. now_us: what a time is compared with where there is no `received`; None: with nothing.
    """

    time: tuple[TimeSource, ...]
    sent: str | None = None
    received: str | None = None
    input_zone: Zone | None = None
    max_ahead_us: int | None = None
    now_us: int | None = None
    earliest_us: int | None = None
    year: int | None = None
    device: str | None = None

    def read(self, fields: TimeFields, devices: DeviceClocks, promises: Mask | None = None) -> "EventTimes":
        """Event time of every row; rows that are promises are not counted as corrected or not."""
        if self.sent is not None and self.received is not None:
            return self._corrected(fields, self.sent, self.received, devices, promises)
        occurred = fields.field(OCCURRED, self.time)
        received = None if self.received is None else fields.field(RECEIVED, (self.received,))
        if received is None and self.earliest_us is None and occurred.known.all():
            return EventTimes(occurred.times, None, self.ahead_of_now(occurred.times, occurred.known))
        read = Dated(
            occurred.times, occurred.known, nowhere(occurred), nowhere(occurred), occurred.unreadable
        )
        read = self._not_too_early(read, received)
        if received is None:
            ahead = self.ahead_of_now(read.times, occurred.known)
        else:
            ahead = self.ahead(read.times, occurred.known, received)
        return event_times(read, ahead, promises)

    def _corrected(
        self, fields: TimeFields, sent: str, received: str, devices: DeviceClocks, promises: Mask | None
    ) -> "EventTimes":
        """Event time where all three clocks are known: in one pass, unless something is unusual."""
        roles: tuple[tuple[int, tuple[TimeSource, ...]], ...]
        roles = ((OCCURRED, self.time), (SENT, (sent,)), (RECEIVED, (received,)))
        if self.device is None:
            columns = [fields.columns(*role) for role in roles]
            lowest = LOWEST if self.earliest_us is None else self.earliest_us
            plain = kernels.corrected_times(*columns[0], *columns[1], *columns[2], lowest, HIGHEST)
            if plain is not None:
                return EventTimes(plain)
        occurred, left, arrived = (fields.field(*role) for role in roles)
        if self.device is None:
            offset = arrived.times - left.times
        else:
            offset = devices.offsets(fields.events, self.device, occurred, left, arrived)
        read = self._not_too_early(correct(occurred, left, arrived, offset), arrived)
        return event_times(read, self.ahead(read.times, read.uncorrected, arrived), promises)

    def _not_too_early(self, read: "Dated", received: TimeField | None) -> "Dated":
        """A time before the earliest is none; the one at which it was received stands in for it."""
        if self.earliest_us is None:
            return read
        early = read.dated & (read.times < self.earliest_us)
        if not early.any():
            return read
        times, uncorrected = read.times, read.uncorrected
        if received is not None:
            instead = early & received.known & (received.times >= self.earliest_us)
            times = np.where(instead, received.times, times)
            uncorrected = uncorrected | instead
            early &= ~instead
        return Dated(times, read.dated & ~early, uncorrected, read.jumped, read.unreadable, early)

    def ahead(self, times: I64, among: Mask, received: TimeField) -> Mask | None:
        """Where a time is later than `received` allows."""
        if self.max_ahead_us is None:
            return None
        ahead = among & received.known & (times - received.times > self.max_ahead_us)
        return ahead if ahead.any() else None

    def ahead_of_now(self, times: I64, among: Mask) -> Mask | None:
        """Where a time is later than the present allows."""
        if self.max_ahead_us is None or self.now_us is None:
            return None
        ahead = among & (times > self.now_us + self.max_ahead_us)
        return ahead if ahead.any() else None


@record
class EventTimes:
    """times int64[n] in microseconds; masks of rows, None where there are none.

    missing: those without a time, among them `unreadable` (what is there is no time) and `early` (before the earliest
    that is allowed). future: those that are refused. uncorrected, clock_jumps: how many there are.
    """

    times: I64
    missing: Mask | None = None
    future: Mask | None = None
    uncorrected: int = 0
    clock_jumps: int = 0
    unreadable: Mask | None = None
    early: Mask | None = None


@record
class Dated:
    """Event times as they are found: where there is one, what became of it, and why there is none."""

    times: I64
    dated: Mask
    uncorrected: Mask
    jumped: Mask
    unreadable: Mask | None = None
    early: Mask | None = None


def nowhere(field: TimeField) -> Mask:
    """A mask of no rows."""
    return np.zeros(len(field.times), np.bool_)


def correct(occurred: TimeField, left: TimeField, arrived: TimeField, offset: I64) -> Dated:
    """Clock correction; the cases in the order in which they fail."""
    whole = occurred.known & left.known & arrived.known
    jumped = whole & (left.times < occurred.times)
    times = np.where(whole & ~jumped, occurred.times + offset, occurred.times)
    times = np.where(jumped | (~occurred.known & arrived.known), arrived.times, times)
    dated = occurred.known | arrived.known
    return Dated(times, dated, dated & ~whole, jumped, occurred.unreadable)


def event_times(read: Dated, ahead: Mask | None, promises: Mask | None) -> EventTimes:
    """What is to be told of times; one outside years 1 to 9999 cannot be read."""
    dated, unreadable = read.dated, read.unreadable
    if len(read.times) and (read.times.min() < LOWEST or read.times.max() > HIGHEST):
        outside = dated & ((read.times < LOWEST) | (read.times > HIGHEST))
        dated = dated & ~outside
        unreadable = outside if unreadable is None else unreadable | outside
    uncorrected, jumped = read.uncorrected & dated, read.jumped & dated
    if promises is not None:
        uncorrected, jumped = uncorrected & ~promises, jumped & ~promises
    counts = int(np.count_nonzero(uncorrected)), int(np.count_nonzero(jumped))
    if dated.all():
        return EventTimes(read.times, None, ahead, *counts)
    missing = ~dated
    if unreadable is not None:
        unreadable = unreadable & missing
    return EventTimes(read.times, missing, ahead, *counts, unreadable, read.early)


def promised(clock: Clock, fields: TimeFields, path: str, rows: I64) -> tuple[I64, Mask, Mask]:
    """Promises at `rows`: times, where they are readable, where they are accepted (not too far ahead)."""
    promise = fields.field(PROMISED, (path,))
    times, readable = promise.times, promise.known
    accepted = readable[rows]
    if clock.received is not None and clock.max_ahead_us is not None:
        received = fields.field(RECEIVED, (clock.received,))
        too_far = received.known[rows] & (times[rows] - received.times[rows] > clock.max_ahead_us)
        accepted = accepted & ~too_far
    elif (ahead := clock.ahead_of_now(times, readable)) is not None:
        accepted = accepted & ~ahead[rows]
    return times[rows], readable[rows], accepted
