"""Events that were counted before, by the values of some fields: the second of them is a duplicate.

Only what was counted is remembered, which of an event that may be late is not known before it was asked for. So a
block is cut where the value of such an event comes again.
"""

from collections.abc import Iterator

import numpy as np

from streamstat.engine.columns import Columns
from streamstat.engine.strategy import Strategy
from streamstat.event_time.fields import HIGHEST, LOWEST
from streamstat.input.events import Events
from streamstat.kernels import UniqueTable, join_hashes
from streamstat.plan.job import Job
from streamstat.values.columns import I64, U8, U64, Kind, Mask
from streamstat.windows import all_ahead

LEFT_OUT, ASKED_FOR, COUNTS, MAY_BE_LATE = range(4)  # roles, as the table numbers them


class Unique:
    """The values that were counted in the windows of a strategy."""

    def __init__(self, job: Job, strategy: Strategy) -> None:
        self._fields, self._forgotten_us, self._strategy = job.unique, job.unique_for_us, strategy
        self._moves = job.moves
        self._can_be_late = job.moves and not job.takes_undated
        first_forgotten = int(self._forgotten(np.array([LOWEST]))[0])
        self._table = UniqueTable(job.moves and first_forgotten <= HIGHEST)

    def snapshot(self) -> bytes:
        """All of them."""
        return self._table.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were."""
        self._table.restore(snapshot)

    def sift(
        self, columns: Columns, times: I64, before: I64, left: Mask | None
    ) -> Iterator[tuple[int, Mask]]:
        """Stretches of a block: the row behind each, and where duplicates are in it.

        Before the next one is asked for, `settle` is told which rows of this one were lost.
        """
        forgotten, roles = self._forgotten(times), self._roles(times, before)
        low, high, known = _hashes(columns.events, self._fields)
        roles[~known if left is None else ~(known & left)] = LEFT_OUT
        begin = 0
        while begin < len(times):
            end, duplicates = self._table.sift(low, high, forgotten, before, roles, begin)
            yield end, duplicates.view(np.bool_)
            begin = end

    def _forgotten(self, times: I64) -> I64:
        """The watermark from which on the value of an event of each time is forgotten."""
        if not self._moves:
            return times  # nobody asks
        if self._forgotten_us is None:
            return self._strategy.closing(times)
        return all_ahead(times, self._forgotten_us + 1)  # not before the watermark is past it

    def _roles(self, times: I64, before: I64) -> U8:
        """What is known of the events before they are asked for."""
        roles = np.full(len(times), COUNTS, np.uint8)
        if self._can_be_late:
            roles[times < before] = MAY_BE_LATE
        if (outside := self._strategy.outside(times)) is not None:
            roles[outside] = ASKED_FOR
        return roles

    def settle(self, lost: U8) -> None:
        """Where rows were late, up to the last one that was asked for."""
        self._table.settle(lost)


def _hashes(events: Events, fields: tuple[str, ...]) -> tuple[U64, U64, Mask]:
    """The values of the fields as two hashes, and where none of them is null."""
    known: Mask = events.kinds(fields[0]) != Kind.NULL
    for path in fields[1:]:
        known &= events.kinds(path) != Kind.NULL
    low, high = [events.hashes(path) for path in fields], [events.more_hashes(path) for path in fields]
    if len(fields) == 1:
        return low[0], high[0], known
    return join_hashes(low), join_hashes(high), known
