"""Events that were counted before, by the values of some fields: the second of them is a duplicate.

Only what was counted is remembered, which of an event that may be late is not known before it was asked for. So a
block is cut where the value of such an event comes again.
"""

from collections.abc import Callable, Iterator

import numpy as np

from streamstat.engine.columns import Columns
from streamstat.event_time.clock import FOR_EVER
from streamstat.input.events import Events
from streamstat.kernels import UniqueTable, join_hashes
from streamstat.plan.job import Job
from streamstat.values.columns import I64, U8, U64, Kind, Mask
from streamstat.windows import all_ahead

LEFT_OUT, ASKED_FOR, COUNTS, MAY_BE_LATE = range(4)  # roles, as the table numbers them
Closing = Callable[[I64], tuple[I64, Mask | None]]


class Unique:
    """The values that were counted. `closing`: of event times, from which watermark on none of them counts any more,
    and which never do."""

    def __init__(self, job: Job, closing: Closing) -> None:
        self._fields, self._forgotten_us, self._closing = job.unique, job.unique_for_us, closing
        self._table = UniqueTable(job.moves and job.unique_for_us != FOR_EVER)

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
        forgotten, outside = self._closing(times)
        if self._forgotten_us is not None:
            forgotten = all_ahead(times, self._forgotten_us + 1)  # not before the watermark is past it
        roles = np.where(times >= before, np.uint8(COUNTS), np.uint8(MAY_BE_LATE))
        if outside is not None:
            roles[outside] = ASKED_FOR
        low, high, known = _hashes(columns.events, self._fields)
        roles[~known if left is None else ~(known & left)] = LEFT_OUT
        begin = 0
        while begin < len(times):
            end, duplicates = self._table.sift(low, high, forgotten, before, roles, begin)
            yield end, duplicates.view(np.bool_)
            begin = end

    def settle(self, lost: U8) -> None:
        """Where rows were late, up to the last one that was asked for."""
        self._table.settle(lost)


def _hashes(events: Events, fields: tuple[str, ...]) -> tuple[U64, U64, Mask]:
    """The values of the fields as two hashes, and where none of them is null."""
    known: Mask = np.logical_and.reduce([events.kinds(path) != Kind.NULL for path in fields])
    low, high = [events.hashes(path) for path in fields], [events.more_hashes(path) for path in fields]
    if len(fields) == 1:
        return low[0], high[0], known
    return join_hashes(low), join_hashes(high), known
