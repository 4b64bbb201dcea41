"""Rows in the order of their values: numbers, texts, false, true, other JSON; null last, in either direction.

1 and 1.0 are alike here: which of them is first follows from the order of rows.
"""

import numpy as np
import numpy.typing as npt

from streamstat import kernels
from streamstat.values.columns import F64, I64, Kind, Values, arrays_of, take

CLASSES = np.array([5, 2, 3, 0, 0, 1, 4, 0], np.int64)  # by kind
Key = npt.NDArray[np.int64] | npt.NDArray[np.float64]


def row_ranks(values: Values, descends: bool) -> list[Key]:
    """Columns of numbers by which rows are in this order, the first counting most.

    >>> keys = row_ranks(Values(np.array([3, 0, 3], np.uint8), np.array([1, 0, 2])), True)
    >>> np.lexsort(keys[::-1]).tolist()
    [2, 0, 1]
    """
    kinds = values.kinds
    classes = CLASSES[kinds]
    rest = np.zeros(len(values), np.int64)
    spelt = np.flatnonzero((kinds == Kind.TEXT) | (kinds == Kind.JSON) | (kinds == Kind.HUGE))
    numbers = _doubles(values)
    if len(spelt):
        some = take(values, spelt)
        told, _, offsets, data = arrays_of(some)
        rest[spelt] = kernels.rank_values(told, offsets, data)
        negative = np.array([data[lo : lo + 1].tobytes() == b"-" for lo in offsets[:-1].tolist()], np.bool_)
        numbers[spelt] = np.where(told == Kind.HUGE, np.where(negative, -np.inf, np.inf), 0.0)
    # What the nearest double of an integer beyond 2^53 does not tell.
    large = np.flatnonzero((kinds == Kind.INTEGER) & (np.abs(numbers) >= 2.0**53))
    exact = values.numbers[large].tolist()
    rest[large] = [each - int(near) for each, near in zip(exact, numbers[large].tolist(), strict=True)]
    null = (kinds == Kind.NULL).astype(np.int64)
    return [null, -classes, -numbers, -rest] if descends else [null, classes, numbers, rest]


def first_of_each(windows: I64, most: int) -> I64:
    """The places of the first so many rows of each window; windows int64[n], in order."""
    begins = np.searchsorted(windows, windows)
    return np.flatnonzero(np.arange(len(windows)) - begins < most)


def _doubles(values: Values) -> F64:
    """The number nearest to each value, 0 for what is none."""
    whole = np.where(values.kinds == Kind.INTEGER, values.numbers, 0).astype(np.float64)
    return whole + np.where(values.kinds == Kind.DOUBLE, values.numbers, 0).view(np.float64)
