"""Rows that come and go with changes: decoded, each with the number of its group."""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.engine.columns import Columns
from streamstat.engine.keys import Keys
from streamstat.engine.views.batches import ChangeBatch
from streamstat.engine.views.kept import Applied, RowsByKey
from streamstat.engine.views.row_columns import RowColumns, evaluated_needs, want
from streamstat.expressions import Expression
from streamstat.kernels import PADDING
from streamstat.plan.job import Job
from streamstat.plan.viewing import View
from streamstat.values.columns import I32, I64, Mask, Need, Texts, arrays, no_texts


@record
class RowMoves:
    """k rows in the order of events, before each that which it replaces.

    events: of which event each is; gone: whether it goes; groups: its group by number; times: when it had changed;
    ties: in whose order rows of one time stand (empty where nobody asks).
    """

    columns: Columns
    events: I64
    gone: Mask
    groups: I32
    times: I64
    ties: Texts

    def __len__(self) -> int:
        return len(self.events)


class Movement:
    """Makes moves of what changes did.

    placed: somebody asks where rows stand among each other. tells_same: also of events whose row stays as it was.
    """

    def __init__(self, job: Job, kept: RowsByKey, keys: Keys, *, placed: bool, tells_same: bool) -> None:
        assert isinstance(job.kept, View)
        self._kept, self._keys, self._placed, self._tells_same = kept, keys, placed, tells_same
        evaluated = _evaluated(job.kept)
        self._columns = RowColumns(job, row_needs(job.kept), evaluated)
        self._seen: set[str] = set()  # paths that a row had
        self._rows = 0

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is looked for in rows, and none had it; nothing before there are rows."""
        return tuple(path for path in self._columns.needs if path not in self._seen) if self._rows else ()

    def of_events(self, batch: ChangeBatch, applied: Applied) -> RowMoves:
        """Rows before and after these events."""
        assert applied.before is not None and applied.after is not None
        block, events, gone = kernels.row_moves(
            *arrays(applied.before), *arrays(applied.after), not self._tells_same, PADDING
        )
        leaves = gone.view(np.bool_)
        times = np.where(leaves, applied.before_times[events], batch.times[applied.changes[events]])
        return self._moves(block, events, leaves, applied.slots[events], times)

    def of_rows(self, slots: I32) -> RowMoves:
        """Rows that are there, as if they came."""
        rows, times = self._kept.rows(slots), self._kept.times(slots)
        block, events, gone = kernels.row_moves(*arrays(no_texts(len(slots))), *arrays(rows), False, PADDING)
        return self._moves(block, events, gone.view(np.bool_), slots[events], times[events])

    def _moves(self, block: np.ndarray, events: I64, gone: Mask, slots: I32, times: I64) -> RowMoves:
        columns = self._columns.of(block, times)
        self._rows += len(events)
        needs, found = self._columns.needs, columns.events
        self._seen.update(path for path in needs if path not in self._seen and found.seen(path))
        groups = self._keys.encode(columns, None)
        return RowMoves(columns, events, gone, groups, times, self._ties(slots))

    def _ties(self, slots: I32) -> Texts:
        ties = no_texts(len(slots))
        if not self._placed:
            return ties
        for i, column in enumerate(self._kept.key_columns(slots)):
            texts = column.texts or no_texts(len(slots))
            before = (ties.offsets, ties.data) if i else ()
            ties = Texts(*kernels.key_texts(column.kinds, *arrays(texts), *before))
        return ties


def row_needs(view: View) -> Mapping[str, Need]:
    """What is decoded of rows."""
    wanted = evaluated_needs(_evaluated(view))
    for group in view.groups:
        if group.by.field is not None:
            want(wanted, group.by.field, Need.CODE)
    for measure in view.measures:
        if measure.argument is not None and measure.argument.field is not None:
            for state in measure.aggregate.states:
                want(wanted, measure.argument.field, state.need)
        if measure.by is not None and measure.by.field is not None:
            want(wanted, measure.by.field, Need.NUMBER)
    return wanted


def _evaluated(view: View) -> tuple[Expression, ...]:
    """Expressions that are evaluated, not just fields that are read."""
    plain = (*(group.by for group in view.groups), *(each for one in view.measures for each in one.arguments))
    conditions = (measure.condition for measure in view.measures if measure.condition is not None)
    return (*(each for each in plain if each.field is None), *conditions)
