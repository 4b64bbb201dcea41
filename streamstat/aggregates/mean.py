"""The mean of the numbers: the exact sum by their count, rounded once."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.exact import Sums
from streamstat.values.columns import ColumnType, Values


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of the numbers: the exact sum by their count, rounded once."""

    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.DOUBLE
    zero_if_empty: ClassVar[bool] = False

    @property
    def states(self) -> tuple[Sums, ...]:
        return (Sums(),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return Values(*states[0].means(place.slots))
