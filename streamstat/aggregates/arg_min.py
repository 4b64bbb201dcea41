"""The value of the event with the least number; of equal ones the earliest, then the first in the input."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.ordered import RankedPicks
from streamstat.values.columns import ColumnType, Texts, Values, plain_numbers


@dataclass(frozen=True, slots=True)
class ArgMin:
    """The value of the event with the least number; of equal ones the earliest, then the first in the input."""

    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.ANY
    zero_if_empty: ClassVar[bool] = False
    ranking: ClassVar[str] = "by"

    @property
    def states(self) -> tuple[RankedPicks, ...]:
        return (RankedPicks(greatest=False),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        kinds, numbers, offsets, data = states[0].values(place.slots)
        return plain_numbers(Values(kinds, numbers, Texts(offsets, data)))
