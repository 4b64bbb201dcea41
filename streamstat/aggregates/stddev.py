"""The standard deviation of the sample (n - 1); null below two numbers."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.exact import Sums
from streamstat.values.columns import ColumnType, Values


@dataclass(frozen=True, slots=True)
class Stddev:
    """The standard deviation of the sample (n - 1); null below two numbers."""

    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.DOUBLE
    zero_if_empty: ClassVar[bool] = False

    @property
    def states(self) -> tuple[Sums, ...]:
        return (Sums(squares=True),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return Values(*states[0].deviations(place.slots))
