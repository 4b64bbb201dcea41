"""Values of the wrong type, counted where a row comes with them: once an event and field."""

import numpy as np

from streamstat import kernels
from streamstat.changes import Op
from streamstat.engine.columns import Columns
from streamstat.engine.views.batches import ChangeBatch
from streamstat.engine.views.kept import APPLIED_TO_KEY, Applied
from streamstat.engine.views.row_columns import RowColumns, evaluated_needs, want
from streamstat.expressions import Expression
from streamstat.kernels import PADDING
from streamstat.plan.job import Job, Measure
from streamstat.plan.viewing import View
from streamstat.values.columns import Mask, Need, arrays, no_texts


class BadValues:
    """Finds them in rows."""

    def __init__(self, job: Job) -> None:
        assert isinstance(job.kept, View)
        self._numbers = [(each, measure) for measure in job.kept.measures for each in _numbers_of(measure)]
        conditions = [each.condition for _, each in self._numbers if each.condition is not None]
        evaluated = [*conditions, *(each for each, _ in self._numbers if each.field is None)]
        wanted = evaluated_needs(evaluated)
        for each, _ in self._numbers:
            if each.field is not None:
                want(wanted, each.field, Need.NUMBER)
        self._columns = RowColumns(job, wanted, evaluated)

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def asks_rows(self, batch: ChangeBatch) -> bool:
        """Whether changes alone do not say what rows are behind them."""
        return bool(self) and bool(np.isin(batch.ops, (Op.PATCH, Op.EDIT)).any())

    def mark(self, columns: Columns, coming: Mask) -> None:
        """Note those of rows that come."""
        for expression, measure in self._numbers:
            condition, here = measure.condition, coming
            if condition is not None:
                here = here & columns.condition(condition)
            slots = np.where(here, np.int32(0), np.int32(-1))
            columns.mark_bad(expression, None if condition is None else condition.text, 0, slots)

    def number(self, batch: ChangeBatch, applied: Applied) -> int:
        """How many there are in rows that come with these events."""
        rows = batch.texts if applied.after is None else applied.after
        block, of, _ = kernels.row_moves(*arrays(no_texts(len(rows))), *arrays(rows), False, PADDING)
        changes = of if applied.after is None else applied.changes[of]
        columns = self._columns.of(block, batch.times[changes])
        self.mark(columns, applied.applied[changes] & APPLIED_TO_KEY != 0)
        return columns.bad_values


def _numbers_of(measure: Measure) -> tuple[Expression, ...]:
    """What has to be a number."""
    ranking = () if measure.by is None else (measure.by,)
    is_numeric = any(state.numeric for state in measure.aggregate.states)
    return (measure.argument, *ranking) if is_numeric and measure.argument is not None else ranking
