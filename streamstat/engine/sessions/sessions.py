"""Session windows: events extend a session at either end, and can join two. Kept natively, in arrival order.

An event within the gap of a session that is not closed belongs to it, even where the event alone would be late; with
promises not where its session would begin before what is promised.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np

from streamstat import kernels
from streamstat.engine.keys import Keys
from streamstat.engine.results import Results, Windows
from streamstat.engine.sessions.corrections import Published
from streamstat.engine.sessions.intake import SessionIntake
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Present, Publication
from streamstat.plan.job import Job
from streamstat.values.columns import I32, I64, MINUS_INFINITY, PLUS_INFINITY, ResultField
from streamstat.values.packing import Packer, Unpacker, within
from streamstat.windows import SessionWindow, all_ahead, behind


class Sessions:
    """The strategy for sessions: one slot each, from their first event until they close."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        self._job, self._keys, self._store, self._sizes = job, keys, store, sizes
        self._gap = cast(SessionWindow, job.kept).gap_us
        self._kernel = kernels.Sessions(self._gap, job.lateness_us, job.corrects, job.promises, job.listens)
        self._results = Results(job, keys, store)
        self._published = None
        if job.corrects:
            retract = job.late == "retract"
            self._published = Published(shaping, self._results.fields, retract, self.live)

    def live(self) -> I32:
        """The slots of all sessions."""
        return self._kernel.live()

    def snapshot(self) -> bytes:
        """The sessions, and what was published of them."""
        packer = Packer().blob("sessions", self._kernel.snapshot())
        if self._published is not None:
            packer.blob("published", self._published.snapshot())
        return packer.packed()

    def restore(self, snapshot: bytes, /) -> None:
        """The sessions in the slots they had; after the keys, before the states in those slots."""
        unpacker = Unpacker(snapshot)
        self._kernel.restore(unpacker.blob("sessions"))
        within("sessions", self._kernel.at(self.live())[0], len(self._keys))
        if self._published is not None:
            self._published.restore(unpacker.blob("published"))
        unpacker.end()

    def pieces(self) -> tuple[I32, I32, I64, I64]:
        """All sessions, from the first to the last event of each."""
        slots = self.live()
        return slots, *self._kernel.at(slots)

    def admit(self, keys: I32, lo: I64, hi: I64) -> I32:
        """The sessions that these are part of, by now; what was apart before may be one."""
        slots, into, source = self._kernel.admit_spans(keys, lo, hi)
        self._store.reserve(self._kernel.capacity)
        if len(into):
            self._store.absorb(into, source)
            self._store.clear(source)
        return slots

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        if self._published is not None:
            return self._published.fields
        return self._results.fields, self._results.fields

    def closing(self, times: I64) -> I64:
        """When a session of this event alone would close; a longer one may take later events all the same."""
        return all_ahead(times, self._gap + self._job.lateness_us + 1)

    def outside(self, times: I64) -> None:
        """Every time is in some session."""

    def begin(self, candidates: Candidates) -> SessionIntake:
        """A block comes; no event is outside of all sessions."""
        return SessionIntake(self._kernel, self._store, self._published, candidates)

    def still_open(self, watermark: int) -> dict[str, int]:
        """How many sessions have not fired."""
        _, _, last = self._kernel.at(self.live())
        open_ = (
            int(np.count_nonzero(last >= watermark - self._gap)) if watermark != MINUS_INFINITY else len(last)
        )
        return {"windows": open_}

    def present(self, watermark: int, most: int) -> Present:
        """Sessions, each in its slot; of very many those with the newest events."""
        slots = self.live()
        _, _, last = self._kernel.at(slots)
        if watermark != MINUS_INFINITY:
            slots, last = slots[last >= watermark - self._gap], last[last >= watermark - self._gap]
        is_all = len(slots) <= most
        if not is_all:
            slots = slots[np.argpartition(last, -most)[-most:]]
        windows = self._windows(self._ordered(slots))
        return Present(self._results.rows(windows, self._kernel.capacity), is_all)

    def promised(self, watermark: int) -> int:
        """The watermark, or the earliest start of a session that is not closed, or of which a change is unpublished.
        Where nothing is promised, a session that is not late may still begin before the watermark."""
        promise = min(watermark, self._kernel.least_start(watermark))
        if not self._job.promises:
            promise = min(promise, behind(watermark, self._gap + self._job.lateness_us))
        if self._published is not None and len(changed := self._published.changed):
            promise = min(promise, int(self._kernel.at(changed)[1].min()))
        return promise

    @property
    def fired_by(self) -> int:
        """Just past the end of the newest session."""
        _, _, last = self._kernel.at(self.live())
        return int(last.max()) + self._gap + 1 if len(last) else MINUS_INFINITY

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish the sessions that fire."""
        fired = self._kernel.fire(until) if self._kernel.due(until) else np.empty(0, np.int32)
        if self._published is None:
            if len(fired):
                ordered, most = self._ordered(fired), self._sizes.published_at_once
                for begin in range(0, len(ordered), most):
                    windows = self._windows(ordered[begin : begin + most])
                    rows = self._results.rows(windows, self._kernel.capacity)
                    yield Publication(rows, rows)
                self._drop(fired)
        elif len(fired) or until == np.iinfo(np.int64).max:
            yield from self._publish(until)

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """All windows fire."""
        return self.advance(since, PLUS_INFINITY)

    def close(self, watermark: int) -> Iterator[Publication]:
        """Publish the changes, and the rows of sessions that are closed, as if one fired."""
        if self._published is not None:
            yield from self._publish(watermark)

    def _ordered(self, slots: I32) -> I32:
        """These sessions in row order."""
        keys, first, last = self._kernel.at(slots)
        return slots[self._keys.row_order(keys, last, first)]

    def _windows(self, slots: I32) -> Windows:
        """These sessions as windows."""
        keys, first, last = self._kernel.at(slots)
        return Windows(keys, first, last + self._gap, np.arange(len(slots)), slots)

    def _drop(self, slots: I32) -> None:
        self._kernel.drop(slots)
        self._store.clear(slots)

    def _publish(self, until: int) -> Iterator[Publication]:
        """Publish what fired and what changed since, and report what is closed."""
        published = self._published
        assert published is not None
        slots = published.changed
        _, _, last = self._kernel.at(slots)
        windows = self._windows(self._ordered(slots[(last + self._gap < until)]))
        changelog, corrections, retractions = None, 0, 0
        if len(windows):
            rows = self._results.rows(windows, self._kernel.capacity)
            changelog, corrections, retractions = published.publish(windows, rows)
        closed = self._kernel.closed(until)
        report = None
        if len(closed):
            report = published.close(self._ordered(closed))
            self._drop(closed)
        yield Publication(changelog, report, corrections, retractions)
