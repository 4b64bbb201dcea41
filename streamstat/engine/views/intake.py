"""A block on its way into a view: what its records change is applied when their transaction is whole."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from streamstat.changes import Changes, Faults
from streamstat.engine.strategy import Candidates, Publication, Taken, UnreadableRecords
from streamstat.engine.views.batches import NO_TIME, ChangeBatch, distinct_records, taken_batch
from streamstat.plan.job import Job
from streamstat.values.columns import I64, Mask


class TakesChanges(Protocol):
    """A view, as a block is taken into it."""

    job: Job

    def read(self, candidates: Candidates, left: Mask) -> tuple[Changes, ChangeBatch] | None:
        """The changes of these rows of a block, each read once; None while the format of the log is not known."""

    def take(self, batch: ChangeBatch, whole: int, cut: I64) -> Iterator[Publication]:
        """Changes come, of transactions of which those below `whole` are whole, but for those that were cut."""


class ViewIntake:
    """An `Intake` whose changes are applied at once."""

    def __init__(self, view: TakesChanges, candidates: Candidates) -> None:
        self._view, self._candidates = view, candidates

    @property
    def outside(self) -> Mask | None:
        """Changes are in no windows."""
        return None

    def take(self, begin: int) -> Taken:
        """All rows from `begin` on."""
        end, left = len(self._candidates.times), self._left(begin)
        read = self._view.read(self._candidates, left)
        if read is None:
            return Taken(end, published=[Publication(None, None, filtered=int(np.count_nonzero(left)))])
        changes, batch = read
        bad = _among(changes.bad, left)
        wanted = left[changes.rows]
        if (as_of := self._view.job.as_of_us) is not None:
            wanted &= (batch.times <= as_of) | (batch.times == NO_TIME)
        chosen = batch if wanted.all() else taken_batch(batch, np.flatnonzero(wanted))
        gave = distinct_records(chosen, slice(None))
        filtered = int(np.count_nonzero(left)) - gave - (0 if bad is None else len(bad.rows))
        return Taken(end, published=self._published(chosen, changes, filtered), unreadable=bad)

    def _published(self, batch: ChangeBatch, changes: Changes, filtered: int) -> Iterator[Publication]:
        if filtered:
            yield Publication(None, None, filtered=filtered)
        yield from self._view.take(batch, changes.whole, changes.cut)

    def _left(self, begin: int) -> Mask:
        """The rows from `begin` on that are asked for."""
        left = np.ones(len(self._candidates.times), np.bool_)
        if self._candidates.left is not None:
            left &= self._candidates.left
        left[:begin] = False
        return left


def _among(bad: Faults, left: Mask) -> UnreadableRecords | None:
    """The records that cannot be read, of those that are asked for."""
    asked: I64 = np.flatnonzero(left[bad.rows])
    if not len(asked):
        return None
    return UnreadableRecords(bad.rows[asked], bad.codes[asked], bad.reasons)
