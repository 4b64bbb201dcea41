"""How many events, or how many whose argument is not null."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.exact import Counts
from streamstat.values.columns import ColumnType, Values, integers


@dataclass(frozen=True, slots=True)
class Count:
    """How many events, or how many whose argument is not null."""

    argument: ClassVar[str] = "optional"
    type: ClassVar[ColumnType] = ColumnType.INTEGER
    zero_if_empty: ClassVar[bool] = True

    @property
    def states(self) -> tuple[Counts, ...]:
        return (Counts(),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return integers(states[0].values(place.slots))
