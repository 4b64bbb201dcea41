"""Aggregate state by slot: one native state for each different (description, argument, condition) of a job.

Mutates its states in place; knows no concrete aggregate.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, count
from typing import Any, Protocol

import numpy as np

from streamstat.aggregates import Place, Warns
from streamstat.common.workers import ALONE, Workers
from streamstat.engine.columns import Columns
from streamstat.engine.kept_states import KeptState
from streamstat.engine.sizes import SIZES, Sizes
from streamstat.engine.slotted import Slotted
from streamstat.engine.states_as_bytes import StatesAsBytes
from streamstat.engine.strategy import Halted
from streamstat.expressions import Expression
from streamstat.plan.job import Measure
from streamstat.states import Argument, Batch, Cells, Slides, State
from streamstat.values.columns import I32, I64, ColumnType, Mask, ResultField, Values
from streamstat.values.packing import Part


class Fed(Protocol):
    """Events as states are fed with them: a block of these, or some that were kept."""

    def condition(self, expression: Expression) -> Mask:
        """Where a condition holds."""
        ...

    def argument(self, expression: Expression, lo: int, hi: int) -> Argument:
        """An argument of an aggregate, rows [lo, hi)."""
        ...

    def mark_bad(self, expression: Expression, condition: str | None, lo: int, slots: I32) -> None:
        """Note rows that have a slot and a value of the wrong type."""
        ...


class Store:
    """The states of all measures. Slots are made by `reserve`, and are empty until updated and after `clear`.

    more: names of states without an argument, which have them whoever keeps them; keeps_more: they are kept anyhow.
    """

    def __init__(
        self,
        measures: tuple[Measure, ...],
        workers: Workers = ALONE,
        sizes: Sizes = SIZES,
        more: tuple[tuple[str, State], ...] = (),
        *,
        keeps_more: bool = False,
    ) -> None:
        self._measures, self.workers, self._sizes = measures, workers, sizes
        self._kept: dict[tuple[State, tuple[str, ...], str | None], KeptState] = {}
        self._of: list[tuple[Any, ...]] = []
        self._more = {state: name for name, state in more}
        for state, name in self._more.items() if keeps_more else ():
            self._kept[state, (), None] = KeptState(state, None, state.create(), None, None, "", name)
        kinds = (measure.aggregate for measure in measures)
        self._warns = [each if isinstance(each, Warns) else None for each in kinds]
        for measure in measures:
            states = (self._keep(state, measure) for state in measure.aggregate.states)
            self._of.append(tuple(kept.native for kept in states))
        self.as_bytes = StatesAsBytes(self._kept.values(), workers, sizes)
        self._size = 0
        self._warnings: dict[str, None] = {}

    def _keep(self, state: State, measure: Measure) -> KeptState:
        argument, condition = measure.argument, measure.condition
        texts = tuple(each.text for each in measure.arguments)
        key = (state, texts, condition.text if condition else None)
        if key not in self._kept:
            sliding = state if isinstance(state, Slides) else None
            plain = self._more.get(state) if key[1:] == ((), None) else None
            names = measure.state_name, plain or self._free_name(measure.name)
            self._kept[key] = KeptState(
                state, sliding, state.create(), argument, condition, *names, measure.by
            )
        return self._kept[key]

    def _free_name(self, column: str) -> str:
        taken = {*self._more.values(), *(kept.column for kept in self._kept.values())}
        others = (f"{column}_{i}" for i in count(2))
        return next(name for name in chain([column], others) if name not in taken)

    def reserve(self, n: int) -> None:
        """Slots [0, n) exist."""
        if n > self._size:
            self._size = max(n, self._size + self._size // 4, 64)
            for kept in self._kept.values():
                kept.native.resize(self._size)

    def parts(self, live: Callable[[], I32]) -> dict[str, Part]:
        """Each state as a part of a snapshot; `live` tells which slots are in use."""
        return {
            f"store/{i}": Slotted(kept.native, self.reserve, live)
            for i, kept in enumerate(self._kept.values())
        }

    def update(self, batch: Batch, columns: Fed, lo: int, hi: int) -> None:
        """Add rows [lo, hi) of a block to the slots that `batch` gives them."""
        fed = self._fed(batch, columns, lo, hi)
        updates = [partial(kept.state.update, kept.native, taken, argument) for kept, taken, argument in fed]
        (self.workers if hi - lo >= self._sizes.many_updated else ALONE).run(updates)

    def _fed(
        self, batch: Batch, columns: Fed, lo: int, hi: int
    ) -> Iterator[tuple[KeptState, Batch, Argument | None]]:
        """What each state is fed with of rows [lo, hi): slots where its condition holds, and its arguments."""
        for kept in self._kept.values():
            taken, argument = batch, None
            if kept.condition is not None:
                holds = columns.condition(kept.condition)[lo:hi]
                slots = np.where(holds, batch.slots, np.int32(-1))
                taken = Batch(slots, batch.times, batch.sequence)
            if kept.argument is not None:
                argument = columns.argument(kept.argument, lo, hi)
            if kept.by is not None:
                by = columns.argument(kept.by, lo, hi)
                taken = Batch(taken.slots, taken.times, taken.sequence, by)
            for each in kept.numbers:
                columns.mark_bad(each, kept.condition_text, lo, taken.slots)
            yield kept, taken, argument

    def note_wrong(self, columns: Columns, lo: int, slots: I32) -> None:
        """Note the rows from `lo` on that have a slot and a value of the wrong type, where they are not added yet."""
        for kept in self._kept.values():
            taken = slots
            if kept.numbers and kept.condition is not None:
                holds = columns.condition(kept.condition)[lo : lo + len(slots)]
                taken = np.where(holds, slots, np.int32(-1))
            for each in kept.numbers:
                columns.mark_bad(each, kept.condition_text, lo, taken)

    def first_wrong(self, columns: Columns, left: Mask | None) -> Halted | None:
        """The first of the rows that are left with a value of the wrong type for an aggregate; None: there is none."""
        found: Halted | None = None
        numbers = [(kept, each) for kept in self._kept.values() for each in kept.numbers]
        for kept, expression in numbers:
            for mask in columns.wrong(expression).values():
                if kept.condition is not None:
                    mask = mask & columns.condition(kept.condition)
                rows = np.flatnonzero(mask if left is None else mask & left)
                if len(rows) and (found is None or rows[0] < found.row):
                    found = Halted(int(rows[0]), (expression.text, kept.condition_text))
        return found

    def keep(self, batch: Batch, columns: Columns, lo: int, hi: int) -> list[Cells]:
        """What trailing windows keep of rows [lo, hi), for each state; `take` says which rows it counts.

        Columns of the same memory are one object: states of one field are kept once.
        """
        kept_cells: list[Cells] = []
        known: dict[tuple[int, Any], Any] = {}
        takes = {id(batch): (batch.slots >= 0).view(np.uint8)}
        for kept, taken, argument in self._fed(batch, columns, lo, hi):
            cells = kept.slider.keep(kept.native, taken, argument)
            for name, column in cells.items():
                if isinstance(column, np.ndarray):
                    memory = column.__array_interface__["data"][0], column.dtype
                    cells[name] = known.setdefault(memory, column)
            take = takes.get(id(taken))
            kept_cells.append({**cells, "take": (taken.slots >= 0).view(np.uint8) if take is None else take})
        return kept_cells

    def swept(self, cells: list[Cells], lo: I64, hi: I64, place: Place) -> tuple[Values, ...]:
        """A column for each measure, of rows over events [lo[r], hi[r]) whose cells these are."""
        workers = self.workers if len(lo) >= self._sizes.many_swept else ALONE
        kept_cells = zip(self._kept.values(), cells, strict=True)
        swept = workers.run(
            [
                partial(kept.sliding.sweep, mine, lo, hi)
                for kept, mine in kept_cells
                if kept.sliding is not None
            ]
        )
        states = {id(kept.native): each for kept, each in zip(self._kept.values(), swept, strict=True)}
        results = [
            partial(measure.aggregate.result, tuple(states[id(native)] for native in natives), place)
            for measure, natives in zip(self._measures, self._of, strict=True)
        ]
        return tuple(workers.run(results))

    @property
    def ordered(self) -> bool:
        """Whether the order in which slots are absorbed shows in a result."""
        return any(kept.state.ordered for kept in self._kept.values())

    def absorb(self, into: I32, source: I32) -> None:
        """Slot into[i] becomes what it and source[i] are together."""
        for kept in self._kept.values():
            kept.native.absorb(kept.native, into, source)

    def absorb_from(self, other: "Store", into: I32, source: I32) -> None:
        """Slot into[i] becomes what it and slot source[i] of a store are that keeps all that this one does, in order.

        A slot that was absorbed into may be a source further on: so states are added up along a row of slots.
        """
        for key, kept in self._kept.items():
            kept.native.absorb(other._kept[key].native, into, source)

    def clear(self, slots: I32) -> None:
        """These slots are empty again."""
        for kept in self._kept.values():
            kept.native.clear(slots)

    def results(self, place: Place) -> tuple[Values, ...]:
        """A column for each measure."""
        columns = []
        for measure, warns, states in zip(self._measures, self._warns, self._of, strict=True):
            columns.append(measure.aggregate.result(states, place))
            if warns is not None and (said := warns.warning(states, place)):
                self._warnings[f"{measure.name}: {said}"] = None
        return tuple(columns)

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """What results say of themselves in here is not kept: they are looked at, and not published."""
        known = dict(self._warnings)
        try:
            yield
        finally:
            self._warnings = known

    @property
    def warnings(self) -> tuple[str, ...]:
        """What results said of themselves, each once."""
        return tuple(self._warnings)

    def state_fields(self) -> tuple[ResultField, ...]:
        """The columns of `--sketches`: the states of all measures, each once."""
        return tuple(
            ResultField(name.format(kept.name), ColumnType.BINARY)
            for kept in self._kept.values()
            for name in kept.state.written
        )

    def states(self, slots: I32) -> tuple[Values, ...]:
        """A column for each of `state_fields`."""
        return tuple(
            column for kept in self._kept.values() for column in kept.state.write(kept.native, slots)
        )
