"""The reader of the log of a view, once the format is known: what it says of blocks, and where it fails."""

import numpy as np

from streamstat.changes import ChangeReader, Changes
from streamstat.common.errors import InputError, UsageError
from streamstat.engine.columns import Columns
from streamstat.plan.job import Job
from streamstat.plan.viewing import reader_for
from streamstat.values.columns import Mask


class LogOfChanges:
    """Reads the blocks of a log."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._reader: ChangeReader = reader_for(job)
        self._failure: InputError | UsageError | None = None

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key; None: nobody has said them yet."""
        return self._reader.key_names

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know."""
        return self._reader.warnings

    def read(self, columns: Columns, left: Mask, is_told: bool) -> Changes:
        """The changes of these rows. is_told: each is told as it comes, also those before one that ends the run, which
        must not depend on where blocks end."""
        if not is_told:
            return self._reader.read(columns, left)
        before = self._reader.snapshot()
        try:
            return self._reader.read(columns, left)
        except (InputError, UsageError) as error:
            self._failure = error
        return self._first_rows(columns, left, before)

    def end_block(self) -> None:
        """All that could be read was told: raises what ends the run."""
        if self._failure is not None:
            raise self._failure

    def _first_rows(self, columns: Columns, left: Mask, snapshot: bytes) -> Changes:
        """The changes of as many rows as can be read."""
        lo, hi = 0, len(left)
        while hi - lo > 1:
            middle = (lo + hi) // 2
            try:
                self._again(snapshot).read(columns, _before(left, middle))
                lo = middle
            except (InputError, UsageError):
                hi = middle
        self._reader = self._again(snapshot)
        return self._reader.read(columns, _before(left, lo))

    def first_unreadable(self, columns: Columns, left: Mask | None) -> tuple[int, str] | None:
        """The first of these rows of a block that is no record of the log, and why."""
        try:
            bad = self._again(self._reader.snapshot()).read(columns, left).bad
        except (InputError, UsageError):
            return None  # which ends the run by itself
        return (int(bad.rows[0]), bad.reasons[int(bad.codes[0])]) if len(bad) else None

    def _again(self, snapshot: bytes) -> ChangeReader:
        reader = reader_for(self._job)
        reader.restore(snapshot)
        return reader

    def snapshot(self) -> bytes:
        """What the log needs to be read on."""
        return self._reader.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self._reader.restore(snapshot)


def _before(left: Mask, row: int) -> Mask:
    return left & (np.arange(len(left)) < row)
