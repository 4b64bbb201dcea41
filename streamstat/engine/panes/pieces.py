"""The panes that are kept, as those who publish read them, and what a publisher is told."""

from collections.abc import Iterator
from typing import Protocol, TypeAlias

import numpy as np

from streamstat.common.record import record
from streamstat.engine.keys import Keys
from streamstat.engine.panes.fill import Fill
from streamstat.engine.panes.spans import Spans
from streamstat.engine.results import Results, Windows
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import Publication
from streamstat.kernels import Extents, PieceTable
from streamstat.plan.job import Job
from streamstat.values.columns import I32, I64, PLUS_INFINITY, ResultField, Rows
from streamstat.values.packing import Packer, Part, Unpacker
from streamstat.windows import PaneWindow

TOGETHER: I32 = np.zeros(1, np.int32)  # the slot of what all pieces together reach over, as their windows do

# Slots, keys, [lo, hi).
Pieces: TypeAlias = tuple[I32, I32, I64, I64]


@record
class LivePanes:
    """The panes that a publisher reads, and drops when no window needs them any more."""

    job: Job
    window: PaneWindow
    keys: Keys
    pieces: PieceTable
    extents: Extents | None  # of pieces that grow with their events, all together
    store: Store
    results: Results
    spans: Spans | None  # where windows overlap
    sizes: Sizes

    def live(self) -> Pieces:
        """All pieces."""
        return self._reaching(*self.pieces.live())

    def at(self, slots: I32) -> Pieces:
        """These pieces."""
        return self._reaching(slots, *self.pieces.at(slots))

    def _reaching(self, slots: I32, keys: I32, lo: I64, hi: I64) -> Pieces:
        if self.extents is not None:
            lo, hi = (each.repeat(len(slots)) for each in self.extents.values(TOGETHER))
        return slots, keys, lo, hi

    def fired(self, live: Pieces, since: int, until: int) -> Windows:
        """The windows of all pieces that end in (since, until], in row order."""
        if self.spans is not None:
            slots, keys, lo, _ = live
            return self.spans.fired(slots, keys, lo, since, until)
        return self.windows(*live, since, until)

    def windows(self, slots: I32, keys: I32, lo: I64, hi: I64, since: int, until: int) -> Windows:
        """The windows of these pieces that end in (since, until], in row order."""
        pieces, starts, ends = self.window.close(lo, hi, since, until)
        return self._joined(slots[pieces], keys[pieces], starts, ends)

    def _joined(self, slots: I32, members: I32, starts: I64, ends: I64) -> Windows:
        """Windows in row order, of pieces in these slots, which may be in several windows."""
        order = self.keys.row_order(members, ends, starts)
        slots, members, starts, ends = slots[order], members[order], starts[order], ends[order]
        new = np.ones(len(order), np.bool_)
        new[1:] = (members[1:] != members[:-1]) | (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
        return Windows(members[new], starts[new], ends[new], np.cumsum(new) - 1, slots)

    def waiting(self, watermark: int) -> int:
        """How many windows hold events and end behind the watermark."""
        slots, keys, lo, hi = self.live()
        return len(self.windows(slots, keys, lo, hi, watermark, PLUS_INFINITY))

    def newest(self, watermark: int, most: int) -> tuple[Windows, bool]:
        """The windows that hold events and end behind the watermark, in row order; whether these are all of them.

        Where they are made of more than `most` pieces, the last ones; of those that end together the first groups.
        """
        slots, keys, lo, hi = self.live()
        pieces, starts, ends = self.window.close(lo, hi, watermark, PLUS_INFINITY)
        if len(ends) <= most:
            return self._joined(slots[pieces], keys[pieces], starts, ends), True
        taken = _last(ends, keys[pieces], most)
        chosen = pieces[taken]
        windows = self._joined(slots[chosen], keys[chosen], starts[taken], ends[taken])
        return windows, len(taken) == len(ends)

    def rows(self, windows: Windows) -> Rows:
        """The result rows of windows."""
        return self.results.rows(windows, self.pieces.capacity)

    def touched(self, slots: I32, watermark: int) -> None:
        """Events were added to these pieces; windows that end by `watermark` have fired."""
        if self.spans is None:
            return
        keys, lo, _ = self.pieces.at(slots)
        read = self.window.first_end(lo) <= watermark
        self.spans.forget(keys[read], lo[read])

    def drop(self, live: Pieces, until: int) -> None:
        """Forget the pieces whose windows have all ended by `until`, of all."""
        slots, keys, lo, _ = live
        done = self.window.last_end(lo) <= until
        if self.spans is not None:
            self.spans.forget(keys[done], lo[done])
        self.forget(slots[done])

    def forget(self, slots: I32) -> None:
        """Forget these pieces, over which there are no spans."""
        self.store.clear(slots)
        self.pieces.drop(slots)

    def fill(self) -> Fill | None:
        """The maker of empty windows, if they are wanted."""
        edges = self.window.edges
        return Fill(edges, self.keys) if self.job.fill and edges is not None else None


def _last(ends: I64, members: I32, most: int) -> I64:
    """The places of at most so many pieces of windows, those of the last windows: no window is cut in two."""
    order = np.lexsort((members, -ends))
    new = np.ones(len(order) + 1, np.bool_)
    new[1:-1] = (np.diff(ends[order]) != 0) | (np.diff(members[order]) != 0)
    cuts = np.flatnonzero(new)
    cut = max(int(np.searchsorted(cuts, most, "right")) - 1, 1)  # one window at least
    return order[: cuts[cut]]


class Publisher(Part, Protocol):
    """What the engine tells: pieces that were touched while the watermark stood, and that it moves."""

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        ...

    @property
    def owed_from(self) -> int:
        """The first start of all closed windows of which rows are still to come; PLUS_INFINITY if there are none."""
        ...

    def touched(self, slots: I32, watermark: int) -> None: ...

    def advance(self, since: int, until: int) -> Iterator[Publication]: ...

    def close(self, watermark: int) -> Iterator[Publication]: ...


def pack_fill(packer: Packer, fill: Fill | None) -> Packer:
    """Add the maker of empty windows, if there is one."""
    return packer if fill is None else packer.blob("fill", fill.snapshot())


def restore_fill(unpacker: Unpacker, fill: Fill | None) -> None:
    """Take the maker of empty windows, if there is one."""
    if fill is not None:
        fill.restore(unpacker.blob("fill"))
