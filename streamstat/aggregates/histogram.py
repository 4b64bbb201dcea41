"""How many numbers lie in each bucket: by powers of two, or between the edges given."""

from dataclasses import dataclass
from math import isfinite
from typing import Any, ClassVar

import numpy as np

from streamstat.aggregates import Place
from streamstat.states.sketched import Buckets
from streamstat.values.columns import ColumnType, Kind, Texts, Values


@dataclass(frozen=True, slots=True)
class Histogram:
    """A list of (exclusive upper bound, count); the bound of the last bucket of given edges is null."""

    edges: tuple[float, ...] = ()
    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.HISTOGRAM
    zero_if_empty: ClassVar[bool] = False
    positional: ClassVar[tuple[str, ...]] = ("edges",)

    def __post_init__(self) -> None:
        if not all(map(isfinite, self.edges)):
            raise ValueError("an edge is no number; for example histogram(x, 10, 100)")
        if any(a >= b for a, b in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError("the edges do not ascend; for example histogram(x, 10, 100)")

    @property
    def states(self) -> tuple[Buckets, ...]:
        return (Buckets(self.edges),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return listed(states[0].results(place.slots))


def listed(texts: tuple[Any, Any]) -> Values:
    """JSON texts as values."""
    offsets, data = texts
    n = len(offsets) - 1
    return Values(np.full(n, Kind.JSON, np.uint8), np.zeros(n, np.int64), Texts(offsets, data))
