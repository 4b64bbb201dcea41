"""The engine: blocks of events in, publications out. It reads no clock and no file, and names no plug-in.

For each event, in input order: is it late, with the watermark as it stands; add it to its windows; move the watermark.
A block is worked on as columns; it is cut only where a window must fire between two of its events.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from streamstat.common.workers import ALONE, Workers
from streamstat.engine.asides import computed_times, first_unread, mark_unread
from streamstat.engine.columns import Columns
from streamstat.engine.keys import Keys
from streamstat.engine.ledger import Ledger
from streamstat.engine.panes.panes import Panes
from streamstat.engine.sessions.sessions import Sessions
from streamstat.engine.sizes import SIZES, Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import (
    UNREADABLE_PROMISE,
    Candidates,
    Halted,
    Late,
    Outcome,
    Publication,
    Strategy,
)
from streamstat.engine.trailing.trailing import Trailing
from streamstat.engine.triage import Sieve, Triage, sorted_out
from streamstat.event_time.clock import FOR_EVER
from streamstat.event_time.devices import DeviceClocks
from streamstat.event_time.fields import HIGHEST, TimeFields, Years
from streamstat.event_time.watermark import Watermark
from streamstat.input.events import Events
from streamstat.plan.job import Job
from streamstat.values.columns import I64, MINUS_INFINITY, PLUS_INFINITY, ResultField
from streamstat.values.packing import Packer, Part, Unpacker, restore_all, snapshots

STRATEGIES: dict[str, Callable[[Job, Keys, Store, Sizes], Strategy]] = {
    "panes": Panes,
    "sessions": Sessions,
    "trailing": Trailing,
}


class Engine:
    """Runs a job. Feed inputs: begin_input, push blocks, end_input; in turns if need be; finish at the end of all.

    strict: stop before the first event that has no time, or a value of the wrong type.
    """

    def __init__(
        self, job: Job, workers: Workers = ALONE, sizes: Sizes = SIZES, *, strict: bool = False
    ) -> None:
        self.job, self._strict = job, strict
        self.ledger = Ledger()
        self._years, self._devices = Years(job.clock.year), DeviceClocks()
        self._watermark = Watermark(job.clock, job.producer, job.punctuation, job.delay_us, job.idle_us)
        self._keys = Keys(job.groups, job.max_groups, sizes)
        self._store = Store(job.measures, workers, sizes)
        self._strategy: Strategy = STRATEGIES[job.kept.shape](job, self._keys, self._store, sizes)
        self._place = Position()

    @property
    def time_field(self) -> str | None:
        """The field that `tell_time` named, in this run or before a restore."""
        return self._place.time

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        return self._strategy.fields

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know of them."""
        return (*self._keys.warnings, *self._store.warnings)

    @property
    def open_windows(self) -> int:
        """How many windows hold events and have not fired."""
        return self._strategy.open_windows(self._place.watermark)

    @property
    def producers(self) -> list[tuple[str, int]]:
        """Each producer and its watermark."""
        return self._watermark.producers

    @property
    def parts(self) -> dict[str, Part]:
        """All that is state, in the order in which it is restored."""
        parts: dict[str, Part] = {"place": self._place, "ledger": self.ledger}
        parts |= {"years": self._years, "devices": self._devices, "watermark": self._watermark}
        parts |= {"keys": self._keys, self.job.kept.shape: self._strategy}
        return parts | self._store.parts(self._strategy.live)

    def snapshot(self) -> dict[str, bytes]:
        """The state as it stands between two blocks, as bytes by part."""
        return snapshots(self.parts)

    def restore(self, parts: Mapping[str, bytes]) -> None:
        """Become what an engine of the same job was. Only before anything is pushed.

        ValueError for anything else than a snapshot of such an engine; this one is of no more use then.
        """
        restore_all(self.parts, parts)
        if self._place.time is not None:
            self.tell_time(self._place.time)

    def begin_input(self, number: int, others_to_come: bool) -> None:
        """The blocks that follow are of this input; others come later, of which nothing is known yet."""
        self._years.begin_input(number)
        self._watermark.begin_input(number, others_to_come)

    def end_input(self, number: int) -> Iterator[Publication]:
        """No more will come of this input: it no longer counts for the watermark, and what waited for it fires."""
        self._years.end_input(number)
        self._watermark.end_input(number)
        yield from self._advance(self._watermark.time)

    def settle(self, others_to_come: bool) -> Iterator[Publication]:
        """All that is there by now has been read: what fires though the last input to begin had nothing.

        others_to_come: there are inputs of which nothing is known, which could not be had yet.
        """
        self._watermark.settle(others_to_come)
        yield from self._advance(self._watermark.time)

    def tell_time(self, path: str) -> None:
        """Event time is in this field, from the first event on."""
        self._place.time = path
        self.job = replace(self.job, clock=replace(self.job.clock, time=(path,)))
        self._watermark.clock = self.job.clock

    def push(self, events: Events, now_us: int | None = None) -> Iterator[Outcome]:
        """Take in a block: what fires, and behind it the rows that count nowhere, and the block as it was examined.

        `now_us`: no event may be much later, if nothing else says so. An engine that has stopped is of no more use.
        """
        self.ledger.lines += events.records
        self.ledger.blank += events.blank
        self.ledger.bad += events.records - events.blank - events.rows
        if not events.rows:
            return
        columns = Columns(events)
        self._watermark.clock = replace(self.job.clock, now_us=now_us)
        computed = computed_times(columns, self.job)
        fields = TimeFields(events, self._watermark.clock.input_zone, self._years, computed)
        triage = sorted_out(self.job, self.ledger, self._watermark, self._devices, fields, columns)
        sieve, stopped = triage.sieve, self._first_fault(columns, triage) if self._strict else None
        if stopped is not None:
            yield from self._before(stopped, columns, triage)
            return
        keys = self._keys.encode(columns, sieve.left)
        candidates = Candidates(columns, triage.times, keys, triage.before, sieve.left, self._place.sequence)
        late = yield from self._take(candidates, sieve)
        self.ledger.late += len(late)
        self.ledger.counted += sieve.count - len(late)
        if columns.has_unread:
            mark_unread(columns, self.job, triage.asked(late))
        self.ledger.bad_values += columns.bad_values
        self._place.sequence += events.rows
        yield from self._advance(self._watermark.time)
        if triage.refused is not None:
            yield triage.refused
        if len(late):
            yield Late(late)
        yield triage.examined(columns)

    def _first_fault(self, columns: Columns, triage: Triage) -> Halted | None:
        """The first row that a strict run does not take."""
        faults = [
            Halted(int(rows[0]), call)
            for rows, call in ((triage.undated, None), (triage.promises, UNREADABLE_PROMISE))
            if len(rows)
        ]
        sieve = triage.sieve
        wrong = self._store.first_wrong(columns, sieve.left)
        unread = first_unread(columns, self.job, triage.asked())
        faults += [each for each in (wrong, unread) if each is not None]
        return min(faults, key=lambda each: each.row, default=None)

    def _before(self, stopped: Halted, columns: Columns, triage: Triage) -> Iterator[Outcome]:
        """What fires up to a row, as if the block ended in front of it."""
        end, left = stopped.row, triage.sieve.left
        keys = self._keys.encode(columns, left)[:end]
        before = triage.before[:end]
        left = None if left is None else left[:end]
        candidates = Candidates(columns, triage.times[:end], keys, before, left, self._place.sequence)
        yield from self._take(candidates, Sieve(end))
        yield from self._advance(int(triage.before[end]))
        yield stopped

    def _take(self, candidates: Candidates, sieve: "Sieve") -> Generator[Publication, None, I64]:
        """Add the rows to their windows, and fire windows in between; gives the rows that are late."""
        intake = self._strategy.begin(candidates)
        self.ledger.unassigned += sieve.remove(intake.outside)
        late, begin, n = [], 0, len(candidates.times)
        while begin < n:
            yield from self._advance(int(candidates.before[begin]))
            taken = intake.take(begin)
            if taken.late is not None:
                late.append(np.flatnonzero(taken.late) + begin)
            self.ledger.late_assignments += taken.missed
            begin = taken.end
        return np.concatenate(late) if late else np.empty(0, np.int64)

    def fire_all(self) -> Iterator[Publication]:
        """Nothing more is expected for the windows that are open: all fire, and what still comes for them is late."""
        newest = self._strategy.fired_by
        if self._watermark.time < newest < PLUS_INFINITY:
            self._watermark.promise(newest)
            yield from self._advance(self._watermark.time)

    def finish(self) -> Iterator[Publication]:
        """The end of all inputs: every window fires."""
        self._watermark.finish()
        yield from self._advance(self._watermark.time)

    def flush(self) -> Iterator[Publication]:
        """Every window that holds an event fires and closes, or has: what still comes for one of them is late."""
        end, lateness = self._strategy.fired_by, self.job.lateness_us
        if end == PLUS_INFINITY:
            yield from self.finish()
            return
        if end != MINUS_INFINITY:
            self._watermark.promise(min(end + (lateness if lateness < FOR_EVER else 0), HIGHEST))
            yield from self._advance(self._watermark.time)
        if self._place.watermark != MINUS_INFINITY:
            yield from self._counted(self._strategy.close(self._place.watermark))

    def _advance(self, watermark: int) -> Iterator[Publication]:
        if watermark == self._place.watermark:
            return
        since, self._place.watermark = self._place.watermark, watermark
        self.ledger.watermark = watermark
        yield from self._counted(self._strategy.advance(since, watermark))

    def _counted(self, publications: Iterator[Publication]) -> Iterator[Publication]:
        for publication in publications:
            self.ledger.rows += 0 if publication.changelog is None else len(publication.changelog)
            self.ledger.corrections += publication.corrections
            self.ledger.retractions += publication.retractions
            yield publication


@dataclass(slots=True)
class Position:
    """Where in the stream the engine stands: the watermark up to which windows have fired, how many events there
    were, and the field that was found to hold the time."""

    watermark: int = MINUS_INFINITY
    sequence: int = 0
    time: str | None = None

    def snapshot(self) -> bytes:
        """All of it."""
        packer = Packer().integer("watermark", self.watermark).integer("sequence", self.sequence)
        packer.flag("found", self.time is not None)
        return packer.blob("time", (self.time or "").encode()).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        self.watermark, self.sequence = unpacker.integer("watermark"), unpacker.integer("sequence")
        found, time = unpacker.flag("found"), unpacker.blob("time").decode()
        self.time = time if found else None
        unpacker.end()
