"""The engine: blocks of events in, publications out. It reads no clock and no file, and names no plug-in.

For each event, in input order: is it late, with the watermark as it stands; add it to its windows; move the watermark.
A block is worked on as columns; it is cut only where a window must fire between two of its events.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from streamstat.batch import I32, I64, MINUS_INFINITY, U8, Mask, ResultField
from streamstat.columns import Columns
from streamstat.corrections import KIND, REVISION, Again
from streamstat.decode import Events
from streamstat.job import Job
from streamstat.keys import Keys
from streamstat.kernels import Extents, PieceTable
from streamstat.ledger import Ledger
from streamstat.progress import Progress, judge
from streamstat.publish import Once, Publication, Publisher, State
from streamstat.results import Results
from streamstat.states import Batch
from streamstat.store import Store


@dataclass(frozen=True, slots=True)
class Taken:
    """The counted rows of a block: mask (None: all), time, piece [lo, hi), key; and the rows before which to fire."""

    mask: Mask | None
    times: I64
    lo: I64
    hi: I64
    keys: I32
    before: I64
    stops: list[int]


class Engine:
    """Runs a job. Feed inputs in order: begin_input, push their blocks, and finish at the end of all."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.ledger = Ledger()
        self.late_rows: I64 = np.empty(0, np.int64)  # of the block pushed last
        self._progress = Progress(job)
        self._keys = Keys(job.groups)
        self._pieces = PieceTable()
        self._store = Store(job.measures)
        self._extents = Extents() if job.window.grows else None
        self._results = Results(job, self._keys, self._pieces, self._store, self._extents)
        state = State(job, self._keys, self._pieces, self._store, self._results)
        self._publisher: Publisher = Again(state) if job.corrects else Once(state)
        self._watermark = MINUS_INFINITY
        self._sequence = 0

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        if self.job.corrects:
            return (*self._results.fields, REVISION, KIND), (*self._results.fields, REVISION)
        return self._results.fields, self._results.fields

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know of them."""
        return self._store.warnings

    def begin_input(self, others_to_come: bool) -> None:
        """The blocks that follow are of the next input."""
        self._progress.begin_input(others_to_come)

    def tell_time(self, path: str) -> None:
        """Event time is in this field, from the first event on."""
        self.job = replace(self.job, clock=replace(self.job.clock, time=path))
        self._progress.clock = self.job.clock

    def push(self, events: Events) -> Iterator[Publication]:
        """Take in a block; what fires is published."""
        self.ledger.lines += events.lines
        self.ledger.blank += events.blank
        self.ledger.bad += events.lines - events.blank - events.rows
        self.late_rows = np.empty(0, np.int64)
        if not events.rows:
            return
        columns = Columns(events)
        taken = self._triage(events, columns)
        edges = [0, *taken.stops, events.rows]
        for lo, hi in zip(edges, edges[1:], strict=False):
            yield from self._advance(int(taken.before[lo]))
            self._add(columns, taken, lo, hi)
        self.ledger.bad_values += columns.bad_values
        self._sequence += events.rows
        yield from self._advance(self._progress.watermark)

    def finish(self) -> Iterator[Publication]:
        """The end of all inputs: every window fires."""
        self._progress.finish()
        yield from self._advance(self._progress.watermark)

    def _triage(self, events: Events, columns: Columns) -> Taken:
        """Put every row in its bucket of the ledger."""
        job, ledger = self.job, self.ledger
        promises = None if job.punctuation is None else events.present(job.punctuation)
        read = job.clock.read(events, promises)
        moves = self._progress.advance(events, read, promises)
        ledger.uncorrected += read.uncorrected
        ledger.clock_jumps += read.clock_jumps
        ledger.max_lateness_us = self._progress.max_lateness
        sieve = Sieve(events.rows)
        ledger.punctuation += sieve.remove(promises)
        ledger.bad_values += moves.unreadable
        ledger.no_time += sieve.remove(read.missing)
        ledger.future += sieve.remove(read.future)
        if job.where is not None:
            ledger.filtered += sieve.remove(~columns.condition(job.where))
        lo, hi, outside = job.window.cut(read.times)
        ledger.unassigned += sieve.remove(outside)
        verdict = judge(job, lo, moves.before, sieve.left)
        if verdict.late is not None:
            self.late_rows = np.flatnonzero(verdict.late)
        ledger.late += sieve.remove(verdict.late)
        ledger.late_assignments += verdict.missed
        ledger.counted += sieve.count
        return Taken(sieve.left, read.times, lo, hi, self._keys.encode(columns), moves.before, verdict.stops)

    def _add(self, columns: Columns, taken: Taken, lo: int, hi: int) -> None:
        """Add rows [lo, hi) to their pieces."""
        take: U8 = (
            np.ones(hi - lo, np.uint8) if taken.mask is None else taken.mask[lo:hi].astype(np.uint8)
        )
        slots, _ = self._pieces.admit(taken.keys[lo:hi], taken.lo[lo:hi], taken.hi[lo:hi], take)
        self._store.reserve(self._pieces.capacity)
        times = taken.times[lo:hi]
        self._store.update(Batch(slots, times, self._sequence + lo), columns, lo, hi)
        if self._extents is not None:
            self._extents.resize(self._pieces.capacity)
            self._extents.update(slots, times)
        if self.job.corrects:
            touched = np.unique(slots)
            self._publisher.touched(touched[touched >= 0], self._watermark)

    def _advance(self, watermark: int) -> Iterator[Publication]:
        if watermark == self._watermark:
            return
        since, self._watermark = self._watermark, watermark
        self.ledger.watermark = watermark
        for publication in self._publisher.advance(since, watermark):
            self.ledger.rows += 0 if publication.changelog is None else len(publication.changelog)
            self.ledger.corrections += publication.corrections
            self.ledger.retractions += publication.retractions
            yield publication


class Sieve:
    """Rows that are left when those of each bucket are taken out, one bucket after the other."""

    def __init__(self, rows: int) -> None:
        self.left: Mask | None = None
        self.count = rows

    def remove(self, bucket: Mask | None) -> int:
        """Take out the rows of a bucket that no bucket before it had; how many there were."""
        if bucket is None or not bucket.any():
            return 0
        left = ~bucket if self.left is None else self.left & ~bucket
        before, self.left = self.count, left
        self.count = int(np.count_nonzero(left))
        return before - self.count
