"""The states of groups of rows that come and go: each a table out of which rows can be taken again."""

from typing import Any

import numpy as np

from streamstat import kernels
from streamstat.aggregates import OverTime, Place
from streamstat.common.record import record
from streamstat.engine.views.feeding import CountedRows, FedTable, StateTable, TimedRows
from streamstat.engine.views.moving import RowMoves
from streamstat.plan.job import Measure
from streamstat.states import Argument, Batch, Retracts
from streamstat.values.columns import I32, I64, Need, Values


@record
class GroupSteps:
    """Behind which rows results are asked for: rows in this order, up to ends[s], of slots[s]."""

    rows: I64
    ends: I64
    slots: I32


class Measured:
    """The states of all measures by group."""

    def __init__(self, measures: tuple[Measure, ...]) -> None:
        self._measures = measures
        self._tables: dict[Any, StateTable] = {}
        self._of: list[tuple[StateTable, ...]] = []
        self._counts = self._add("rows", CountedRows())
        times = any(isinstance(measure.aggregate, OverTime) for measure in measures)
        self._spans = self._add("times", TimedRows()) if times else None
        for measure in measures:
            states = (state for state in measure.aggregate.states if isinstance(state, Retracts))
            self._of.append(tuple(self._keep(state, measure) for state in states))
        self._size = 0

    def _add(self, name: str, state: Any) -> StateTable:
        return self._tables.setdefault(name, StateTable(state, state.retracting()))

    def _keep(self, state: Retracts, measure: Measure) -> StateTable:
        condition = measure.condition
        texts = tuple(each.text for each in measure.arguments)
        key = (state, texts, condition.text if condition else None)
        if key not in self._tables:
            made = state.retracting()
            self._tables[key] = StateTable(state, made, measure.argument, condition, measure.by)
        return self._tables[key]

    @property
    def placed(self) -> bool:
        """Whether somebody asks when rows have changed, and in what order they stand."""
        return any(table.state.placed for table in self._tables.values())

    def reserve(self, n: int) -> None:
        """Slots [0, n) exist."""
        if n > self._size:
            self._size = max(n, self._size + self._size // 4, 64)
            for table in self._tables.values():
                table.native.resize(self._size)

    def fed(self, moves: RowMoves) -> list[FedTable]:
        """What each table is fed with."""
        return [self._fed(table, moves) for table in self._tables.values()]

    def _fed(self, table: StateTable, moves: RowMoves) -> FedTable:
        columns, n = moves.columns, len(moves)
        slots = moves.groups
        if table.condition is not None:
            slots = np.where(columns.condition(table.condition), slots, np.int32(-1))
        argument = None if table.argument is None else columns.argument(table.argument, 0, n)
        by = None if table.by is None else columns.argument(table.by, 0, n)
        if not table.state.placed:
            slots = np.where(_stays(table, argument, slots, moves.events), np.int32(-1), slots)
        return FedTable(table, Batch(slots, moves.times, 0, by, moves.ties), argument)

    def change(self, fed: list[FedTable], gone: np.ndarray) -> None:
        """Rows come, and then rows go: one that comes may replace one that came with them."""
        for each in fed:
            slots = each.batch.slots
            each.table.native.update(each.rows(np.where(gone, np.int32(-1), slots)))
            if gone.any():
                each.table.native.retract(each.rows(np.where(gone, slots, np.int32(-1))))

    def clear(self, slots: I32) -> None:
        """These groups are gone."""
        for table in self._tables.values():
            table.native.clear(slots)

    def counts(self, slots: I32) -> I64:
        """How many rows groups have."""
        counts: I64 = self._counts.native.values(slots)
        return counts

    def results(self, slots: I32) -> tuple[Values, ...]:
        """A column for each measure."""
        lengths = np.zeros(len(slots), np.int64) if self._spans is None else self._spans.native.lengths(slots)
        place = Place(slots, lengths)
        return tuple(
            measure.aggregate.result(tuple(table.native for table in tables), place)
            for measure, tables in zip(self._measures, self._of, strict=True)
        )

    def walked(
        self, fed: list[FedTable], steps: GroupSteps, gone: np.ndarray
    ) -> tuple[I64, tuple[Values, ...]]:
        """Behind each step, as if rows came one by one: how many rows its group has, and a column for each measure."""
        leaves = gone[steps.rows].view(np.uint8)
        walks = {
            id(each.table): each.table.native.walk(each.rows_at(steps.rows), leaves, steps.ends, steps.slots)
            for each in fed
        }
        every = np.arange(len(steps.slots), dtype=np.int32)
        lengths = np.zeros(len(every), np.int64)
        if self._spans is not None:
            lengths = walks[id(self._spans)].lengths(every)
        results = tuple(
            measure.aggregate.result(tuple(walks[id(table)] for table in tables), Place(every, lengths))
            for measure, tables in zip(self._measures, self._of, strict=True)
        )
        return walks[id(self._counts)].values(every), results


def _stays(table: StateTable, argument: Argument | None, slots: I32, events: I64) -> np.ndarray:
    """Which rows go and come back as the same to this table."""
    stays = np.zeros(len(slots), np.bool_)
    if len(slots) < 2:
        return stays
    same = (events[1:] == events[:-1]) & (slots[1:] == slots[:-1])
    if argument is not None and same.any():
        same &= argument.kinds[1:] == argument.kinds[:-1]
        need = table.state.need
        if need & Need.NUMBER:
            same &= argument.numbers[1:] == argument.numbers[:-1]
        if need & Need.HASH:
            same &= argument.hashes[1:] == argument.hashes[:-1]
        if need & Need.TEXT:
            texts = argument.texts
            offsets, data = np.ascontiguousarray(texts.offsets), texts.data
            same &= kernels.same_texts(offsets[1:].copy(), data, offsets[:-1].copy(), data).view(np.bool_)
    stays[1:] |= same
    stays[:-1] |= same
    return stays
