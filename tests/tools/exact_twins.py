"""The plain twins of exact sums: fractions, rounded once."""

import math
from fractions import Fraction

from streamstat.values.columns import Kind
from tools.slot_twins import Stream


def rounded(exact: Fraction) -> float | None:
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return None


def root(square: Fraction) -> float | None:
    """Some 70 bits of the square root, the last one odd if there is a rest; rounded once."""
    shift = max(0, (142 - square.numerator.bit_length() + square.denominator.bit_length()) // 2)
    scaled = square * 4**shift
    lower = math.isqrt(math.floor(scaled))
    return rounded(Fraction(2 * lower + (lower * lower != scaled), 2 << shift))


def exact_values(stream: Stream) -> list[Fraction]:
    return [Fraction(row.counted) for row in stream if row.is_number]


def expected_sum(stream: Stream) -> int | float | None:
    total = sum(exact_values(stream), Fraction(0))
    whole = not any(row.kind == Kind.DOUBLE for row in stream)
    return int(total) if whole and -(2**63) <= total < 2**63 else rounded(total)


def expected_mean(stream: Stream) -> float | None:
    values = exact_values(stream)
    return rounded(sum(values, Fraction(0)) / len(values)) if values else None


def expected_variance(stream: Stream) -> Fraction | None:
    values = exact_values(stream)
    n, total = len(values), sum(values, Fraction(0))
    if n < 2:
        return None
    return (sum((value * value for value in values), Fraction(0)) - total * total / n) / (n - 1)
