"""Numbers to simpler ones: `abs`, `floor`, `ceil`, `round`; integers stay integers, of a double they give doubles."""

import numpy as np

from streamstat.kernels import round_numbers
from streamstat.values.columns import F64, Kind, Mask, Values


def absolutes(value: Values) -> Values:
    """Without the sign; the one integer whose counterpart int64 does not hold becomes a double."""
    kinds, numbers = _plain(value)
    integer = kinds == Kind.INTEGER
    beyond = integer & (numbers == -(2**63))
    doubles = np.where(beyond, 2.0**63, np.abs(_doubles(numbers, kinds == Kind.DOUBLE)))
    with np.errstate(all="ignore"):
        whole = np.where(integer, np.abs(numbers), 0)
    kinds = np.where(beyond, np.uint8(Kind.DOUBLE), kinds)
    return Values(kinds, np.where(kinds == Kind.DOUBLE, doubles.view(np.int64), whole))


def floors(value: Values) -> Values:
    """The next whole number below."""
    return _whole(value, np.floor)


def ceilings(value: Values) -> Values:
    """The next whole number above."""
    return _whole(value, np.ceil)


def rounded(value: Values, places: int = 0) -> Values:
    """To so many places behind the point, half away from zero, of the number as it is written shortest.

    >>> rounded(Values(np.array([4], np.uint8), np.array([1.005]).view(np.int64)), 2).numbers.view(np.float64).tolist()
    [1.01]
    """
    kinds, numbers = _plain(value)
    return Values(*round_numbers(np.ascontiguousarray(kinds), np.ascontiguousarray(numbers), places))


def _whole(value: Values, function: np.ufunc) -> Values:
    kinds, numbers = _plain(value)
    is_double = kinds == Kind.DOUBLE
    whole: F64 = function(_doubles(numbers, is_double)) + 0.0  # -0.0 becomes 0.0: groups tell them apart
    return Values(kinds, np.where(is_double, whole.view(np.int64), numbers))


def _plain(value: Values) -> tuple[np.ndarray, np.ndarray]:
    """Kinds and numbers with true and false as 1 and 0, and null for what is no number."""
    kinds, numbers = value.kinds, value.numbers
    boolean = (kinds == Kind.TRUE) | (kinds == Kind.FALSE)
    if boolean.any():
        numbers = np.where(boolean, kinds == Kind.TRUE, numbers)
        kinds = np.where(boolean, np.uint8(Kind.INTEGER), kinds)
    if (kinds > Kind.DOUBLE).any():
        kinds = np.where(kinds > Kind.DOUBLE, np.uint8(Kind.NULL), kinds)
    return kinds, numbers


def _doubles(numbers: np.ndarray, there: Mask) -> F64:
    return np.where(there, numbers.view(np.float64), 0.0)
