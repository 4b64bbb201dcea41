"""The k most frequent values with their counts and the error of each count."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from streamstat.aggregates import Place
from streamstat.states import sketched as kept
from streamstat.values.columns import ColumnType, Kind, Texts, Values


@dataclass(frozen=True, slots=True)
class Top:
    """A list of (value, count, error), exact up to max(1024, 20 k) different values, then Space-Saving."""

    k: int = 10
    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.TOP
    zero_if_empty: ClassVar[bool] = False
    positional: ClassVar[tuple[str, ...]] = ("k",)

    def __post_init__(self) -> None:
        if not 1 <= self.k <= 100_000:
            raise ValueError(f"k={self.k} is not 1 to 100,000; for example top(x, 10)")

    @property
    def states(self) -> tuple[kept.Top, ...]:
        return (kept.Top(self.k),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        offsets, data = states[0].results(place.slots)
        n = len(offsets) - 1
        return Values(np.full(n, Kind.JSON, np.uint8), np.zeros(n, np.int64), Texts(offsets, data))
