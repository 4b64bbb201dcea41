"""`quantile(x, 0.99)`, and `p99(x)`, `p99.9(x)` for short: nearest-rank percentiles from an HdrHistogram."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from streamstat.aggregates import Place
from streamstat.states.sketched import Quantiles
from streamstat.values.columns import ColumnType, Values, doubles

MOST_DECIMALS = 18  # as many fit the native rank


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value of rank ceil(q * n), within 0.1 % above the true one, never below; q is a decimal as written."""

    q: str = ""
    scale: int = 2**20
    argument: ClassVar[str] = "required"
    type: ClassVar[ColumnType] = ColumnType.DOUBLE
    zero_if_empty: ClassVar[bool] = False
    positional: ClassVar[tuple[str, ...]] = ("q",)

    def __post_init__(self) -> None:
        try:
            q = Decimal(self.q)
            exponent = q.as_tuple().exponent
            fits = 0 <= q <= 1 and isinstance(exponent, int) and -MOST_DECIMALS <= exponent <= 0
        except InvalidOperation:
            fits = False
        if not fits:
            raise ValueError(
                f"{self.q!r} is no quantile from 0 to 1; for example quantile(x, 0.99) or p99(x)"
            )
        if self.scale not in (1, 2**20):
            raise ValueError(f"scale={self.scale} is not 1, the scale for whole numbers")

    @property
    def states(self) -> tuple[Quantiles, ...]:
        return (Quantiles(self.scale),)

    def result(self, states: tuple[Any, ...], place: Place) -> Values:
        numerator, denominator = Decimal(self.q).as_integer_ratio()
        kinds, numbers = states[0].quantile(place.slots, numerator, denominator)
        return doubles(numbers, kinds != 0)


def percentile(name: str) -> str | None:
    """The q of a name such as `p99.9`; None if it is no such name.

    >>> percentile("p99.9")
    '0.999'
    """
    digits = name[1:]
    if not name.startswith("p") or not digits.replace(".", "", 1).isdigit() or not digits[0].isdigit():
        return None
    return str(Decimal(digits) / 100)
