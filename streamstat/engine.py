"""The engine: blocks of events in, publications out. It reads no clock and no file, and names no plug-in.

For each event, in input order: is it late, with the watermark as it stands; add it to its windows; move the watermark.
A block is worked on as columns; it is cut only where a window must fire between two of its events.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from streamstat.batch import I64, MINUS_INFINITY, Mask, ResultField
from streamstat.columns import Columns
from streamstat.decode import Events
from streamstat.job import Job
from streamstat.keys import Keys
from streamstat.ledger import Ledger
from streamstat.panes import Panes
from streamstat.progress import Progress
from streamstat.sessions import Sessions
from streamstat.store import Store
from streamstat.strategy import Candidates, Publication, Strategy
from streamstat.trailing import Trailing
from streamstat.workers import ALONE, Workers

STRATEGIES: dict[str, Callable[[Job, Keys, Store], Strategy]] = {
    "panes": Panes,
    "sessions": Sessions,
    "trailing": Trailing,
}


class Engine:
    """Runs a job. Feed inputs in order: begin_input, push their blocks, and finish at the end of all."""

    def __init__(self, job: Job, workers: Workers = ALONE) -> None:
        self.job = job
        self.ledger = Ledger()
        self.late_rows: I64 = np.empty(0, np.int64)  # of the block pushed last
        self._progress = Progress(job)
        self._keys = Keys(job.groups)
        self._store = Store(job.measures, workers)
        self._strategy: Strategy = STRATEGIES[job.window.shape](job, self._keys, self._store)
        self._watermark = MINUS_INFINITY
        self._sequence = 0

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        return self._strategy.fields

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
        sieve, times, before = self._triage(events, columns)
        keys = self._keys.encode(columns)
        candidates = Candidates(columns, times, keys, before, sieve.left, self._sequence)
        self.ledger.unassigned += sieve.remove(self._strategy.begin(candidates))
        late, begin = [], 0
        while begin < events.rows:
            yield from self._advance(int(before[begin]))
            taken = self._strategy.take(begin)
            if taken.late is not None:
                late.append(np.flatnonzero(taken.late) + begin)
            self.ledger.late_assignments += taken.missed
            begin = taken.end
        self._count(sieve, columns, late)
        self._sequence += events.rows
        yield from self._advance(self._progress.watermark)

    def finish(self) -> Iterator[Publication]:
        """The end of all inputs: every window fires."""
        self._progress.finish()
        yield from self._advance(self._progress.watermark)

    def _triage(self, events: Events, columns: Columns) -> tuple["Sieve", I64, I64]:
        """Put rows in the buckets that come before windows; event times, and the watermark before each row."""
        job, ledger = self.job, self.ledger
        promises = None if job.punctuation is None else events.present(job.punctuation)
        read = job.clock.read(events, promises)
        moves = self._progress.advance(events, read, promises)
        ledger.uncorrected += read.uncorrected
        ledger.clock_jumps += read.clock_jumps
        ledger.max_lateness_us = self._progress.max_lateness
        ledger.bad_values += moves.unreadable
        sieve = Sieve(events.rows)
        ledger.punctuation += sieve.remove(promises)
        ledger.no_time += sieve.remove(read.missing)
        ledger.future += sieve.remove(read.future)
        if job.where is not None:
            ledger.filtered += sieve.remove(~columns.condition(job.where))
        return sieve, read.times, moves.before

    def _count(self, sieve: "Sieve", columns: Columns, late: list[I64]) -> None:
        if late:
            self.late_rows = np.concatenate(late)
            self.ledger.late += len(self.late_rows)
        self.ledger.counted += sieve.count - len(self.late_rows)
        self.ledger.bad_values += columns.bad_values

    def _advance(self, watermark: int) -> Iterator[Publication]:
        if watermark == self._watermark:
            return
        since, self._watermark = self._watermark, watermark
        self.ledger.watermark = watermark
        for publication in self._strategy.advance(since, watermark):
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
