"""A block on its way into what trailing windows keep. Lateness is the event's, as in SQL's OVER."""

import numpy as np

from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Taken
from streamstat.engine.trailing.trail import Trail
from streamstat.engine.trailing.waiting import Waiting
from streamstat.plan.job import Job
from streamstat.states import Batch
from streamstat.windows import all_behind


class TrailingIntake:
    """The block: which of its events are late, and which change rows published before them."""

    outside = None  # every event ends a window

    def __init__(self, job: Job, store: Store, waiting: Waiting, candidates: Candidates) -> None:
        self._store, self._waiting, self._block = store, waiting, candidates
        self._corrects = job.corrects
        late = candidates.times < all_behind(candidates.before, job.lateness_us)
        self._left = ~late if candidates.left is None else candidates.left & ~late
        self._late = late if candidates.left is None else late & candidates.left
        self._behind = np.flatnonzero(self._left & (candidates.times < candidates.before))
        self._moves = np.flatnonzero(candidates.before[1:] != candidates.before[:-1]) + 1

    def take(self, begin: int) -> Taken:
        """Keep rows from `begin` on; with corrections up to where late events meet a firing."""
        block = self._block
        end = self._stop(begin) if self._corrects else len(block.times)
        part = slice(begin, end)
        slots = np.where(self._left[part], np.int32(0), np.int32(-1))
        batch = Batch(slots, block.times[part], block.sequence + begin)
        cells = self._store.keep(batch, block.columns, begin, end)
        rows = np.flatnonzero(slots >= 0)
        if len(rows):
            fresh = np.ones(end - begin, np.bool_)
            self._waiting.add(Trail(block.keys[part], block.times[part], fresh, cells).at(rows))
        late = self._late[part]
        return Taken(end, late if late.any() else None)

    def _stop(self, begin: int) -> int:
        """Late events are added after all that fires before them, and alone until the watermark moves again."""
        n = len(self._block.times)
        place = np.searchsorted(self._behind, begin)
        first = int(self._behind[place]) if place < len(self._behind) else n
        if first > begin and not self._waiting.owed:
            return first
        self._waiting.owed = self._waiting.owed or first == begin
        move = np.searchsorted(self._moves, begin, side="right")
        return int(self._moves[move]) if move < len(self._moves) else n
