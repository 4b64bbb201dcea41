"""The number of different values: exact up to 1,024 a window and group, then HyperLogLog."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states import sketched as kept
from streamstat.values.columns import ColumnType, Values, integers


@dataclass(frozen=True, slots=True)
class Distinct:
    """The number of different values; 2^p registers, standard error 1.04 / sqrt(2^p)."""

    p: int = 14
    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.INTEGER
    zero_if_empty: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 4 <= self.p <= 16:
            raise ValueError(f"p={self.p} is not 4 to 16; for example p=14")

    @property
    def states(self) -> tuple[kept.Distinct, ...]:
        return (kept.Distinct(self.p),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return integers(states[0].estimates(place.slots))
