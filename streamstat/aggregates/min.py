"""The least number."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.ordered import Extremes
from streamstat.values.columns import ColumnType, Values


@dataclass(frozen=True, slots=True)
class Min:
    """The least number."""

    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.ANY
    zero_if_empty: ClassVar[bool] = False

    @property
    def states(self) -> tuple[Extremes, ...]:
        return (Extremes(minimum=True),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return Values(*states[0].values(place.slots))
