"""Sketches, and counts by bucket."""

from typing import Any, ClassVar

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.states import Argument, Batch, Cells, RetractingState, State
from streamstat.states.retracted import hashed_rows, number_rows, spelt_rows
from streamstat.states.swept import SweptDistinct, SweptQuantiles
from streamstat.states.written import binary, placed_in, states_in, states_of
from streamstat.values.columns import F64, I32, I64, U8, Need, Values


@record
class Distinct:
    """Different values: an exact set of hashes first, then HyperLogLog registers."""

    p: int = 14
    need: ClassVar[Need] = Need.HASH
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ("hll_{}",)
    placed: ClassVar[bool] = False
    ordered: ClassVar[bool] = False

    @property
    def accuracy(self) -> str:
        typical = 104 / 2 ** (self.p / 2)  # percent: the standard error of so many registers
        return f"exact up to 1,024 values and in sliding windows, else off by {typical:.2g} %, typically"

    def create(self) -> Any:
        return kernels.HllStates(self.p)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.hashes, argument.kinds)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return (binary(*state.registers(slots)),)

    def reread(self, columns: tuple[Values, ...]) -> tuple[I64, U8]:
        (states,) = columns
        table = empty_table(self, len(states))
        table.restore_registers(*placed_in(states))
        return all_states(table)

    def keep(self, state: Any, batch: Batch, argument: Argument | None) -> Cells:
        assert argument is not None
        return {"kinds": argument.kinds, "hashes": argument.hashes}

    def sweep(self, cells: Cells, lo: I64, hi: I64) -> Any:
        return SweptDistinct(kernels.slide_distinct(cells["hashes"], cells["kinds"], cells["take"], lo, hi))

    def retracting(self) -> RetractingState:
        return kernels.RetractingDistinct()

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return hashed_rows(batch, argument)


@record
class Quantiles:
    """An HdrHistogram of three significant digits; `scale` is that of its written state."""

    scale: int = 2**20
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True
    written: ClassVar[tuple[str, ...]] = ("hdr_{}", "hdr_{}_negative")
    placed: ClassVar[bool] = False
    ordered: ClassVar[bool] = False

    @property
    def accuracy(self) -> str:
        return "at most 0.1 % too high, never too low"

    def create(self) -> Any:
        return kernels.HdrStates()

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.kinds, argument.numbers)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        from streamstat.sketches import hdr

        return states_of(hdr.encode(state, slots, self.scale)), states_of(
            hdr.encode_negative(state, slots, self.scale)
        )

    def reread(self, columns: tuple[Values, ...]) -> tuple[I64, U8]:
        from streamstat.sketches import hdr

        positive, negative = map(states_in, columns)
        table = empty_table(self, len(positive))
        hdr.restore(table, positive, negative)
        return all_states(table)

    def keep(self, state: Any, batch: Batch, argument: Argument | None) -> Cells:
        assert argument is not None
        return {"kinds": argument.kinds, "numbers": argument.numbers}

    def sweep(self, cells: Cells, lo: I64, hi: I64) -> Any:
        return SweptQuantiles(cells, lo, hi)

    def retracting(self) -> RetractingState:
        return kernels.RetractingPercentiles()

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return number_rows(batch, argument)


@record
class Buckets:
    """Counts by powers of two, or between the edges given."""

    edges: tuple[float, ...] = ()
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True
    written: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[bool] = False
    ordered: ClassVar[bool] = False

    def create(self) -> Any:
        edges: F64 = np.array(self.edges, np.float64)
        return kernels.Histograms(edges)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.kinds, argument.numbers)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def retracting(self) -> RetractingState:
        edges: F64 = np.array(self.edges, np.float64)
        return kernels.RetractingHistograms(edges)

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return number_rows(batch, argument)


@record
class Top:
    """The most frequent values: exact counts first, then Space-Saving in input order."""

    k: int
    need: ClassVar[Need] = Need.TEXT
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[bool] = False
    ordered: ClassVar[bool] = True

    @property
    def accuracy(self) -> str:
        return f"exact up to {max(1024, 20 * self.k):,} different values, then with the error that it tells"

    def create(self) -> Any:
        return kernels.TopStates(self.k)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        texts = argument.texts
        state.update(batch.slots, argument.kinds, texts.offsets, texts.data)

    def in_range(self, state: Any, slots: I32) -> U8:
        exact: U8 = state.exact(slots)
        return exact

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()

    def retracting(self) -> RetractingState:
        return kernels.RetractingTop(self.k)

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        return spelt_rows(batch, argument)


@record
class Members:
    """A split-block Bloom filter for `capacity` values."""

    capacity: int = 10_000
    need: ClassVar[Need] = Need.HASH
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ("bloom_{}",)
    ordered: ClassVar[bool] = False

    @property
    def accuracy(self) -> str:
        return f"an estimate by a Bloom filter for {self.capacity:,} values"

    def create(self) -> Any:
        return kernels.BloomStates(self.capacity)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.hashes, argument.kinds)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return (binary(*state.filters(slots)),)

    def reread(self, columns: tuple[Values, ...]) -> tuple[I64, U8]:
        (states,) = columns
        table = empty_table(self, len(states))
        table.restore_filters(*placed_in(states))
        return all_states(table)


def empty_table(state: State, n: int) -> Any:
    """A table of so many empty states."""
    table = state.create()
    table.resize(n)
    return table


def all_states(table: Any) -> tuple[I64, U8]:
    """All states of a table as byte strings: offsets, bytes."""
    offsets, data = table.snapshot(np.arange(len(table), dtype=np.int32))
    return offsets, data
