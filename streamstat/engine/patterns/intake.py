"""A block on its way into patterns: which of its events are late, and what each of the others can be taken as."""

from collections.abc import Sequence

import numpy as np

from streamstat.engine.kept import KeptEvents, KeptRows
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Taken
from streamstat.engine.wanted import Wanted
from streamstat.kernels import PatternTable
from streamstat.patterns.sought import Sought
from streamstat.values.columns import I64, U64, Mask


class PatternIntake:
    """The block. An event below the watermark on its arrival is late; any other waits until the watermark passes it."""

    outside = None  # every event may be part of a match

    def __init__(
        self,
        sought: Sought,
        table: PatternTable,
        kept: KeptEvents,
        wanted: Sequence[Wanted],
        store: Store,
        candidates: Candidates,
    ) -> None:
        self._sought, self._table, self._kept, self._wanted = sought, table, kept, wanted
        self._store, self._block = store, candidates
        late = candidates.times < candidates.before
        self._left: Mask = ~late if candidates.left is None else candidates.left & ~late
        self._late = late if candidates.left is None else late & candidates.left

    def take(self, begin: int) -> Taken:
        """All rows from `begin` on."""
        block, n = self._block, len(self._block.times)
        left = self._left.copy()
        left[:begin] = False
        masks = self._masks(n)
        rows = np.flatnonzero(left if self._sought.needs_all else left & (masks != 0))
        self._table.push(rows, block.keys, block.times, masks, block.sequence)
        if self._kept.has_columns and len(rows):
            self._kept.add(self._rows(rows))
        slots = np.where(left, np.int32(0), np.int32(-1))
        self._store.note_wrong(block.columns, begin, slots[begin:])
        late = self._late[begin:]
        return Taken(n, late if late.any() else None)

    def _masks(self, n: int) -> U64:
        """The bits of each event, of the conditions that can be asked by now; all of one that cannot count as none."""
        masks = np.zeros(n, np.uint64)
        for bit, condition in enumerate(self._sought.conditions):
            if condition.is_alone:
                holds = self._block.columns.condition(condition.expression)[:n]
                masks |= holds.astype(np.uint64) << np.uint64(bit)
            elif not self._sought.needs_all:
                masks |= np.uint64(1) << np.uint64(bit)
        return masks

    def _rows(self, rows: I64) -> KeptRows:
        cells = {each.label: each.cells(self._block.columns, rows) for each in self._wanted}
        return KeptRows(self._block.sequence + rows, self._block.times[rows], cells)
