"""The sum of the numbers, exact and rounded once; 0 if there are none."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.exact import Sums
from streamstat.values.columns import ColumnType, Values


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of the numbers, exact and rounded once; 0 if there are none."""

    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.ANY
    zero_if_empty: ClassVar[bool] = True

    @property
    def states(self) -> tuple[Sums, ...]:
        return (Sums(),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return Values(*states[0].sums(place.slots))
