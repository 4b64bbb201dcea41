"""How the changes of a log are written, where only its records tell: the first of them that is none of control does.

Blocks before it hold nothing but records of control, so that they need not wait until it is found.
"""

from collections.abc import Iterator

import numpy as np

from streamstat.changes.telling import format_told
from streamstat.input.blocks.items import Block
from streamstat.input.events import decoder_of
from streamstat.kernels import PADDING
from streamstat.plan.job import Job
from streamstat.plan.viewing import ANY_CHANGES, View, with_changes
from streamstat.runners.found import ChangesFound
from streamstat.values.columns import I64, Need

_RECORDS_AT_ONCE = 64  # records of a block


class ChangesSearch:
    """Looks at blocks until it has found the format."""

    def __init__(self, job: Job) -> None:
        assert isinstance(job.kept, View)
        self._job = job
        self._asked = None if job.kept.changes == ANY_CHANGES else job.kept.changes

    def look(self, block: Block) -> str | None:
        """The format; None if no record so far has told it."""
        return format_told(self._records(block), self._asked)

    def told(self, found: str, job: Job, stream: int) -> tuple[Job, ChangesFound]:
        """The job reads changes that are written so."""
        return with_changes(job, found), ChangesFound(found)

    def end(self) -> None:
        """A log of control records alone has no changes, whatever they would be."""

    def _records(self, block: Block) -> Iterator[bytes]:
        promise = self._job.punctuation
        needs = {} if promise is None else {promise: Need.PRESENT}
        decoder = decoder_of(block.format, needs, within=self._job.within, written=True)
        events = decoder.decode(block.buffer[: block.size + PADDING].copy(), block.begin)
        rows: I64 = events.rows_without(promise)
        for lo in range(0, len(rows), _RECORDS_AT_ONCE):
            written = events.written_of(np.ascontiguousarray(rows[lo : lo + _RECORDS_AT_ONCE]))
            yield from (written[i] for i in range(len(written)))
