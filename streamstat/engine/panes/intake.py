"""A block on its way into panes: cut only where a window must fire before an event is added to one of its panes."""

import numpy as np

from streamstat.engine.panes.lateness import judge
from streamstat.engine.panes.pieces import TOGETHER, LivePanes, Publisher
from streamstat.engine.strategy import Candidates, Taken
from streamstat.states import Batch
from streamstat.values.columns import Mask, ones


class PaneIntake:
    """The block with the piece of each event, and what the lateness rule says of it."""

    def __init__(self, panes: LivePanes, publisher: Publisher, candidates: Candidates) -> None:
        self._panes, self._publisher, self._block = panes, publisher, candidates
        self._lo, self._hi, self.outside = panes.window.cut(candidates.times)
        left = without(candidates.left, self.outside)
        self._verdict = judge(panes.job, panes.window, self._lo, candidates.before, left)
        self._left = without(left, self._verdict.late)
        self._missed = self._verdict.missed  # told with the first rows
        self._stops = [*self._verdict.stops, len(candidates.times)]

    def take(self, begin: int) -> Taken:
        """Add rows to their panes, up to the next stop."""
        end = next(stop for stop in self._stops if stop > begin)
        panes, block, part = self._panes, self._block, slice(begin, end)
        take = ones(end - begin) if self._left is None else self._left[part].view(np.uint8)
        slots, _ = panes.pieces.admit(block.keys[part], self._lo[part], self._hi[part], take)
        panes.store.reserve(panes.pieces.capacity)
        times = block.times[part]
        panes.store.update(Batch(slots, times, block.sequence + begin), block.columns, begin, end)
        if panes.extents is not None:
            panes.extents.update(np.minimum(slots, TOGETHER), times)
        if panes.job.corrects or self._verdict.overtaken:
            touched = np.unique(slots)
            self._publisher.touched(touched[touched >= 0], int(block.before[begin]))
        late, missed, self._missed = self._verdict.late, self._missed, 0
        return Taken(end, None if late is None else late[part], missed)


def without(left: Mask | None, bucket: Mask | None) -> Mask | None:
    """The rows that are left when those of a bucket are taken out; None: all."""
    if bucket is None:
        return left
    return ~bucket if left is None else left & ~bucket
