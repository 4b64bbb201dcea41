"""The part that each row has of the sum over its window."""

import math

import numpy as np

from streamstat.values.columns import F64, I64, Kind, Mask, Values, doubles

EXACT = 2**53  # integers up to here are doubles


def shares(values: Values, windows: I64) -> Values:
    """value / sum of its window, for n values whose windows are numbered from 0, in order; null where the value is no
    number, and where the sum is 0 or beyond double.

    >>> column = Values(np.full(3, Kind.INTEGER, np.uint8), np.array([1, 3, 5]))
    >>> shares(column, np.array([0, 0, 1])).numbers.view(np.float64).tolist()
    [0.25, 0.75, 1.0]
    """
    whole: Mask = values.kinds == Kind.INTEGER
    known: Mask = whole | (values.kinds == Kind.DOUBLE)
    n = int(windows[-1]) + 1 if len(windows) else 0
    integers = np.where(whole, values.numbers, 0)
    fractions = np.where(values.kinds == Kind.DOUBLE, values.numbers, 0).view(np.float64)
    sums = _sums(integers, fractions, windows, n)
    with np.errstate(all="ignore"):
        parts = np.where(whole, integers.astype(np.float64), fractions) / sums[windows] + 0.0  # no -0.0
    return doubles(parts, known & np.isfinite(parts))


def _sums(integers: I64, fractions: F64, windows: I64, n: int) -> F64:
    """The sum of each window, rounded once."""
    begins = np.searchsorted(windows, np.arange(n))
    most = int(np.abs(integers.astype(np.float64)).max(initial=0.0)) + 1
    if not fractions.any() and most * max(len(integers), 1) < EXACT:
        return np.add.reduceat(integers, begins).astype(np.float64) if n else np.zeros(0)
    ends = [*begins[1:].tolist(), len(windows)]
    pairs = zip(begins.tolist(), ends, strict=True)
    return np.array([_sum(integers[lo:hi].tolist(), fractions[lo:hi].tolist()) for lo, hi in pairs])


def _sum(integers: list[int], fractions: list[float]) -> float:
    whole = sum(integers)
    try:
        return float(whole) if not any(fractions) else math.fsum([*fractions, *map(float, _exact(whole))])
    except OverflowError:  # of the sum, or only of one on the way to it, beyond which `fsum` does not go
        return _far_sum(whole, fractions)


def _far_sum(whole: int, fractions: list[float]) -> float:
    """NaN if it is beyond double."""
    from fractions import Fraction

    try:
        return float(sum(map(Fraction, fractions), Fraction(whole)))
    except OverflowError:
        return math.nan


def _exact(whole: int) -> list[int]:
    """An integer as integers that are doubles."""
    parts = []
    while whole:
        parts.append(int(float(whole)))
        whole -= parts[-1]
    return parts
