"""What aggregates keep a slot: thin descriptions over the native state classes, equal where they can be shared.

A description says what it needs of its argument and how to make and feed its state. Slot -1 means: not this row.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from streamstat import kernels
from streamstat.batch import F64, I32, I64, U8, U64, Kind, Need, Texts, Values


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
    written: ClassVar[tuple[str, ...]]  # names of the columns that hold its state, `{}` for the argument

    def create(self) -> Any: ...
    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None: ...

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        """The states in these slots as the bytes of their formats, one column for each of `written`."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events, or how many whose argument is not null."""

    need: ClassVar[Need] = Need.NOTHING
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()

    def create(self) -> Any:
        return kernels.Counts()

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        if argument is None:
            state.update(batch.slots)
        else:
            state.update_nonnull(batch.slots, argument.kinds)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Sums:
    """Exact sums of x and, if asked for, of x squared; and how many numbers. Without an argument x is 1."""

    squares: bool = False
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True
    written: ClassVar[tuple[str, ...]] = ()

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


@dataclass(frozen=True, slots=True)
class Extremes:
    """The least or the greatest number."""

    minimum: bool
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True
    written: ClassVar[tuple[str, ...]] = ()

    def create(self) -> Any:
        return kernels.Extremes(self.minimum)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.kinds, argument.numbers)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Picks:
    """The first or last value by event time, ties by input order."""

    last: bool
    need: ClassVar[Need] = Need.NUMBER | Need.TEXT
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()

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


@dataclass(frozen=True, slots=True)
class Distinct:
    """Different values: an exact set of hashes first, then HyperLogLog registers."""

    p: int = 14
    need: ClassVar[Need] = Need.HASH
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ("hll_{}",)

    def create(self) -> Any:
        return kernels.HllStates(self.p)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.hashes, argument.kinds)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return (binary(*state.registers(slots)),)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """An HdrHistogram of three significant digits; `scale` is that of its written state."""

    scale: int = 2**20
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True
    written: ClassVar[tuple[str, ...]] = ("hdr_{}", "hdr_{}_negative")

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


@dataclass(frozen=True, slots=True)
class Buckets:
    """Counts by powers of two, or between the edges given."""

    edges: tuple[float, ...] = ()
    need: ClassVar[Need] = Need.NUMBER
    numeric: ClassVar[bool] = True
    written: ClassVar[tuple[str, ...]] = ()

    def create(self) -> Any:
        edges: F64 = np.array(self.edges, np.float64)
        return kernels.Histograms(edges)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.kinds, argument.numbers)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Top:
    """The most frequent values: exact counts first, then Space-Saving in input order."""

    k: int
    need: ClassVar[Need] = Need.TEXT
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ()

    def create(self) -> Any:
        return kernels.TopStates(self.k)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        texts = argument.texts
        state.update(batch.slots, argument.kinds, texts.offsets, texts.data)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Members:
    """A split-block Bloom filter for `capacity` values."""

    capacity: int = 10_000
    need: ClassVar[Need] = Need.HASH
    numeric: ClassVar[bool] = False
    written: ClassVar[tuple[str, ...]] = ("bloom_{}",)

    def create(self) -> Any:
        return kernels.BloomStates(self.capacity)

    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        state.update(batch.slots, argument.hashes, argument.kinds)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return (binary(*state.filters(slots)),)


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
    written: ClassVar[tuple[str, ...]] = ()

    def create(self) -> NewCounts:
        return NewCounts()

    def update(self, state: NewCounts, batch: Batch, argument: Argument | None) -> None:
        assert argument is not None
        fresh = state.seen.mark(batch.slots, argument.hashes, argument.kinds)
        state.counts.update_true(batch.slots, fresh)

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        return ()


def binary(offsets: I64, data: U8) -> Values:
    """Byte strings as a column of states."""
    n = len(offsets) - 1
    return Values(np.full(n, Kind.TEXT, np.uint8), np.zeros(n, np.int64), Texts(offsets, data))


def states_of(written: list[bytes | None]) -> Values:
    """States as a column; None is null."""
    lengths = [len(each) if each else 0 for each in written]
    offsets = np.zeros(len(written) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    kinds = np.array([Kind.NULL if each is None else Kind.TEXT for each in written], np.uint8)
    data = np.frombuffer(b"".join(each for each in written if each), np.uint8)
    return Values(kinds, np.zeros(len(written), np.int64), Texts(offsets, data))
