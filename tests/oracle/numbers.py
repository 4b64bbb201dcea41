"""Numeric aggregates of a list of numbers, as exact fractions rounded once."""

import math
import struct
from fractions import Fraction
from typing import TypeAlias

from .expressions import HIGHEST, LOWEST

Buckets: TypeAlias = list[tuple[float | None, int]]


def divided(total: Fraction, by: Fraction | int) -> Fraction | None:
    return total / by if by else None


def double(exact: Fraction | None) -> float | None:
    """The nearest double; null for nothing and beyond double."""
    try:
        return None if exact is None else float(exact)
    except OverflowError:
        return None


def of_numbers(
    function: str, parameters: tuple[Fraction, ...], values: list[int | float], seconds: Fraction
) -> int | float | Buckets | None:
    """A numeric aggregate of the numbers of a window."""
    n = len(values)
    exact = [Fraction(value) for value in values]
    total = sum(exact, Fraction(0))
    whole = all(isinstance(value, int) for value in values)
    if function == "sum":
        return int(total) if whole and LOWEST <= total <= HIGHEST else double(total)
    if function == "rate":
        return double(divided(total, seconds))
    if function == "histogram":
        return _edges(exact, parameters) if parameters else _powers(exact)
    if n == 0:
        return None
    if function in ("min", "max"):
        extreme = min(exact) if function == "min" else max(exact)
        return int(extreme) if whole else double(extreme)
    if function == "mean":
        return double(total / n)
    if function == "quantile":
        return percentile(exact, parameters[0])
    if n < 2:
        return None
    variance = (sum((value * value for value in exact), Fraction(0)) - total * total / n) / (n - 1)
    return double(variance) if function == "var" else root(variance)


def root(square: Fraction) -> float | None:
    """The double nearest to the square root: some 70 bits of it, the last one odd if there is a rest."""
    shift = max(0, (142 - square.numerator.bit_length() + square.denominator.bit_length()) // 2)
    scaled = square * 4**shift
    lower = math.isqrt(math.floor(scaled))
    return double(Fraction(2 * lower + (lower * lower != scaled), 2 << shift))


def percentile(values: list[Fraction], q: Fraction) -> float | None:
    """The nearest rank, printed as the edge of its bucket: 1,024 to an octave, by the top bits of a double.

    >>> percentile([Fraction(n) for n in range(1, 2001)], Fraction("0.99"))
    1980.0
    """
    chosen = sorted(values)[max(1, math.ceil(q * len(values))) - 1]
    lower, upper = _bucket(abs(chosen))
    edge = upper if chosen > 0 else -lower
    if all(value.denominator == 1 for value in values):
        edge = math.ceil(edge) - 1 if chosen > 0 else math.floor(edge)
    return double(Fraction(min(edge, max(values))))


def _bucket(magnitude: Fraction) -> tuple[Fraction, Fraction | float]:
    """[lower, upper) of the bucket that holds a magnitude."""
    double = float(magnitude)
    if Fraction(double) > magnitude:
        double = math.nextafter(double, 0)
    top = struct.unpack("<q", struct.pack("<d", double))[0] >> 42
    lower, upper = (struct.unpack("<d", struct.pack("<q", bits << 42))[0] for bits in (top, top + 1))
    return Fraction(lower), upper if math.isinf(upper) else Fraction(upper)


def _powers(values: list[Fraction]) -> Buckets:
    counts: dict[Fraction, int] = {}
    for value in values:
        if value != 0:
            counts[_power_above(value)] = counts.get(_power_above(value), 0) + 1
    zeros = values.count(Fraction(0))
    if zeros:
        lowest = min([bound for bound in counts if bound > 0], default=Fraction(1))
        bound = min(lowest, Fraction(1))
        counts[bound] = counts.get(bound, 0) + zeros
    return [(double(bound), count) for bound, count in sorted(counts.items())]


def _power_above(value: Fraction) -> Fraction:
    """The least of the bounds ±2^k that is above a value."""
    power = Fraction(1)
    if value > 0:
        while power <= value:
            power *= 2
        while power / 2 > value:
            power /= 2
        return power
    while power < -value:
        power *= 2
    while power >= -value:
        power /= 2
    return -power


def _edges(values: list[Fraction], edges: tuple[Fraction, ...]) -> Buckets:
    rows: Buckets = []
    lower: Fraction | float = -math.inf
    for edge in sorted(edges):
        rows.append((double(edge), sum(lower <= value < edge for value in values)))
        lower = edge
    return [*rows, (None, sum(value >= lower for value in values))]
