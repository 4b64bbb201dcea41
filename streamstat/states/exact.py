"""Counts and exact sums."""

from typing import Any, ClassVar

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.states import Argument, Batch, Cells, RetractingState
from streamstat.states.retracted import number_rows, plain_rows
from streamstat.states.swept import Swept, SweptSums
from streamstat.values.columns import I32, I64, Kind, Need, Values


@record
class Counts:
    """How many events, or how many whose argument is not null."""

    need: ClassVar[Need] = Need.NOTHING
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[bool] = False
    ordered: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.Counts()

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        if argument is None:
            state.update(batch.slots)
        else:
            state.update_nonnull(batch.slots, argument.kinds)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def keep(self, state: Any, batch: Batch, argument: Argument | None) -> Cells:
        return {} if argument is None else {"kinds": argument.kinds}

    def sweep(self, cells: Cells, lo: I64, hi: I64) -> Any:
        return Swept(kernels.slide_counts(cells.get("kinds"), cells["take"], lo, hi))

    def retracting(self) -> RetractingState:
        return kernels.RetractingCounts()

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return plain_rows(batch, argument)


@record
class Sums:
    """Exact sums of x and, if asked for, of x squared; and how many numbers. Without an argument x is 1."""

    squares: bool = False
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True
    written: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[bool] = False
    ordered: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.ExactSums(self.squares)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        if argument is None:
            n = len(batch.slots)
            state.update(batch.slots, np.full(n, Kind.TRUE, np.uint8), np.ones(n, np.int64))
        else:
            state.update(batch.slots, argument.kinds, argument.numbers)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def keep(self, state: Any, batch: Batch, argument: Argument | None) -> Cells:
        if argument is None:
            n = len(batch.slots)
            return {"kinds": np.full(n, Kind.TRUE, np.uint8), "numbers": np.ones(n, np.int64)}
        return {"kinds": argument.kinds, "numbers": argument.numbers}

    def sweep(self, cells: Cells, lo: I64, hi: I64) -> Any:
        return SweptSums(cells, lo, hi)

    def retracting(self) -> RetractingState:
        return kernels.RetractingSums(self.squares)

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return number_rows(batch, argument)
