"""The n smallest different values, in the order of groups."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from streamstat.aggregates import Place
from streamstat.states.ordered import LeastValues
from streamstat.values.columns import ColumnType, Kind, Texts, Values


@dataclass(frozen=True, slots=True)
class SmallestValues:
    """A list of the n smallest different values, in the order of groups."""

    n: int = 20
    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.LIST
    zero_if_empty: ClassVar[bool] = False
    positional: ClassVar[tuple[str, ...]] = ("n",)

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 100_000:
            raise ValueError(f"n={self.n} is not 1 to 100,000; for example values(x, 20)")

    @property
    def states(self) -> tuple[LeastValues, ...]:
        return (LeastValues(self.n),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        offsets, data = states[0].results(place.slots)
        n = len(offsets) - 1
        return Values(np.full(n, Kind.JSON, np.uint8), np.zeros(n, np.int64), Texts(offsets, data))
