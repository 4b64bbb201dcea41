"""What aggregates keep: thin descriptions over the native state classes, equal where they can be shared.

A description says what it needs of its argument and how to make and feed its state. Slot -1 means: not this row.
For trailing windows nothing is kept by slot: cells of each event are, and swept over once for all rows.
Of rows that may go again, tables are kept out of which they can be taken; see `retracted`.
Knows no aggregate and no window. Begin with `exact`; `sketched` has the sketches.
"""

from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

from streamstat.common.record import record
from streamstat.values.columns import I32, I64, U8, U64, Need, Texts, Values


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


@record
class Batch:
    """What every state may look at: slot int32[n], event time int64[n], number of the first row in the stream.

    by: the numbers that rank the rows, where the call has a second argument that does. ties: texts in whose order rows
    of one time stand, where that of the stream is none; rows without a time are at MINUS_INFINITY then.
    """

    slots: I32
    times: I64
    sequence: int
    by: Argument | None = None
    ties: Texts | None = None


# Arrays of one element an event; texts as `Texts`.
Cells: TypeAlias = dict[str, Any]


class NativeState(Protocol):
    """What all native state classes share; `absorb` of a stream's state equals `update` with that stream."""

    def resize(self, n: int) -> None: ...
    def clear(self, slots: I32) -> None: ...
    def absorb(self, other: Any, into: I32, source: I32) -> None: ...

    def snapshot(self, slots: I32) -> tuple[I64, U8]:
        """The states in these slots as byte strings, behind them what belongs to no slot: offsets, bytes."""
        ...

    def restore(self, slots: I32, offsets: I64, data: U8) -> None:
        """Put back what `snapshot` gave; ValueError for anything else."""
        ...


class State(Protocol):
    """A kind of aggregate state. Frozen: equal descriptions of equal arguments share one state."""

    need: ClassVar[Need]
    numeric: ClassVar[bool]  # a value that is no number is a bad value
    written: ClassVar[tuple[str, ...]]  # names of the columns that hold its state, `{}` for the argument
    ordered: ClassVar[bool]  # whether the order in which states are absorbed shows in the result

    def create(self) -> Any: ...
    def update(self, state: Any, batch: Batch, argument: Argument | None) -> None: ...

    def write(self, state: Any, slots: I32) -> tuple[Values, ...]:
        """The states in these slots as the bytes of their formats, one column for each of `written`."""
        ...


@runtime_checkable
class Rereads(State, Protocol):
    """A state that is whole in its written columns; the law: restored from them it writes the same columns."""

    def reread(self, columns: tuple[Values, ...]) -> tuple[I64, U8]:
        """What `write` gave, or another program in these formats, as `restore` takes it: offsets, bytes.

        Null is no values. ValueError for bytes that are no such state, or one of other parameters.
        """
        ...


@runtime_checkable
class Estimates(Protocol):
    """A state that is not exact, or not always; it says how far off it may be."""

    @property
    def accuracy(self) -> str:
        """In words, as a part of a sentence."""
        ...


@runtime_checkable
class NeedsAll(State, Protocol):
    """A state that depends on all that came before it in the stream: parts of a stream do not make it up."""

    needs_all: ClassVar[bool]


@runtime_checkable
class Ranged(State, Protocol):
    """A state for which absorbing equals updating only within a range."""

    def in_range(self, state: Any, slots: I32) -> U8:
        """Which slots have not left it, uint8[m]."""
        ...


@runtime_checkable
class Slides(State, Protocol):
    """A state out of which values can be taken again, as trailing windows want; see `swept`."""

    def keep(self, state: Any, batch: Batch, argument: Argument | None) -> Cells:
        """What trailing windows keep of each event, arrays of one length; those of slot -1 are left out later."""
        ...

    def sweep(self, cells: Cells, lo: I64, hi: I64) -> Any:
        """The states of rows over events [lo[r], hi[r]), to be read by row as a native state is by slot.

        lo and hi ascend; `cells["take"]` is 0 for events to leave out.
        """
        ...


class RetractingState(Protocol):
    """A native table out of which rows can be taken again; it is read as the native state of the description is.

    The law: after any updates and retracts it tells what a new one tells that was given what is left.
    """

    def resize(self, n: int) -> None: ...
    def clear(self, slots: I32) -> None: ...
    def update(self, rows: Any) -> None: ...

    def retract(self, rows: Any) -> None:
        """Take out rows that were added; ValueError for others, where it knows."""
        ...

    def walk(self, rows: Any, gone: U8, ends: I64, slots: I32) -> Any:
        """The states behind each of many steps, read by step as this is by slot; this stays as it is.

        Step s is about rows up to ends[s], in order added or, where `gone`, taken out; it tells of slots[s].
        """
        ...

    def snapshot(self, slots: I32) -> tuple[I64, U8]: ...
    def restore(self, slots: I32, offsets: I64, data: U8) -> None: ...


@runtime_checkable
class Retracts(State, Protocol):
    """A state out of which rows can be taken again, as views of a table want that is updated."""

    placed: ClassVar[bool]  # it asks when rows have changed, and in what order those of one time stand

    def retracting(self) -> RetractingState:
        """A table of no slots."""
        ...

    def retractable(self, batch: Batch, argument: Argument | None) -> Any:
        """Rows as that table takes them."""
        ...
