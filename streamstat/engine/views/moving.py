"""Rows that come and go with changes: decoded, each with the number of its group."""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.engine.asides import times_of
from streamstat.engine.columns import Columns
from streamstat.engine.keys import Keys
from streamstat.engine.views.batches import NO_TIME, ChangeBatch
from streamstat.engine.views.kept import Applied, RowsByKey
from streamstat.expressions import Expression
from streamstat.input.events import BlockDecoder
from streamstat.kernels import PADDING
from streamstat.plan.job import Job
from streamstat.plan.viewing import View
from streamstat.values.columns import I32, I64, Mask, Need, Texts, no_texts


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
    """Makes moves of what changes did. placed: somebody asks where rows stand among each other."""

    def __init__(self, job: Job, kept: RowsByKey, keys: Keys, *, placed: bool) -> None:
        assert isinstance(job.kept, View)
        self._job, self._kept, self._keys, self._placed = job, kept, keys, placed
        self._needs = needs_of(job.kept, job.numeric_text)
        written = any(each.asks_written for each in _evaluated(job.kept))
        fields = [(path, int(need)) for path, need in self._needs.items()]
        self._fields = [*fields, ("", int(Need.WRITTEN))] if written else fields
        self._seen: set[str] = set()  # paths that a row had
        self._rows = 0

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is looked for in rows, and none had it; nothing before there are rows."""
        return tuple(path for path in self._needs if path not in self._seen) if self._rows else ()

    def of_events(self, batch: ChangeBatch, applied: Applied) -> RowMoves:
        """Rows before and after these events; where nobody asks for places, not those that stayed as they were."""
        assert applied.before is not None and applied.after is not None
        block, events, gone = kernels.row_moves(
            *_arrays(applied.before), *_arrays(applied.after), not self._placed, PADDING
        )
        leaves = gone.view(np.bool_)
        times = np.where(leaves, applied.before_times[events], batch.times[applied.changes[events]])
        return self._moves(block, events, leaves, applied.slots[events], times)

    def of_rows(self, slots: I32) -> RowMoves:
        """Rows that are there, as if they came."""
        rows, times = self._kept.rows(slots), self._kept.times(slots)
        block, events, gone = kernels.row_moves(
            *_arrays(no_texts(len(slots))), *_arrays(rows), False, PADDING
        )
        return self._moves(block, events, gone.view(np.bool_), slots[events], times[events])

    def _moves(self, block: np.ndarray, events: I64, gone: Mask, slots: I32, times: I64) -> RowMoves:
        decoder = BlockDecoder(self._needs, kernels.JsonDecoder(self._fields, self._job.times))
        found = decoder.decode(block)
        if found.rows != len(events):
            raise ValueError("rows: a text that is none")
        self._rows += found.rows
        self._seen.update(path for path in self._needs if path not in self._seen and found.seen(path))
        columns = Columns(found)
        columns.times = times_of(found, self._job, (times, times != NO_TIME))
        groups = self._keys.encode(columns, None)
        return RowMoves(columns, events, gone, groups, times, self._ties(slots))

    def _ties(self, slots: I32) -> Texts:
        ties = no_texts(len(slots))
        if not self._placed:
            return ties
        for i, column in enumerate(self._kept.key_columns(slots)):
            texts = column.texts or no_texts(len(slots))
            before = (ties.offsets, ties.data) if i else ()
            ties = Texts(*kernels.key_texts(column.kinds, *_arrays(texts), *before))
        return ties


def needs_of(view: View, numeric_text: bool) -> Mapping[str, Need]:
    """What is decoded of rows."""
    needs: dict[str, Need] = {}

    def want(path: str, need: Need) -> None:
        needs[path] = needs.get(path, Need.NOTHING) | need

    for group in view.groups:
        if group.by.field is not None:
            want(group.by.field, Need.CODE)
    for expression in _evaluated(view):
        for path, need in expression.fields.items():
            want(path, need)
    for measure in view.measures:
        if measure.argument is not None and measure.argument.field is not None:
            for state in measure.aggregate.states:
                want(measure.argument.field, state.need)
        if measure.by is not None and measure.by.field is not None:
            want(measure.by.field, Need.NUMBER)
    if numeric_text:
        return {path: need | Need.NUMERIC for path, need in needs.items()}
    return needs


def _evaluated(view: View) -> tuple[Expression, ...]:
    """Expressions that are evaluated, not just fields that are read."""
    plain = (*(group.by for group in view.groups), *(each for one in view.measures for each in one.arguments))
    conditions = (measure.condition for measure in view.measures if measure.condition is not None)
    return (*(each for each in plain if each.field is None), *conditions)


def _arrays(texts: Texts) -> tuple[I64, np.ndarray]:
    return np.ascontiguousarray(texts.offsets), np.ascontiguousarray(texts.data)
