"""The events whose rows have not fired, as they came."""

import numpy as np

from streamstat.engine.trailing.trail import Trail, join
from streamstat.values.columns import MINUS_INFINITY, PLUS_INFINITY


class Waiting:
    """Events that wait for the watermark; `corrects`: late ones wait on until some row fires.

    `owed`: late events have changed rows since the last firing.
    """

    def __init__(self, corrects: bool) -> None:
        self.owed = False
        self._corrects = corrects
        self._events: list[Trail] = []
        self._earliest = PLUS_INFINITY

    @property
    def earliest(self) -> int:
        """The earliest time, PLUS_INFINITY if nothing waits."""
        return self._earliest

    @property
    def latest(self) -> int:
        """The latest time, MINUS_INFINITY if nothing waits."""
        return max((int(each.times.max()) for each in self._events), default=MINUS_INFINITY)

    @property
    def rows(self) -> int:
        """How many rows wait: one for each time of a group."""
        events = [np.stack([each.keys, each.times]) for each in self._events]
        return np.unique(np.concatenate(events, axis=1), axis=1).shape[1] if events else 0

    def add(self, events: Trail) -> None:
        """More events, at least one."""
        self._events.append(events)
        self._earliest = min(self._earliest, int(events.times.min()))

    def joined(self) -> Trail | None:
        """All events as one; None if there are none."""
        return join(self._events) if self._events else None

    def all_taken_out(self) -> Trail | None:
        """All events, which wait no longer."""
        events = self.joined()
        self._events, self._earliest = [], PLUS_INFINITY
        return events

    def firing(self, since: int, until: int) -> Trail | None:
        """The events before `until`, if a row fires or at the end of input; the others wait on."""
        if self._earliest >= until:
            return None
        events = join(self._events)
        due = events.times < until
        if self._corrects and until != PLUS_INFINITY and not (due & (events.times >= since)).any():
            self._events = [events]
            return None
        self._events = [] if due.all() else [events.at(np.flatnonzero(~due))]
        self._earliest = int(self._events[0].times.min()) if self._events else PLUS_INFINITY
        return events.at(np.flatnonzero(due))
