"""Conditions that look at other events, asked when these are known: as the watermark has passed them."""

from collections.abc import Mapping

import numpy as np

from streamstat.engine.asides import times_of_kept
from streamstat.engine.kept import KeptEvents, KeptRows
from streamstat.engine.wanted import VALUE, Wanted, values_of
from streamstat.kernels import PatternTable
from streamstat.patterns.sought import PREVIOUS, Condition, Sought
from streamstat.plan.job import Job
from streamstat.values.columns import I64, U64, Kind, Mask, Values, spread_over

TUPLES_AT_ONCE = 1 << 18


class Asking:
    """Asks the conditions of a table's due events that could not be asked of an event by itself."""

    def __init__(self, job: Job, sought: Sought, table: PatternTable, kept: KeptEvents) -> None:
        self._job, self._sought, self._table, self._kept = job, sought, table, kept
        late = [(bit, each) for bit, each in enumerate(sought.conditions) if not each.is_alone]
        self._before = [(bit, each) for bit, each in late if not each.looked_at]
        self._tuples = [(bit, each) for bit, each in late if each.looked_at]

    def ask(self) -> None:
        """Of all due events."""
        if not (self._before or self._tuples):
            return
        numbers, _, masks, befores = self._table.due_events()
        if not len(numbers):
            return
        events = self._kept.of(numbers)
        previous = _Previous(self._kept, befores)
        for bit, condition in self._before:
            holds = self._holds(condition, events, previous.columns(condition), {})
            masks = _with(masks, bit, holds)
        for bit, _ in self._tuples:  # whether there are events that they hold for is another question
            masks = _with(masks, bit, np.ones(len(masks), np.bool_))
        self._table.set_masks(masks)
        for bit, condition in self._tuples:
            self._ask_tuples(bit, condition, events, befores)

    def _ask_tuples(self, bit: int, condition: Condition, events: KeptRows, befores: I64) -> None:
        begin, width = 0, len(condition.looked_at)
        while begin < len(events):
            begin, places, numbers = self._table.tuples(bit, begin, TUPLES_AT_ONCE)
            if not len(places):
                continue
            taken = {
                step: self._kept.of(np.ascontiguousarray(numbers[i::width]))
                for i, step in enumerate(condition.looked_at)
            }
            rows = places.astype(np.int64)
            previous = _Previous(self._kept, befores[rows])
            holds = self._holds(condition, events.at(rows), previous.columns(condition), taken)
            self._table.allow(bit, places, numbers, holds.astype(np.uint8))

    def _holds(
        self,
        condition: Condition,
        events: KeptRows,
        previous: Mapping[str, Values],
        taken: Mapping[str, KeptRows],
    ) -> Mask:
        expression = condition.expression
        columns = {path: _field(events, path) for path in expression.fields}
        others = {
            (of, path): previous[path] if of == PREVIOUS else _field(taken[of], path)
            for of, path in expression.references
        }
        times = times_of_kept(self._job, events.times, columns)
        holds: Mask = expression.evaluate(columns, len(events), times, others).values.kinds == Kind.TRUE
        return holds


class _Previous:
    """The events of groups right before others; null where there is none."""

    def __init__(self, kept: KeptEvents, befores: I64) -> None:
        self._there = befores >= 0
        self._rows = kept.of(befores[self._there])

    def columns(self, condition: Condition) -> dict[str, Values]:
        """The fields that a condition looks at."""
        paths = [path for of, path in condition.expression.references if of == PREVIOUS]
        return {path: spread_over(_field(self._rows, path), self._there) for path in paths}


def _field(rows: KeptRows, path: str) -> Values:
    return values_of(rows.cells[Wanted(VALUE, path).label])


def _with(masks: U64, bit: int, holds: Mask) -> U64:
    return masks | (holds.astype(np.uint64) << np.uint64(bit))
