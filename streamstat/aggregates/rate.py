"""Events, or the sum of the argument, per second of the window."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.exact import Sums
from streamstat.values.columns import ColumnType, Values


@dataclass(frozen=True, slots=True)
class Rate:
    """The exact sum by the true length of the window, rounded once; null over no time."""

    argument: ClassVar[str] = "optional"
    type: ClassVar[ColumnType] = ColumnType.DOUBLE
    zero_if_empty: ClassVar[bool] = False
    over_time: ClassVar[bool] = True

    @property
    def states(self) -> tuple[Sums, ...]:
        return (Sums(),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return Values(*states[0].ratios(place.slots, place.lengths_us, 1_000_000))
