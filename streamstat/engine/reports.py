"""One report of a pass: what it keeps of the stream and the rows that it gives. Several share blocks and watermark.

Each is asked for every event that has a time: does it want it, was it there before, is it late; then it is added to
its windows. What a report gives does not depend on which others there are.
"""

from collections.abc import Generator, Iterator, Mapping
from typing import Any

import numpy as np

from streamstat.common.workers import Workers
from streamstat.engine.asides import first_unread, mark_unread
from streamstat.engine.choosing import chosen_rows
from streamstat.engine.columns import Columns
from streamstat.engine.counting import count_rest, count_rows, first_unreadable, numbered
from streamstat.engine.fired import Fired
from streamstat.engine.keys import Keys
from streamstat.engine.ledger import Ledger
from streamstat.engine.partial import Divided
from streamstat.engine.presenting import presented
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategies import strategy_of
from streamstat.engine.strategy import (
    UNREADABLE_PROMISE,
    Candidates,
    Examined,
    Halted,
    Late,
    OfChanges,
    OfTimes,
    Outcome,
    Present,
    Publication,
    Telling,
    UnreadableRecords,
    Whole,
)
from streamstat.engine.triage import NO_ROWS, Sieve, Triage, marked, stretched
from streamstat.engine.unique import Unique
from streamstat.event_time.clock import FOR_EVER
from streamstat.event_time.fields import HIGHEST, LOWEST
from streamstat.plan.job import Job
from streamstat.values.columns import I64, MINUS_INFINITY, PLUS_INFINITY, Mask, ResultField
from streamstat.values.packing import Part


