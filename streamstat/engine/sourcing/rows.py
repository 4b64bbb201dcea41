"""From the states of entities to rows."""

from collections.abc import Iterator, Mapping

import numpy as np

from streamstat.aggregates import Place
from streamstat.engine.keys import Keys
from streamstat.engine.sourcing.entities import Entities
from streamstat.engine.sourcing.judging import seconds
from streamstat.expressions import Expression, Moments, Times
from streamstat.kernels import TimeReader, read_times
from streamstat.plan.job import Job
from streamstat.plan.sourcing import CHANGED, Sourced, fields_of_changes
from streamstat.values.columns import I32, I64, Kind, Mask, Rows, Values, arrays_of, integers, take_rows


class EntityRows:
    """Reads states of entities; publishes nothing."""

    def __init__(self, job: Job, sourced: Sourced, keys: Keys, at_once: int) -> None:
        self._job, self._sourced, self._keys, self._at_once = job, sourced, keys, at_once
        self._reader = TimeReader()

    def of_all(self, entities: Entities) -> Iterator[Rows]:
        """The rows of all entities, by key; without any a part without rows."""
        slots = entities.live()
        slots = slots[self._keys.row_order(slots, np.zeros(len(slots), np.int64))]
        for lo in range(0, max(len(slots), 1), self._at_once):
            some = slots[lo : lo + self._at_once]
            columns, newest = self._columns(entities, some, some)
            whole = (*self._keys.columns(some), *columns.values(), integers(newest))
            rows = Rows(self._job.fields, whole)
            yield take_rows(rows, np.flatnonzero(self._wanted(rows)))

    def of_changes(self, entities: Entities, slots: I32, keys: I32, front: tuple[Values, ...]) -> Rows:
        """The rows of entities in these slots, each with columns in front."""
        columns, _ = self._columns(entities, slots, keys)
        fields = fields_of_changes(self._job.fields)
        return Rows(fields, (*front, *self._keys.columns(keys), *columns.values()))

    def _columns(self, entities: Entities, slots: I32, keys: I32) -> tuple[dict[str, Values], I64]:
        """What is told of entities but for their keys, by name; and when their newest events were."""
        oldest, newest = entities.times(slots)
        results = entities.store.results(Place(slots, newest - oldest))
        row = {each.name: column for each, column in zip(self._job.measures, results, strict=True)}
        if not self._sourced.columns:
            return row, newest
        names = (group.name for group in self._job.groups)
        row |= dict(zip(names, self._keys.columns(keys), strict=True))
        row[CHANGED] = seconds(newest)
        selected = {name: self._evaluated(each, row, len(slots)) for name, each in self._sourced.columns}
        return selected, newest

    def _wanted(self, rows: Rows) -> Mask:
        having = self._sourced.having
        if having is None:
            return np.ones(len(rows), np.bool_)
        columns = {field.name: column for field, column in zip(rows.fields, rows.columns, strict=True)}
        columns[CHANGED] = seconds(columns[CHANGED].numbers)
        wanted: Mask = self._evaluated(having, columns, len(rows)).kinds == Kind.TRUE
        return wanted

    def _evaluated(self, expression: Expression, columns: Mapping[str, Values], n: int) -> Values:
        def of_values(values: Values) -> Moments:
            times, kinds = read_times(self._reader, *arrays_of(values))
            return times, kinds == 1

        nowhere = np.zeros(n, np.int64), np.zeros(n, np.bool_)
        times = Times(nowhere, lambda path: of_values(columns[path]), of_values, self._job.zone)
        return expression.evaluate({path: columns[path] for path in expression.fields}, n, times).values
