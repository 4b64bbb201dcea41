"""Windows that overlap: what neighbouring panes come to is added up once, in spans, and read by all windows over them.

A span is a slot of the store like that of a pane. It stands for panes to which no more events are added; where one
is added after all, because only some of its windows have fired, the spans over its pane are made anew.
"""

import numpy as np

from streamstat import kernels
from streamstat.engine.keys import Keys
from streamstat.engine.results import Windows
from streamstat.engine.store import Store
from streamstat.values.columns import I32, I64
from streamstat.windows import Grid


class Spans:
    """The spans over the pieces of a job whose windows lie on a grid."""

    def __init__(self, edges: Grid, keys: Keys, pieces: kernels.PieceTable, store: Store) -> None:
        self._edges, self._keys, self._pieces, self._store = edges, keys, pieces, store
        self._spans = kernels.Spans()

    def fired(self, slots: I32, keys: I32, lo: I64, since: int, until: int) -> Windows:
        """The windows of all pieces that end in (since, until], in row order."""
        panes = self._sorted(slots, keys, lo)
        members, k = panes.fired(*self._edges.ended(np.array([since, until], np.int64)).tolist())
        starts, ends = self._edges.start(k), self._edges.end(k)
        order = self._keys.row_order(members, ends, starts)
        return self._covered(panes, members[order], starts[order], ends[order])

    def made_of(self, slots: I32, keys: I32, lo: I64, members: I32, starts: I64, ends: I64) -> Windows:
        """These windows of `members`, which have fired, over all pieces."""
        return self._covered(self._sorted(slots, keys, lo), members, starts, ends)

    def forget(self, keys: I32, lo: I64) -> None:
        """These pieces get more events, or go."""
        numbers = self._edges.ended(lo) + 1 + self._edges.begun(lo)
        self._store.clear(self._spans.forget(self._pieces, keys, numbers))

    def _sorted(self, slots: I32, keys: I32, lo: I64) -> kernels.SortedPanes:
        return kernels.SortedPanes(slots, keys, lo, self._edges.ended(lo) + 1, self._edges.begun(lo))

    def _covered(self, panes: kernels.SortedPanes, members: I32, starts: I64, ends: I64) -> Windows:
        numbers = self._edges.ended(ends) + 1 + self._edges.begun(ends)
        into, source, of, slots = self._spans.cover(self._pieces, panes, members, starts, ends, numbers)
        self._store.reserve(self._pieces.capacity)
        self._store.absorb(into, source)
        return Windows(members, starts, ends, of, slots)