class ReportEngine:
    """A job over events that somebody else has read and dated. `ledger`: where it counts what becomes of them."""

    def __init__(self, number: int, job: Job, ledger: Ledger, workers: Workers, sizes: Sizes) -> None:
        self.number, self.job, self.ledger = number, job, ledger
        self._keys = Keys(job.groups, job.max_groups, sizes, can_be_limited=job.columns is None)
        self._store = Store(job.measures, workers, sizes, job.row_states, keeps_more=job.states)
        self._shaping = Shaping(job, sizes)
        self._completeness = self._shaping.completeness
        self._strategy = strategy_of(job, self._keys, self._store, self._shaping, sizes)
        self.pieces = Divided(self._strategy, self._keys, self._store)
        self._replaces = isinstance(self._strategy, Whole)
        self._unique = [Unique(each, self._strategy) for each in job.each_stream if each.unique]
        self._fired = Fired()
        self._refused: list[tuple[int, str]] = []  # of the block at hand
        self._unreadable: list[UnreadableRecords] = []

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of the report file."""
        changelog, report = self._strategy.fields
        if self.job.corrects:
            return changelog, report
        return self._shaping.widened(changelog), self._shaping.widened(report)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know of them."""
        own = self._strategy.warnings if isinstance(self._strategy, Telling) else ()
        return (*self._keys.warnings, *self._store.warnings, *self._shaping.warnings, *own)

    @property
    def figures(self) -> dict[str, Any]:
        """What `--stats` has beside the ledger."""
        return self._strategy.figures if isinstance(self._strategy, Telling) else {}

    @property
    def changes(self) -> str | None:
        """The format of the log of changes, if it reads one and knows it."""
        return self._strategy.changes if isinstance(self._strategy, OfChanges) else None

    def tell_time(self, job: Job) -> None:
        """The field that holds the time is known by now, and the job says it."""
        self.job = job
        if isinstance(self._strategy, OfTimes):
            self._strategy.tell_time(job)

    def tell_changes(self, job: Job) -> None:
        """It is known by now, and the job says it."""
        self.job = job
        if isinstance(self._strategy, OfChanges):
            self._strategy.tell_changes(job)

    @property
    def watermark(self) -> int:
        """Up to where its windows have fired: that of the stream, or a later one that was promised to it alone."""
        return self._fired.watermark

    @property
    def still_open(self) -> Mapping[str, int]:
        """How much of what waits for the watermark, by what it is."""
        return self._strategy.still_open(self.watermark)

    def present(self, most: int) -> Present | None:
        """The last rows of open windows as they would be published now; None of what has no such rows."""
        return presented(self._strategy, self.job, self._store, self._shaping, self.watermark, most)

    @property
    def promise(self) -> int:
        """The time before which no later row begins; MINUS_INFINITY while there is none, and at the end of input."""
        if not self.job.promises or self.watermark in (MINUS_INFINITY, PLUS_INFINITY):
            return MINUS_INFINITY
        promise = self._strategy.promised(self.watermark)
        return promise if LOWEST <= promise <= HIGHEST else MINUS_INFINITY

    @property
    def parts(self) -> dict[str, Part]:
        """All that is state, in the order in which it is restored."""
        kept, strategy = self.job.kept.shape, self._strategy
        parts: dict[str, Part] = {"fired": self._fired, "keys": self._keys, kept: strategy}
        for stream, unique in zip(self.job.each_stream, self._unique, strict=False):
            parts[f"{stream.name}/unique" if self.job.streams else "unique"] = unique
        if self._completeness is not None:
            parts["completeness"] = self._completeness
        return parts | self._store.parts(self._strategy.live)

    def first_fault(self, columns: Columns, triage: Triage) -> Halted | None:
        """The first row that a strict run does not take."""
        lost = ((triage.undated, None), (triage.promises, UNREADABLE_PROMISE))
        faults = [Halted(int(rows[0]), call) for rows, call in lost if len(rows)]
        asked, sieve = chosen_rows(self.job, columns, triage)
        wrong = self._store.first_wrong(columns, sieve.left)
        unread = first_unread(columns, self.job.each_stream[triage.stream], triage.asked_rows(asked, sieve))
        faults += [each for each in (wrong, unread) if each is not None]
        faults += first_unreadable(self._strategy, columns, sieve.left, self.number)
        first = min(faults, key=lambda each: each.row, default=None)
        return None if first is None else Halted(first.row, first.call, self.number, first.reason)

    def take(
        self, columns: Columns, triage: Triage, sequence: int, end: int | None = None
    ) -> Iterator[Outcome]:
        """Count the events of a block: what fires, and behind it the rows that came too late, and what was asked.

        sequence: the number of its first row in the stream. end: the row before which a strict run has ended.
        """
        asked, sieve = chosen_rows(self.job, columns, triage)
        if end is not None:
            yield from self._before(columns, triage, sieve, sequence, end)
            return
        self.ledger.filtered += triage.dated.count - sieve.count
        late = yield from self._take(columns, triage, sieve, sequence, sieve.rows)
        unreadable, self._unreadable = self._unreadable, []
        self.ledger.late += len(late)
        self.ledger.counted += sieve.count - len(late) - sum(len(each.rows) for each in unreadable)
        yield from unreadable
        if columns.has_unread:
            mark_unread(columns, self.job.each_stream[triage.stream], triage.asked_rows(asked, sieve, late))
        self.ledger.bad_values += columns.bad_values
        yield from self.advance(triage.after)
        if len(late):
            yield Late(late, self.number)
        dated, promises = triage.dated.left, triage.promises
        refused, self._refused = tuple(self._refused), []
        told = (promises, self.number, refused, triage.stream)
        yield Examined(columns, triage.undated, dated, asked, sieve.left, *told)

    def _before(
        self, columns: Columns, triage: Triage, sieve: Sieve, sequence: int, end: int
    ) -> Iterator[Publication]:
        """What fires up to a row, as if the block ended in front of it."""
        sieve.remove(np.arange(sieve.rows) >= end)
        yield from self._take(columns, triage, sieve, sequence, end)
        yield from self.advance(min(int(triage.before[end]), triage.others))

    def _take(
        self, columns: Columns, triage: Triage, sieve: Sieve, sequence: int, n: int
    ) -> Generator[Publication, None, I64]:
        """Add the rows that are left to their windows, and fire windows in between; gives the rows that are late."""
        before, begin, lost = self._watermarks(triage), 0, [NO_ROWS]
        for end, duplicates in self._stretches(columns, triage, before, sieve):
            self.ledger.duplicate += sieve.remove(duplicates)
            left = sieve.left if end - begin == sieve.rows else sieve.within(begin, end)
            candidates = self._candidates(columns, triage, before, left, sequence, min(end, n))
            outside, late = yield from self._add(candidates, begin, triage)
            self.ledger.unassigned += sieve.remove(stretched(outside, begin, sieve.rows))
            if self._unique:
                self._unique[triage.stream].settle(marked(late, end))
            lost.append(late)
            begin = end
        return np.concatenate(lost)

    def _stretches(
        self, columns: Columns, triage: Triage, before: I64, sieve: Sieve
    ) -> Iterator[tuple[int, Mask | None]]:
        """Behind which rows a block is cut, and where the duplicates are before each."""
        if not self._unique:
            return iter([(sieve.rows, None)])
        return self._unique[triage.stream].sift(columns, triage.times, before, sieve.left)

    def _watermarks(self, triage: Triage) -> I64:
        """The watermark before each row, which for this report may be ahead of that of the stream."""
        is_ahead = len(triage.before) and triage.before[0] < self.watermark
        return np.maximum(triage.before, self.watermark) if is_ahead else triage.before

    def _candidates(
        self, columns: Columns, triage: Triage, before: I64, left: Mask | None, sequence: int, end: int
    ) -> Candidates:
        """The rows before `end` that are left, with their keys."""
        keys = self._keys.encode(columns, left)[:end]
        left = None if left is None else left[:end]
        undated = None if triage.missing is None else triage.missing[:end]
        stood = (before[:end], left, sequence, triage.stream, undated, triage.input)
        return Candidates(columns, triage.times[:end], keys, *stood)

    def _add(
        self, candidates: Candidates, begin: int, triage: Triage
    ) -> Generator[Publication, None, tuple[Mask | None, I64]]:
        """Add rows to their windows, from `begin` on: those that fall in no window, and those that are late."""
        intake, late = self._strategy.begin(candidates), [NO_ROWS]
        while begin < len(candidates.times):
            watermark = min(int(candidates.before[begin]), triage.others)
            if watermark > self.watermark:  # else it may be one that was promised to this report alone
                yield from self.advance(watermark)
            taken = intake.take(begin)
            if taken.end == begin:  # of a state in which windows are due that have fired
                raise ValueError("fired: a watermark that its windows do not know")
            if taken.late is not None:
                late.append(np.flatnonzero(taken.late) + begin)
            self.ledger.late_assignments += taken.missed
            self.ledger.bad_queries += len(taken.refused)
            self._refused += taken.refused
            if taken.unreadable is not None:
                self.ledger.bad += len(taken.unreadable.rows)
                self._unreadable.append(taken.unreadable)
            yield from self._counted(iter(taken.published))
            if self._completeness is not None:
                self._completeness.take(candidates.columns.events, triage, begin, taken.end)
            begin = taken.end
        return intake.outside, np.concatenate(late)

    def advance(self, watermark: int) -> Iterator[Publication]:
        """The watermark of the stream stands here: what fires."""
        if self._completeness is not None:
            self._completeness.reached(watermark)
        yield from self._fire(watermark)

    def _fire(self, watermark: int) -> Iterator[Publication]:
        """The watermark of the report is this one from now on, whatever that of the stream is."""
        if watermark <= self.watermark:
            return
        since, self._fired.watermark = self.watermark, watermark
        yield from self._counted(self._strategy.advance(since, watermark))
        if self._completeness is not None and self.job.listens:
            self._completeness.forget(self._strategy.promised(watermark))

    def finish(self, newest: int) -> Iterator[Publication]:
        """All input has ended. newest: the latest time of an event or a promise."""
        since, self._fired.watermark = self.watermark, PLUS_INFINITY
        if since < PLUS_INFINITY:
            yield from self._counted(self._strategy.finish(since, newest))

    def fire_all(self) -> Iterator[Publication]:
        """Nothing more is expected for the windows that are open: all fire, and what still comes for them is late."""
        while self.watermark < (newest := self._strategy.fired_by) < PLUS_INFINITY:
            yield from self._fire(newest)  # by which an absence may have begun

    def flush(self) -> Iterator[Publication]:
        """Every window that holds an event fires and closes, or has: what still comes for one of them is late."""
        end, lateness = self._strategy.fired_by, self.job.lateness_us
        if end == PLUS_INFINITY:
            return (yield from self._fire(end))
        if end != MINUS_INFINITY:
            yield from self._fire(min(end + (lateness if lateness < FOR_EVER else 0), HIGHEST))
            yield from self.fire_all()
        if self.watermark != MINUS_INFINITY:
            yield from self._counted(self._strategy.close(self.watermark))

    def whole(self, *, last: bool) -> Iterator[Publication]:
        """The report as it stands, of a strategy whose report is replaced. last: all has been read."""
        if isinstance(self._strategy, Whole):
            yield from self._counted(self._strategy.whole(last=last))

    def _counted(self, publications: Iterator[Publication]) -> Iterator[Publication]:
        if not (self.job.corrects or self._shaping.is_nothing):
            publications = self._shaping.once(publications)
        for publication in publications:
            count_rows(self.ledger, publication, self._replaces and not self.job.tells_changes)
            count_rest(self.ledger, publication)
            yield numbered(publication, self.number)
