"""The median: the value of rank ceil(n / 2), as `p50` gives it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.sketched import Quantiles
from streamstat.values.columns import ColumnType, Values, doubles


@dataclass(frozen=True, slots=True)
class Median:
    """The value of rank ceil(n / 2), within 0.1 % above the true one, never below."""

    scale: int = 2**20
    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.DOUBLE
    zero_if_empty: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.scale not in (1, 2**20):
            raise ValueError(f"scale={self.scale} is not 1, the scale for whole numbers")

    @property
    def states(self) -> tuple[Quantiles, ...]:
        return (Quantiles(self.scale),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        kinds, numbers = states[0].quantile(place.slots, 1, 2)
        return doubles(numbers, kinds != 0)
