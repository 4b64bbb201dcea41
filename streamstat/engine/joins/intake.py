"""A block of one side on its way into a join, or of both where they are of the same inputs."""

from collections.abc import Iterator, Sequence

import numpy as np

from streamstat.engine.cells import own
from streamstat.engine.joins.rows import JoinSide
from streamstat.engine.kept import KeptRows
from streamstat.engine.strategy import Candidates, Taken
from streamstat.engine.unique import hashes_of
from streamstat.kernels import IntervalJoin, VersionJoin
from streamstat.plan.joining import Joined
from streamstat.values.columns import I64, U8, Mask


class JoinIntake:
    """The block. An event below the watermark of its side on its arrival is late; any other waits until the watermark
    of both has passed it."""

    outside = None  # an event of no side was filtered

    def __init__(
        self,
        joined: Joined,
        table: IntervalJoin | VersionJoin,
        sides: Sequence[JoinSide],
        candidates: Candidates,
    ) -> None:
        self._joined, self._table, self._sides, self._block = joined, table, sides, candidates
        late = candidates.times < candidates.before
        self._left: Mask = ~late if candidates.left is None else candidates.left & ~late
        self._late = late if candidates.left is None else late & candidates.left

    def take(self, begin: int) -> Taken:
        """All rows from `begin` on."""
        n = len(self._block.times)
        for side, mine in self._by_side():
            rows = begin + np.flatnonzero(mine[begin:])
            if len(rows):
                self._push(side, rows)
        late = self._late[begin:]
        return Taken(n, late if late.any() else None)

    def _by_side(self) -> Iterator[tuple[JoinSide, Mask]]:
        """The events of each side that are in the block."""
        if not self._joined.conditions:
            yield self._sides[self._block.stream], self._left
            return
        for side, condition in zip(self._sides, self._joined.conditions, strict=True):
            yield side, self._left & self._block.columns.condition(condition)[: len(self._left)]

    def _push(self, side: JoinSide, rows: I64) -> None:
        block, n = self._block, len(self._block.times)
        low, high, known = hashes_of(block.columns.events, side.key)
        low, high, known = low[:n], high[:n], known[:n]
        if not side.tells_keyless and not known.all():
            rows = rows[known[rows]]
        self._table.push(
            side.number,
            rows,
            block.times,
            low,
            high,
            known.view(np.uint8),
            self._deletes(side),
            block.sequence,
        )
        if side.kept.has_columns and len(rows):
            cells = {each.label: each.cells(block.columns, rows) for each in side.wanted}
            side.kept.add(KeptRows(block.sequence + rows, own(block.times, rows), cells))

    def _deletes(self, side: JoinSide) -> U8:
        """Which events end what was there before them; empty for none."""
        deleted = self._joined.deleted
        if deleted is None or side.number == 0:
            return np.empty(0, np.uint8)
        return self._block.columns.condition(deleted)[: len(self._block.times)].view(np.uint8)
