"""Windows made of panes with fixed edges. An event is added to one pane, whatever the overlap.

Decides where a block is cut: only where a window must fire before an event is added to one of its panes.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np

from streamstat.engine.changelog import KIND, REVISION
from streamstat.engine.keys import Keys
from streamstat.engine.panes.corrections import Again
from streamstat.engine.panes.lateness import judge
from streamstat.engine.panes.pieces import LivePanes, Publisher
from streamstat.engine.panes.publish import Once
from streamstat.engine.panes.spans import Spans
from streamstat.engine.results import Results
from streamstat.engine.store import Slotted, Store
from streamstat.engine.strategy import Candidates, Publication, Taken
from streamstat.kernels import Extents, PieceTable
from streamstat.plan.job import Job
from streamstat.states import Batch
from streamstat.values.columns import I32, MINUS_INFINITY, Mask, ResultField, ones
from streamstat.values.packing import Packer, Unpacker, within
from streamstat.windows import PaneWindow

ALL: I32 = np.zeros(1, np.int32)  # the slot of what all pieces together reach over, as their windows do


class Panes:
    """The strategy for windows with fixed edges."""

    def __init__(self, job: Job, keys: Keys, store: Store) -> None:
        self._job, self._keys, self._store = job, keys, store
        self._window = cast(PaneWindow, job.window)
        self._pieces = PieceTable()
        self._extents = Extents() if self._window.grows else None
        if self._extents is not None:
            self._extents.resize(len(ALL))
        self._results = Results(job, keys, store)
        edges = self._window.edges
        spans = None
        if self._window.overlaps and edges is not None and not store.ordered:
            spans = Spans(edges, keys, self._pieces, store)
        parts = (self._pieces, self._extents, store, self._results, spans)
        self._panes = LivePanes(job, self._window, keys, *parts)
        self._publisher: Publisher = Again(self._panes) if job.corrects else Once(self._panes)
        self._watermark = MINUS_INFINITY

    def live(self) -> I32:
        """The slots of all pieces."""
        return self._pieces.slots()

    def snapshot(self) -> bytes:
        """The pieces, and what was published of their windows."""
        packer = Packer().integer("watermark", self._watermark).blob("pieces", self._pieces.snapshot())
        if self._extents is not None:
            packer.blob("extents", Slotted(self._extents, self._extents.resize, lambda: ALL).snapshot())
        return packer.blob("publisher", self._publisher.snapshot()).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """The pieces in the slots they had; after the keys, before the states in those slots."""
        unpacker = Unpacker(snapshot)
        self._watermark = unpacker.integer("watermark")
        self._pieces.restore(unpacker.blob("pieces"))
        within("pieces", self._pieces.live()[1], len(self._keys))
        if self._extents is not None:
            Slotted(self._extents, self._extents.resize, lambda: ALL).restore(unpacker.blob("extents"))
        self._publisher.restore(unpacker.blob("publisher"))
        unpacker.end()

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        if self._job.corrects:
            return (*self._results.fields, REVISION, KIND), (*self._results.fields, REVISION)
        return self._results.fields, self._results.fields

    def begin(self, candidates: Candidates) -> Mask | None:
        """Cut the block into panes and judge its events."""
        self._block = candidates
        self._lo, self._hi, outside = self._window.cut(candidates.times)
        left = candidates.left
        if outside is not None:
            left = ~outside if left is None else left & ~outside
        self._verdict = judge(self._job, self._window, self._lo, candidates.before, left)
        late = self._verdict.late
        if late is not None:
            left = ~late if left is None else left & ~late
        self._left = left
        self._stops = [*self._verdict.stops, len(candidates.times)]
        return outside

    def take(self, begin: int) -> Taken:
        """Add rows to their panes, up to the next stop."""
        end = next(stop for stop in self._stops if stop > begin)
        block, part = self._block, slice(begin, end)
        take = ones(end - begin) if self._left is None else self._left[part].view(np.uint8)
        slots, _ = self._pieces.admit(block.keys[part], self._lo[part], self._hi[part], take)
        self._store.reserve(self._pieces.capacity)
        times = block.times[part]
        self._store.update(Batch(slots, times, block.sequence + begin), block.columns, begin, end)
        if self._extents is not None:
            self._extents.update(np.minimum(slots, ALL), times)
        if self._job.corrects or self._verdict.overtaken:
            touched = np.unique(slots)
            self._publisher.touched(touched[touched >= 0], self._watermark)
        late = self._verdict.late
        return Taken(end, None if late is None else late[part], self._verdict.missed if begin == 0 else 0)

    def open_windows(self, watermark: int) -> int:
        """How many windows hold events and have not fired."""
        return self._panes.waiting(watermark)

    @property
    def fired_by(self) -> int:
        """The end of the newest window that has an event."""
        _, _, lo, _ = self._pieces.live()
        return int(self._window.last_end(lo).max(initial=MINUS_INFINITY))

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish what fires."""
        self._watermark = until
        yield from self._publisher.advance(since, until)

    def close(self, watermark: int) -> Iterator[Publication]:
        """Publish what waits for the next firing."""
        yield from self._publisher.close(watermark)
