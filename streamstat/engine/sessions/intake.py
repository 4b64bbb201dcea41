"""A block on its way into sessions, each event in its turn; with corrections cut where a session must fire first."""

import numpy as np

from streamstat import kernels
from streamstat.engine.sessions.corrections import Published
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Taken
from streamstat.states import Batch
from streamstat.values.columns import ones


class SessionIntake:
    """The block, and the sessions into which it goes. `published`: the rows that it may change, if rows change."""

    outside = None  # every time is in some session

    def __init__(
        self, sessions: kernels.Sessions, store: Store, published: Published | None, candidates: Candidates
    ) -> None:
        self._sessions, self._store, self._published, self._block = sessions, store, published, candidates
        left = candidates.left
        self._take = ones(len(candidates.times)) if left is None else left.view(np.uint8)

    def take(self, begin: int) -> Taken:
        """Add rows to their sessions, with corrections up to where a session must fire."""
        block, sessions = self._block, self._sessions
        end, slots, late, into, source = sessions.admit(
            block.keys, block.times, block.before, self._take, begin
        )
        self._store.reserve(sessions.capacity)
        if len(into):
            self._store.absorb(into, source)
            self._store.clear(source)
        batch = Batch(slots, block.times[begin:end], block.sequence + begin)
        self._store.update(batch, block.columns, begin, end)
        if self._published is not None:
            self._published.merge(into, source, sessions.capacity)
            self._published.touch(slots)
        return Taken(end, late.view(np.bool_) if late.any() else None)
