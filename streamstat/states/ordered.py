"""Extremes, first and last values, those of the most extreme events, first-seen values, the smallest values."""

from typing import Any, ClassVar

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.states import Argument, Batch, Cells, RetractingState
from streamstat.states.retracted import number_rows, placed_rows, value_rows
from streamstat.states.swept import Swept, SweptNew, SweptPicks
from streamstat.values.columns import I32, I64, U8, Need, Values


@record
class Extremes:
    """The least or the greatest number."""

    minimum: bool
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True
    written: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[bool] = False
    ordered: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.Extremes(self.minimum)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.kinds, argument.numbers)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def keep(self, state: Any, batch: Batch, argument: Argument | None) -> Cells:
        assert argument is not None
        return {"kinds": argument.kinds, "numbers": argument.numbers}

    def sweep(self, cells: Cells, lo: I64, hi: I64) -> Any:
        swept = kernels.slide_extremes(cells["kinds"], cells["numbers"], cells["take"], lo, hi, self.minimum)
        return Swept(*swept)

    def retracting(self) -> RetractingState:
        return kernels.RetractingExtremes(self.minimum)

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return number_rows(batch, argument)


@record
class Extent:
    """The first and the last event time."""

    need: ClassVar[Need] = Need.NOTHING
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()
    ordered: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.Extents()

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        state.update(batch.slots, batch.times)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()


@record
class Picks:
    """The first or last value by event time, ties by input order."""

    last: bool
    need: ClassVar[Need] = Need.NUMBER | Need.TEXT
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[bool] = True
    ordered: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.Picks(self.last)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        texts = argument.texts
        state.update(
            batch.slots,
            argument.kinds,
            argument.numbers,
            texts.offsets,
            texts.data,
            batch.times,
            batch.sequence,
        )

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def keep(self, state: Any, batch: Batch, argument: Argument | None) -> Cells:
        assert argument is not None
        return {"kinds": argument.kinds, "numbers": argument.numbers, "texts": argument.texts}

    def sweep(self, cells: Cells, lo: I64, hi: I64) -> Any:
        places = kernels.slide_picks(cells["kinds"], cells["take"], lo, hi, self.last)
        return SweptPicks(cells, places)

    def retracting(self) -> RetractingState:
        return kernels.RetractingPicks(self.last, False)

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return placed_rows(batch, argument)


@record
class RankedPicks:
    """The value of the event with the greatest or the least number; ties by event time, then by input order."""

    greatest: bool
    need: ClassVar[Need] = Need.NUMBER | Need.TEXT
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[bool] = True
    ordered: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.RankedPicks(self.greatest)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None and batch.by is not None
        texts = argument.texts
        state.update(
            batch.slots,
            argument.kinds,
            argument.numbers,
            texts.offsets,
            texts.data,
            batch.by.kinds,
            batch.by.numbers,
            batch.times,
            batch.sequence,
        )

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def retracting(self) -> RetractingState:
        return kernels.RetractingPicks(False, self.greatest)

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return placed_rows(batch, argument)


@record
class LeastValues:
    """The n smallest different values, in the order of groups."""

    n: int
    need: ClassVar[Need] = Need.NUMBER | Need.TEXT
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[bool] = False
    ordered: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.LeastStates(self.n)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        texts = argument.texts
        state.update(batch.slots, argument.kinds, argument.numbers, texts.offsets, texts.data)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def retracting(self) -> RetractingState:
        return kernels.RetractingLeast(self.n)

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return value_rows(batch, argument)


class NewCounts:
    """Counts of first-seen values by slot, and the one filter of the stream behind them."""

    def __init__(self) -> None:
        self.seen = kernels.FirstSeen()
        self.counts = kernels.Counts()
        self.resize, self.clear = self.counts.resize, self.counts.clear

    def absorb(self, other: "NewCounts", into: I32, source: I32) -> None:
        self.counts.absorb(other.counts, into, source)

    def snapshot(self, slots: I32) -> tuple[I64, U8]:
        """The counts, and behind them the filter."""
        offsets, data = self.counts.snapshot(slots)
        seen = np.frombuffer(self.seen.snapshot(), np.uint8)
        whole = np.concatenate([data, seen])
        return np.append(offsets, len(whole)), whole

    def restore(self, slots: I32, offsets: I64, data: U8) -> None:
        """Counts and filter as they were."""
        if len(offsets) != len(slots) + 2 or not 0 <= offsets[-2] <= offsets[-1] == len(data):
            raise ValueError("new: no filter behind the counts")
        self.counts.restore(slots, offsets[:-1], data)
        self.seen.restore(data[offsets[-2] :].tobytes())


@record
class New:
    """Events whose value was never counted before in the stream."""

    need: ClassVar[Need] = Need.HASH
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()
    ordered: ClassVar[bool] = False
    needs_all: ClassVar[bool] = True

    @property
    def accuracy(self) -> str:
        return "at most 1 % too low: a Bloom filter takes some new values for known ones"

    def create(self) -> NewCounts:
        return NewCounts()

    def update(self, state: NewCounts, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        fresh = state.seen.mark(batch.slots, argument.hashes, argument.kinds)
        state.counts.update_true(batch.slots, fresh)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def keep(self, state: Any, batch: Batch, argument: Argument | None) -> Cells:
        assert argument is not None
        return {"flags": state.seen.mark(batch.slots, argument.hashes, argument.kinds)}

    def sweep(self, cells: Cells, lo: I64, hi: I64) -> Any:
        return SweptNew(Swept(kernels.slide_true(cells["flags"], cells["take"], lo, hi)))
