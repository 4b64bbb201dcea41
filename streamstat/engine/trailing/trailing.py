"""Trailing windows: for each group and distinct event time t, the events in [t - size, t]; fires when W passes t.

The events of size + delay + allowed lateness are kept, sorted; a row is a range of them, and all rows that fire
together are read in one sweep that adds events in front and takes them out behind. Lateness is the event's, as in
SQL's OVER.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np

from streamstat.aggregates import Place
from streamstat.engine.changelog import Changelog
from streamstat.engine.columns import Columns
from streamstat.engine.keys import Keys
from streamstat.engine.results import Windows
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Publication
from streamstat.engine.trailing.intake import TrailingIntake
from streamstat.engine.trailing.trail import Trail, join
from streamstat.engine.trailing.waiting import Waiting
from streamstat.input.events import no_events
from streamstat.kernels import arrange_trail
from streamstat.plan.job import Job
from streamstat.states import Batch
from streamstat.values.columns import (
    I32,
    I64,
    MINUS_INFINITY,
    PLUS_INFINITY,
    ResultField,
    Rows,
    integers,
    take_rows,
)
from streamstat.values.packing import Packer, Unpacker
from streamstat.windows import TrailingWindow, all_ahead, behind


class Trailing:
    """The strategy for trailing windows."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        self._job, self._keys, self._store = job, keys, store
        self._size = cast(TrailingWindow, job.kept).size_us
        self._trail: Trail | None = None  # events whose rows have fired, sorted
        self._waiting = Waiting(job.corrects)
        self._changelog = None
        if job.corrects:
            self._changelog = Changelog(keys, shaping, job.fields, job.late == "retract")

    def live(self) -> I32:
        """No slots are in use: what is kept is kept by event."""
        return np.empty(0, np.int32)

    def snapshot(self) -> bytes:
        """The events that rows still need, and what was published of them."""
        nothing = self._nothing()
        packer = Packer().flag("owed", self._waiting.owed)
        (nothing if self._trail is None else self._trail).pack(packer)
        (self._waiting.joined() or nothing).pack(packer)
        if self._changelog is not None:
            packer.blob("changelog", self._changelog.snapshot())
        return packer.packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were; after the keys."""
        unpacker, nothing = Unpacker(snapshot), self._nothing()
        self._waiting.owed = unpacker.flag("owed")
        self._trail = nothing.unpack(unpacker, len(self._keys), fresh=False)
        waiting = nothing.unpack(unpacker, len(self._keys), fresh=True)
        if len(waiting):
            self._waiting.add(waiting)
        if self._changelog is not None:
            self._changelog.restore(unpacker.blob("changelog"))
        unpacker.end()

    def _nothing(self) -> Trail:
        """A trail of no events, which shows what cells there are."""
        job, none = self._job, np.empty(0, np.int64)
        columns = Columns(no_events(job.needs))
        cells = self._store.keep(Batch(self.live(), none, 0), columns, 0, 0)
        return Trail(self.live(), none, np.empty(0, np.bool_), cells)

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        fields = self._job.fields
        if self._changelog is not None:
            return self._changelog.fields
        return fields, fields

    def closing(self, times: I64) -> I64:
        """When an event is late."""
        return all_ahead(times, self._job.lateness_us + 1)

    def outside(self, times: I64) -> None:
        """Every event ends a window."""

    def begin(self, candidates: Candidates) -> TrailingIntake:
        """A block comes: judge its events."""
        return TrailingIntake(self._job, self._store, self._waiting, candidates)

    def still_open(self, watermark: int) -> dict[str, int]:
        """How many event times of a group have no row yet."""
        return {"windows": self._waiting.rows}

    def promised(self, watermark: int) -> int:
        """The size of a window before all events to come; with corrections, also before those whose row is owed."""
        changing = min(behind(watermark, self._job.lateness_us), self._waiting.earliest)
        return behind(changing, self._size)

    @property
    def fired_by(self) -> int:
        """Just past the last event, which may have fired."""
        latest = self._waiting.latest
        if self._trail is not None:
            latest = max(latest, int(self._trail.times.max(initial=MINUS_INFINITY)))
        return latest + 1 if latest != MINUS_INFINITY else MINUS_INFINITY

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish the rows of event times in [since, until), and the changed rows before them."""
        if (fires := self._waiting.firing(since, until)) is not None:
            yield from self._publish(fires, since, until)
        elif self._changelog is not None and until == PLUS_INFINITY:
            yield self._changelog.publish([], until)

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """All windows fire."""
        return self.advance(since, PLUS_INFINITY)

    def close(self, watermark: int) -> Iterator[Publication]:
        """Publish the rows that late events changed, and those that are closed, as if one fired."""
        if self._changelog is None:
            return
        if (fires := self._waiting.all_taken_out()) is not None:
            yield from self._publish(fires, watermark, watermark)
        else:
            yield self._changelog.publish([], self._closed(watermark))

    def _publish(self, fires: Trail, since: int, until: int) -> Iterator[Publication]:
        settled = 0 if self._trail is None else len(self._trail)
        trail = fires if self._trail is None else join([self._trail, fires])
        order, ends, lo = arrange_trail(trail.keys, trail.times, settled, self._size)
        trail, hi = trail.at(order), ends + 1
        added = np.concatenate([np.zeros(1, np.int64), np.cumsum(trail.fresh)])
        wanted = added[hi] > added[lo]
        wanted &= trail.times[ends] < until
        windows, rows = self._rows(trail, ends[wanted], lo[wanted], hi[wanted])
        if self._changelog is None:
            yield Publication(rows, rows)
        else:
            self._waiting.owed = False
            yield self._changelog.publish([(self._changelog.admit(windows), rows)], self._closed(until))
        needed = trail.times >= behind(behind(until, self._job.lateness_us), self._size)
        self._trail = trail.seen().at(np.flatnonzero(needed))

    def _closed(self, watermark: int) -> int:
        """Rows of event times up to this one can change no more."""
        closed = behind(watermark, self._job.lateness_us)
        return closed if closed in (MINUS_INFINITY, PLUS_INFINITY) else closed - 1

    def _rows(self, trail: Trail, ends: I64, lo: I64, hi: I64) -> tuple[Windows, Rows]:
        """The result rows over events [lo, hi), each ending with the event at `ends`, in row order."""
        m = len(ends)
        place = Place(np.arange(m, dtype=np.int32), np.full(m, self._size))
        results = self._store.swept(trail.cells, lo, hi, place)
        times, keys = trail.times[ends], trail.keys[ends]
        columns = [integers(times - self._size), integers(times), *self._keys.columns(keys), *results]
        rows = Rows(self._job.fields, tuple(columns))
        order = self._keys.row_order(keys, times)
        none: I32 = np.empty(0, np.int32)
        windows = Windows(keys[order], times[order] - self._size, times[order], none.astype(np.int64), none)
        return windows, take_rows(rows, order)
