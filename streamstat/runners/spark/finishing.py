"""Rows that tasks have finished, in the order in which one process writes them, and shaped as it does."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from streamstat.engine.counting import count_rows
from streamstat.engine.keys import Keys
from streamstat.engine.ledger import Ledger
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import SIZES
from streamstat.engine.strategy import Publication
from streamstat.plan.job import Job
from streamstat.runners.spark.reducing import row_form
from streamstat.values.columns import I32, take_rows


class OrderedRows:
    """All rows of a job; each group's come from one task, and groups in no order."""

    def __init__(self, job: Job, table: pa.Table) -> None:
        self._job, self._table = job, table
        self._keys, self._shaping = Keys(job.groups), Shaping(job)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know of groups and shapes; once they are published."""
        return (*self._keys.warnings, *self._shaping.warnings)

    def publications(self, ledger: Ledger) -> Iterator[Publication]:
        """The rows in row order, which the ledger counts."""
        published = self._in_order()
        if not self._shaping.is_nothing:
            published = self._shaping.once(published)
        for each in published:
            count_rows(ledger, each, False)
            yield each

    def _in_order(self) -> Iterator[Publication]:
        batches = self._table.to_batches()
        if not batches:
            return
        rows = row_form(self._job).rows(batches)
        starts, ends = rows.columns[0].numbers, rows.columns[1].numbers
        keys: I32 = np.zeros(len(rows), np.int32)
        if self._job.groups:
            keys = self._keys.intern(rows.columns[2 : 2 + len(self._job.groups)])
        order = self._keys.row_order(keys, ends, starts)
        for lo in range(0, len(order), SIZES.published_at_once):
            some = take_rows(rows, order[lo : lo + SIZES.published_at_once])
            yield Publication(some, some)
