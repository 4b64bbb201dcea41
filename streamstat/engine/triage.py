"""The rows of a block that are in a bucket of the ledger before any report is asked, and those that are left."""

from typing import Protocol

import numpy as np

from streamstat.common.record import record
from streamstat.engine.asides import AskedRows, give_times
from streamstat.engine.columns import Columns
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Refused
from streamstat.event_time.clock import EventTimes
from streamstat.event_time.devices import DeviceClocks
from streamstat.event_time.fields import TimeFields
from streamstat.event_time.watermark import Watermark
from streamstat.plan.job import Job
from streamstat.values.columns import I64, PLUS_INFINITY, U8, Kind, Mask

NO_ROWS = np.empty(0, np.int64)


class Sieve:
    """Rows that are left when those of each bucket are taken out, one bucket after the other."""

    def __init__(self, rows: int) -> None:
        self.left: Mask | None = None
        self.count = self.rows = rows

    def copy(self) -> "Sieve":
        """One that goes on from here on its own."""
        other = Sieve(self.rows)
        other.left, other.count = self.left, self.count
        return other

    def among(self, bucket: Mask | None) -> I64:
        """The rows of a bucket that no bucket before it had."""
        if bucket is None:
            return NO_ROWS
        return np.flatnonzero(bucket if self.left is None else bucket & self.left)

    def remove(self, bucket: Mask | None) -> int:
        """Take out the rows of a bucket that no bucket before it had; how many there were."""
        if bucket is None or not bucket.any():
            return 0
        left = ~bucket if self.left is None else self.left & ~bucket
        before, self.left = self.count, left
        self.count = int(np.count_nonzero(left))
        return before - self.count

    def within(self, begin: int, end: int) -> Mask:
        """Where rows [begin, end) are left."""
        left = np.zeros(self.rows, np.bool_)
        left[begin:end] = True if self.left is None else self.left[begin:end]
        return left

    def without(self, rows: I64) -> Mask:
        """Where rows are left that are none of these."""
        left = np.ones(self.rows, np.bool_) if self.left is None else self.left.copy()
        left[rows] = False
        return left


@record
class Triage:
    """A block before reports: event times, the watermark before each row and behind all, rows that are lost by now.

    before: that of its own stream, by which events are late. after: with that of the others, which is `others`.
    stream, input: the numbers of its own.
    events: rows that are no promises (None: all). dated: those that have a time and are not refused. undated: events
    without a time. promises: rows of those that cannot be read. missing: which have no time, of a job that takes them.
    spoken: times, of promises, too. roles: what the watermark took each row for.
    """

    dated: Sieve
    times: I64
    before: I64
    after: int
    undated: I64
    refused: Refused | None
    events: Mask | None
    promises: I64
    spoken: I64
    roles: U8
    stream: int = 0
    others: int = PLUS_INFINITY
    missing: Mask | None = None
    input: int = 0

    def asked_rows(self, asked: Mask | None, sieve: Sieve, late: I64 = NO_ROWS) -> AskedRows:
        """Which rows the expressions of a report were asked for: `asked` by `--where`, `sieve` has those that it let
        through, some of which turned out to be late."""
        every = np.ones(sieve.rows, np.bool_)
        events, dated = (every if rows is None else rows for rows in (self.events, asked))
        return AskedRows(events, dated, sieve.without(late))


class OfStream(Protocol):
    """What is asked of a stream when its events are sorted out."""

    number: int
    job: Job
    devices: DeviceClocks
    watermark: Watermark


def sorted_out(stream: OfStream, ledger: Ledger, fields: TimeFields, columns: Columns, others: int) -> Triage:
    """Put rows in the buckets that come before those of reports. others: how far all other streams have come."""
    job, watermark, devices = stream.job, stream.watermark, stream.devices
    events = columns.events
    promises = None if job.punctuation is None else events.present(job.punctuation)
    changes = _changes(job, columns)
    no_events = promises if changes is None else changes if promises is None else promises | changes
    read = watermark.clock.read(fields, devices, no_events)
    give_times(columns, fields, read, job)
    moves = watermark.advance(fields, read if changes is None else _without(read, changes), promises)
    ledger.uncorrected += read.uncorrected
    ledger.clock_jumps += read.clock_jumps
    ledger.max_lateness_us = max(ledger.max_lateness_us, watermark.max_lateness)
    ledger.bad_values += len(moves.unreadable)
    sieve = Sieve(events.rows)
    ledger.punctuation += sieve.remove(promises)
    ledger.queries += sieve.remove(changes)
    of_events = sieve.left
    undated = sieve.among(read.missing)
    if not job.takes_undated:
        ledger.no_time += sieve.remove(read.missing)
    future = sieve.among(read.future)
    refused = Refused(future, read.times[future]) if len(future) else None
    ledger.future += sieve.remove(read.future)
    before, after = moves.before, min(watermark.time, others)
    missing = read.missing if job.takes_undated else None
    if missing is not None:
        undated = NO_ROWS
    told = (undated, refused, of_events, moves.unreadable, moves.times, moves.roles)
    return Triage(sieve, read.times, before, after, *told, stream.number, others, missing, watermark.input)


def _changes(job: Job, columns: Columns) -> Mask | None:
    """The rows that are no events, but change what is asked of events; a promise is one whatever else it has."""
    if job.changes is None:
        return None
    changes: Mask = columns.events.kinds(job.changes) != Kind.NULL
    return changes


def _without(read: EventTimes, rows: Mask) -> EventTimes:
    """The same times, but of these rows, which move no watermark."""
    missing = rows if read.missing is None else read.missing | rows
    counted = (read.uncorrected, read.clock_jumps)
    return EventTimes(read.times, missing, read.future, *counted, read.unreadable, read.early)


def stretched(mask: Mask | None, begin: int, n: int) -> Mask | None:
    """The rows of a mask from `begin` on, among n rows."""
    if mask is None or (begin == 0 and len(mask) == n):
        return mask
    whole = np.zeros(n, np.bool_)
    whole[begin : len(mask)] = mask[begin:]
    return whole


def marked(rows: I64, n: int) -> U8:
    """1 for these of n rows."""
    marks = np.zeros(n, np.uint8)
    marks[rows] = 1
    return marks
