"""What an aggregate is: a description without state that names the states it reads and turns them into a column.

One frozen dataclass a file; the file's name is the name of the call. Its fields are the keyword arguments of the call;
positional arguments behind the first go to the fields in `positional`. Where there is a `ranking`, the second argument
is an expression of that name: the number that ranks the events. No aggregate knows windows, groups or other aggregates.
Begin with `count`, then `quantile`.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

from streamstat.states import State
from streamstat.values.columns import I32, I64, ColumnType, Values


@dataclass(frozen=True, slots=True)
class Place:
    """Where results are read: slot int32[m] of each row, and the length of its window in microseconds int64[m]."""

    slots: I32
    lengths_us: I64


class Aggregate(Protocol):
    """An aggregate call without its argument."""

    argument: ClassVar[str]  # "none", "optional" or "required"
    type: ClassVar[ColumnType]
    zero_if_empty: ClassVar[bool]  # in a window filled in without events: 0, or null

    @property
    def states(self) -> tuple[State, ...]:
        """The states it reads."""
        ...

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        """One value a row."""
        ...


@runtime_checkable
class Warns(Aggregate, Protocol):
    """An aggregate whose results may be of less worth than they look."""

    def warning(self, states: tuple[Any, ...], place: Place) -> str | None:
        """What a reader of the rows should know of them; None if there is nothing to say."""
        ...


@runtime_checkable
class OverTime(Aggregate, Protocol):
    """An aggregate that asks how long windows are."""

    over_time: ClassVar[bool]
