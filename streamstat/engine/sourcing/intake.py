"""A block on its way into what entities are: events that are added, or commands that become such, or are refused."""

import numpy as np

from streamstat.engine.sourcing.changes import EventChangelog
from streamstat.engine.sourcing.entities import Entities
from streamstat.engine.sourcing.gathered import WholeBlock
from streamstat.engine.sourcing.judging import Judge
from streamstat.engine.sourcing.walking import Commands
from streamstat.engine.strategy import Candidates, Judged, Publication, Taken
from streamstat.states import Batch
from streamstat.values.columns import I64, Mask, Rows

DECIDED_TOGETHER = 1 << 13  # commands that are decided at once: each has a slot of its own meanwhile


class SourcedIntake:
    """The block. judge: None where all are events. changes: who tells them; None: nobody."""

    outside = None  # there are no windows

    def __init__(
        self,
        entities: Entities,
        judge: Judge | None,
        changes: EventChangelog | None,
        as_of_us: int | None,
        candidates: Candidates,
    ) -> None:
        self._entities, self._judge, self._changes, self._block = entities, judge, changes, candidates
        self._whole = WholeBlock(candidates.columns)
        self._later = None if as_of_us is None else candidates.times > as_of_us

    def take(self, begin: int) -> Taken:
        """Rows from `begin` on, in input order: all of them, or as many as are worked on together."""
        n = len(self._block.times)
        decides = self._judge is not None or self._changes is not None
        end = min(begin + DECIDED_TOGETHER, n) if decides else n
        passed = self._passed(begin, end)
        rows = np.flatnonzero(passed if self._later is None else passed & ~self._later[begin:end]) + begin
        failed = np.full(len(rows), -1, np.int32)
        if self._judge is not None:
            failed = self._judge.judge(self._entities, self._commands(rows, begin))
        accepted = rows[failed < 0]
        told: Rows | None = None
        if self._changes is not None:
            told = self._changes.of(self._entities, self._commands(accepted, begin))
        self._add(begin, end, accepted)
        refused, left_out = failed >= 0, int(np.count_nonzero(passed)) - len(accepted)
        judged = None
        if self._judge is not None and len(rows):
            judged = Judged(accepted, rows[refused], failed[refused], self._judge.names)
        if told is None and judged is None and not left_out:
            return Taken(end)
        number = int(np.count_nonzero(refused))
        return Taken(
            end, published=[Publication(told, None, refused=number, filtered=left_out, judged=judged)]
        )

    def _add(self, begin: int, end: int, events: I64) -> None:
        """These rows are events for good."""
        slots = np.full(end - begin, -1, np.int32)
        slots[events - begin] = self._block.keys[events]
        self._entities.reserve(int(slots.max(initial=-1)) + 1)
        batch = Batch(slots, self._block.times[begin:end], self._block.sequence + begin)
        self._entities.update(batch, self._block.columns, begin, end)

    def _passed(self, begin: int, end: int) -> Mask:
        """The rows that `--where` and such have left."""
        left = self._block.left
        return np.ones(end - begin, np.bool_) if left is None else left[begin:end]

    def _commands(self, rows: I64, begin: int) -> Commands:
        block = self._block
        return Commands(self._whole, rows, block.keys[rows], block.times[rows], block.sequence + begin)
