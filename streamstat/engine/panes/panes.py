"""Windows made of panes with fixed edges. An event is added to one pane, whatever the overlap.

`intake` decides where a block is cut, and `publish` or `corrections` what comes out when.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np

from streamstat.engine.keys import Keys
from streamstat.engine.panes.corrections import Again
from streamstat.engine.panes.intake import PaneIntake
from streamstat.engine.panes.pieces import TOGETHER, LivePanes, Publisher
from streamstat.engine.panes.publish import Once
from streamstat.engine.panes.spans import Spans
from streamstat.engine.results import Results
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.slotted import Slotted
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Present, Publication
from streamstat.event_time.fields import LOWEST
from streamstat.kernels import Extents, PieceTable
from streamstat.plan.job import Job
from streamstat.values.columns import I32, I64, MINUS_INFINITY, PLUS_INFINITY, Mask, ResultField, ones
from streamstat.values.packing import Packer, Unpacker, within
from streamstat.windows import PaneWindow, all_ahead, behind


class Panes:
    """The strategy for windows with fixed edges."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        self._job, self._keys, self._store = job, keys, store
        self._window = cast(PaneWindow, job.kept)
        self._pieces = PieceTable()
        self._extents = Extents() if self._window.grows else None
        if self._extents is not None:
            self._extents.resize(len(TOGETHER))
        self._results = Results(job, keys, store)
        edges = self._window.edges
        spans = None
        if self._window.overlaps and edges is not None and not store.ordered:
            spans = Spans(edges, keys, self._pieces, store)
        parts = (self._pieces, self._extents, store, self._results, spans, sizes)
        self._panes = LivePanes(job, self._window, keys, *parts)
        self._publisher: Publisher = Again(self._panes, shaping) if job.corrects else Once(self._panes)

    def live(self) -> I32:
        """The slots of all pieces."""
        return self._pieces.slots()

    def snapshot(self) -> bytes:
        """The pieces, and what was published of their windows."""
        packer = Packer().blob("pieces", self._pieces.snapshot())
        if self._extents is not None:
            packer.blob("extents", Slotted(self._extents, self._extents.resize, lambda: TOGETHER).snapshot())
        return packer.blob("publisher", self._publisher.snapshot()).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """The pieces in the slots they had; after the keys, before the states in those slots."""
        unpacker = Unpacker(snapshot)
        self._pieces.restore(unpacker.blob("pieces"))
        within("pieces", self._pieces.live()[1], len(self._keys))
        if self._extents is not None:
            Slotted(self._extents, self._extents.resize, lambda: TOGETHER).restore(unpacker.blob("extents"))
        self._publisher.restore(unpacker.blob("publisher"))
        unpacker.end()

    def pieces(self) -> tuple[I32, I32, I64, I64]:
        """All panes; of a window that grows each reaches over all of its events."""
        return self._panes.live()

    def admit(self, keys: I32, lo: I64, hi: I64) -> I32:
        """The panes in which these lie."""
        begins, ends, _ = self._window.cut(lo)
        slots, _ = self._pieces.admit(keys, begins, ends, ones(len(keys)))
        self._store.reserve(self._pieces.capacity)
        if self._extents is not None:
            together = np.zeros(len(keys), np.int32)
            self._extents.update(together, lo)
            self._extents.update(together, hi)
        return slots

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        return self._publisher.fields

    def closing(self, times: I64) -> I64:
        """When the last window of each time closes."""
        return all_ahead(self._window.last_end(self._window.cut(times)[0]), self._job.lateness_us)

    def outside(self, times: I64) -> Mask | None:
        """The times between two windows."""
        return self._window.cut(times)[2] if self._window.has_gaps else None

    def begin(self, candidates: Candidates) -> PaneIntake:
        """Cut the block into panes and judge its events."""
        return PaneIntake(self._panes, self._publisher, candidates)

    def still_open(self, watermark: int) -> dict[str, int]:
        """How many windows hold events and have not fired."""
        return {"windows": self._panes.waiting(watermark)}

    def present(self, watermark: int, most: int) -> Present:
        """Windows of pieces, without the spans that firing makes."""
        windows, is_all = self._panes.newest(watermark, most)
        return Present(self._panes.rows(windows), is_all)

    def promised(self, watermark: int) -> int:
        """The start of the first window, with events or without, that has not fired; with corrections, that is not
        closed, or that is and still has a change to be published."""
        edges, closed = self._window.edges, behind(watermark, self._job.lateness_us)
        if edges is None or closed < LOWEST:
            return MINUS_INFINITY
        first = edges.start(edges.ended(np.array([closed])) + 1)
        return min(int(first[0]), self._publisher.owed_from)

    @property
    def fired_by(self) -> int:
        """The end of the newest window that has an event."""
        _, _, lo, _ = self._pieces.live()
        return int(self._window.last_end(lo).max(initial=MINUS_INFINITY))

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish what fires."""
        yield from self._publisher.advance(since, until)

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """All windows fire."""
        return self.advance(since, PLUS_INFINITY)

    def close(self, watermark: int) -> Iterator[Publication]:
        """Publish what waits for the next firing."""
        yield from self._publisher.close(watermark)
