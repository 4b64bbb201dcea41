"""The value of the latest event; ties go to the last in the input."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.ordered import Picks
from streamstat.values.columns import ColumnType, Texts, Values, plain_numbers


@dataclass(frozen=True, slots=True)
class Last:
    """The value of the latest event; ties go to the last in the input."""

    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.ANY
    zero_if_empty: ClassVar[bool] = False

    @property
    def states(self) -> tuple[Picks, ...]:
        return (Picks(last=True),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        kinds, numbers, offsets, data = states[0].values(place.slots)
        return plain_numbers(Values(kinds, numbers, Texts(offsets, data)))
