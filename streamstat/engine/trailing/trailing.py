"""Trailing windows: for each group and distinct event time t, the events in [t - size, t]; fires when W passes t.

The events of size + delay + allowed lateness are kept, sorted; a row is a range of them, and all rows that fire
together are read in one sweep that adds events in front and takes them out behind. Lateness is the event's, as in
SQL's OVER.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np

from streamstat.aggregates import Place
from streamstat.engine.changelog import KIND, REVISION, Changelog
from streamstat.engine.columns import Columns
from streamstat.engine.keys import Keys
from streamstat.engine.results import Windows
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Publication, Taken
from streamstat.engine.trailing.trail import Trail, join
from streamstat.input.formats.ndjson import Projection, decode_bytes
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
from streamstat.windows import TrailingWindow, all_behind, behind


class Trailing:
    """The strategy for trailing windows."""

    def __init__(self, job: Job, keys: Keys, store: Store) -> None:
        self._job, self._keys, self._store = job, keys, store
        self._size = cast(TrailingWindow, job.window).size_us
        self._trail: Trail | None = None  # events whose rows have fired, sorted
        self._waiting: list[Trail] = []  # the others, as they came
        self._earliest = PLUS_INFINITY  # time among those
        self._changelog = Changelog(keys, job.fields, job.late == "retract") if job.corrects else None
        self._owed = False  # late events have changed rows since the last firing

    def live(self) -> I32:
        """No slots are in use: what is kept is kept by event."""
        return np.empty(0, np.int32)

    def snapshot(self) -> bytes:
        """The events that rows still need, and what was published of them."""
        nothing = self._nothing()
        packer = Packer().flag("owed", self._owed)
        (nothing if self._trail is None else self._trail).pack(packer)
        (join(self._waiting) if self._waiting else nothing).pack(packer)
        if self._changelog is not None:
            packer.blob("changelog", self._changelog.snapshot())
        return packer.packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were; after the keys."""
        unpacker, nothing = Unpacker(snapshot), self._nothing()
        self._owed = unpacker.flag("owed")
        self._trail = nothing.unpack(unpacker, len(self._keys), fresh=False)
        waiting = nothing.unpack(unpacker, len(self._keys), fresh=True)
        if len(waiting):
            self._waiting, self._earliest = [waiting], int(waiting.times.min())
        if self._changelog is not None:
            self._changelog.restore(unpacker.blob("changelog"))
        unpacker.end()

    def _nothing(self) -> Trail:
        """A trail of no events, which shows what cells there are."""
        job, none = self._job, np.empty(0, np.int64)
        columns = Columns(decode_bytes(Projection(job.needs, job.time_unit, job.time_format), b""))
        cells = self._store.keep(Batch(self.live(), none, 0), columns, 0, 0)
        return Trail(self.live(), none, np.empty(0, np.bool_), cells)

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        fields = self._job.fields
        if self._changelog is not None:
            return (*fields, REVISION, KIND), (*fields, REVISION)
        return fields, fields

    def begin(self, candidates: Candidates) -> None:
        """A block comes: judge its events, and find those that change rows published before them."""
        self._block = candidates
        closed = all_behind(candidates.before, self._job.lateness_us)
        late = candidates.times < closed
        self._left = ~late if candidates.left is None else candidates.left & ~late
        self._late = late if candidates.left is None else late & candidates.left
        behind_rows = self._left & (candidates.times < candidates.before)
        self._behind = np.flatnonzero(behind_rows)
        self._moves = np.flatnonzero(candidates.before[1:] != candidates.before[:-1]) + 1

    def take(self, begin: int) -> Taken:
        """Keep rows from `begin` on; with corrections up to where late events meet a firing."""
        block = self._block
        end = len(block.times) if self._changelog is None else self._stop(begin)
        part = slice(begin, end)
        slots = np.where(self._left[part], np.int32(0), np.int32(-1))
        batch = Batch(slots, block.times[part], block.sequence + begin)
        cells = self._store.keep(batch, block.columns, begin, end)
        rows = np.flatnonzero(slots >= 0)
        if len(rows):
            fresh = np.ones(end - begin, np.bool_)
            events = Trail(block.keys[part], block.times[part], fresh, cells).at(rows)
            self._waiting.append(events)
            self._earliest = min(self._earliest, int(events.times.min()))
        late = self._late[part]
        return Taken(end, late if late.any() else None)

    def _stop(self, begin: int) -> int:
        """Late events are added after all that fires before them, and alone until the watermark moves again."""
        n = len(self._block.times)
        place = np.searchsorted(self._behind, begin)
        first = int(self._behind[place]) if place < len(self._behind) else n
        if first > begin and not self._owed:
            return first
        self._owed = self._owed or first == begin
        move = np.searchsorted(self._moves, begin, side="right")
        return int(self._moves[move]) if move < len(self._moves) else n

    def open_windows(self, watermark: int) -> int:
        """How many event times of a group have no row yet."""
        waiting = [np.stack([each.keys, each.times]) for each in self._waiting]
        return np.unique(np.concatenate(waiting, axis=1), axis=1).shape[1] if waiting else 0

    @property
    def fired_by(self) -> int:
        """Just past the last event, which may have fired."""
        trails = [*self._waiting, *([] if self._trail is None else [self._trail])]
        return max((int(each.times.max()) + 1 for each in trails if len(each)), default=MINUS_INFINITY)

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish the rows of event times in [since, until), and the changed rows before them."""
        if self._waiting and (fires := self._fires(since, until)) is not None:
            yield from self._publish(fires, since, until)
        elif self._changelog is not None and until == PLUS_INFINITY:
            yield self._changelog.publish([], until)

    def close(self, watermark: int) -> Iterator[Publication]:
        """Publish the rows that late events changed, and those that are closed, as if one fired."""
        if self._changelog is None:
            return
        if self._waiting:
            fires, self._waiting, self._earliest = join(self._waiting), [], PLUS_INFINITY
            yield from self._publish(fires, watermark, watermark)
        else:
            yield self._changelog.publish([], self._closed(watermark))

    def _fires(self, since: int, until: int) -> Trail | None:
        """The waiting events before `until`, if a row fires or at the end of input; the others wait on."""
        if self._earliest >= until:
            return None
        waiting = join(self._waiting)
        due = waiting.times < until
        if (
            self._changelog is not None
            and until != PLUS_INFINITY
            and not (due & (waiting.times >= since)).any()
        ):
            self._waiting = [waiting]
            return None
        self._waiting = [] if due.all() else [waiting.at(np.flatnonzero(~due))]
        self._earliest = int(self._waiting[0].times.min()) if self._waiting else PLUS_INFINITY
        return waiting.at(np.flatnonzero(due))

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
            self._owed = False
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
