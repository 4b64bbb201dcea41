"""What aggregates keep a slot: thin descriptions over the native state classes, equal where they can be shared.

A description says what it needs of its argument and how to make and feed its state. Slot -1 means: not this row.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from streamstat import kernels
from streamstat.batch import F64, I32, I64, U8, U64, Kind, Need, Texts


class Argument(Protocol):
    """The argument of an aggregate call, for the rows of one batch."""

    @property
    def kinds(self) -> U8: ...
    @property
    def numbers(self) -> I64: ...
    @property
    def hashes(self) -> U64: ...
    @property
    def texts(self) -> Texts: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """What every state may look at: slot int32[n], event time int64[n], number of the first row in the stream."""

    slots: I32
    times: I64
    sequence: int


class NativeState(Protocol):
    """What all native state classes share; `absorb` of a stream's state equals `update` with that stream."""

    def resize(self, n: int) -> None: ...
    def clear(self, slots: I32) -> None: ...
    def absorb(self, other: Any, into: I32, source: I32) -> None: ...


class State(Protocol):
    """A kind of aggregate state. Frozen: equal descriptions of equal arguments share one state."""

    need: ClassVar[Need]
    numeric: ClassVar[bool]  # a value that is no number is a bad value

    def create(self) -> Any: ...
    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events, or how many whose argument is not null."""

    need: ClassVar[Need] = Need.NOTHING
    numeric: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.Counts()

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        if argument is None:
            state.update(batch.slots)
        else:
            state.update_nonnull(batch.slots, argument.kinds)


@dataclass(frozen=True, slots=True)
class Sums:
    """Exact sums of x and, if asked for, of x squared; and how many numbers. Without an argument x is 1."""

    squares: bool = False
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True

    def create(self) -> Any:
        return kernels.ExactSums(self.squares)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        if argument is None:
            n = len(batch.slots)
            state.update(batch.slots, np.full(n, Kind.TRUE, np.uint8), np.ones(n, np.int64))
        else:
            state.update(batch.slots, argument.kinds, argument.numbers)


@dataclass(frozen=True, slots=True)
class Extremes:
    """The least or the greatest number."""

    minimum: bool
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True

    def create(self) -> Any:
        return kernels.Extremes(self.minimum)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.kinds, argument.numbers)


@dataclass(frozen=True, slots=True)
class Picks:
    """The first or last value by event time, ties by input order."""

    last: bool
    need: ClassVar[Need] = Need.NUMBER | Need.TEXT
    numeric: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.Picks(self.last)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        texts = argument.texts
        state.update(
            batch.slots, argument.kinds, argument.numbers, texts.offsets, texts.data, batch.times, batch.sequence
        )


@dataclass(frozen=True, slots=True)
class Distinct:
    """Different values: an exact set of hashes first, then HyperLogLog registers."""

    p: int = 14
    need: ClassVar[Need] = Need.HASH
    numeric: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.HllStates(self.p)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.hashes, argument.kinds)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """An HdrHistogram of three significant digits; `scale` is that of its written state."""

    scale: int = 2**20
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True

    def create(self) -> Any:
        return kernels.HdrStates()

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.kinds, argument.numbers)


@dataclass(frozen=True, slots=True)
class Buckets:
    """Counts by powers of two, or between the edges given."""

    edges: tuple[float, ...] = ()
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True

    def create(self) -> Any:
        edges: F64 = np.array(self.edges, np.float64)
        return kernels.Histograms(edges)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.kinds, argument.numbers)


@dataclass(frozen=True, slots=True)
class Top:
    """The most frequent values: exact counts first, then Space-Saving in input order."""

    k: int
    need: ClassVar[Need] = Need.TEXT
    numeric: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.TopStates(self.k)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        texts = argument.texts
        state.update(batch.slots, argument.kinds, texts.offsets, texts.data)


@dataclass(frozen=True, slots=True)
class Members:
    """A split-block Bloom filter for `capacity` values."""

    capacity: int = 10_000
    need: ClassVar[Need] = Need.HASH
    numeric: ClassVar[bool] = False

    def create(self) -> Any:
        return kernels.BloomStates(self.capacity)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.hashes, argument.kinds)


class NewCounts:
    """Counts of first-seen values by slot, and the one filter of the stream behind them."""

    def __init__(self) -> None:
        self.seen = kernels.FirstSeen()
        self.counts = kernels.Counts()
        self.resize, self.clear = self.counts.resize, self.counts.clear

    def absorb(self, other: "NewCounts", into: I32, source: I32) -> None:
        self.counts.absorb(other.counts, into, source)


@dataclass(frozen=True, slots=True)
class New:
    """Events whose value was never counted before in the stream."""

    need: ClassVar[Need] = Need.HASH
    numeric: ClassVar[bool] = False

    def create(self) -> NewCounts:
        return NewCounts()

    def update(self, state: NewCounts, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        fresh = state.seen.mark(batch.slots, argument.hashes, argument.kinds)
        state.counts.update_true(batch.slots, fresh)
