"""Counted events whose value was never counted before in the stream; at most 1 % are missed."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states import ordered as kept
from streamstat.values.columns import ColumnType, Values, integers


@dataclass(frozen=True, slots=True)
class New:
    """Counted events whose value was never counted before in the stream, in input order."""

    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.INTEGER
    zero_if_empty: ClassVar[bool] = True

    @property
    def states(self) -> tuple[kept.New, ...]:
        return (kept.New(),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return integers(states[0].counts.values(place.slots))
