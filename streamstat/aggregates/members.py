"""The number of different values as a Bloom filter estimates it; `--sketches` writes the filter."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states import sketched as kept
from streamstat.values.columns import ColumnType, Values


@dataclass(frozen=True, slots=True)
class Members:
    """The filter's estimate, null when it is full; 1 % false positives up to `capacity` values."""

    capacity: int = 10_000
    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.INTEGER
    zero_if_empty: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 1 <= self.capacity <= 100_000_000:
            raise ValueError(f"capacity={self.capacity} is not 1 to 100,000,000; for example capacity=10000")

    @property
    def states(self) -> tuple[kept.Members, ...]:
        return (kept.Members(self.capacity),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        return Values(*states[0].estimates(place.slots))

    def warning(self, states: tuple[Any, ...], place: Place) -> str | None:
        """What to say where a filter holds more values than it was made for."""
        if not states[0].over_full(place.slots).any():
            return None
        what = f"a window has more than {self.capacity:,} values"
        return f"{what}, so its filter passes more than 1 % of others; raise capacity="
