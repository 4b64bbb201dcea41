"""Integers beyond int64, which columns hold as doubles: compared by their spelling, which the columns keep beside them.

Rounding never turns an order round, so that only rows whose doubles are equal are looked at.
"""

import numpy as np

from streamstat.expressions import texts
from streamstat.values.columns import F64, I64, Kind, Mask, Values

_BEYOND = 2.0**63


def ties(left: Values, right: Values) -> I64:
    """The rows in which the doubles of two numbers are equal, and one of these was perhaps rounded."""
    beyond: Mask = np.zeros(1, np.bool_)
    if left.texts is not None or right.texts is not None:  # else nothing is known of what was rounded
        beyond = _is_beyond(left) | _is_beyond(right)
    if not beyond.any():
        return np.zeros(0, np.int64)
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(beyond & (_doubles(left) == _doubles(right)))


def order(left: Values, right: Values, rows: I64) -> I64:
    """-1, 0 or 1 as the number on the left is below, at or above the one on the right, in each of these rows."""
    same = texts.hold("==", _spellings(left), _spellings(right))
    orders = np.zeros(len(rows), np.int64)
    for place in np.flatnonzero(~same[rows]).tolist():
        row = int(rows[place])
        a, b = _integer(left, row), _integer(right, row)
        orders[place] = (a > b) - (a < b)
    return orders


def is_large_of(value: Values, integers: tuple[int, ...]) -> Mask:
    """Whether each number equals one of some integers beyond int64."""
    found: Mask = np.zeros(len(value), np.bool_)
    if not integers or not (beyond := _is_beyond(value)).any():
        return found
    found |= texts.is_any(_spellings(value), tuple(map(str, integers)))
    rounded = np.unique(np.array([float(integer) for integer in integers]))
    wanted = set(integers)
    for row in np.flatnonzero(beyond & ~found & np.isin(_doubles(value), rounded)).tolist():
        found[row] = _integer(value, row) in wanted
    return found


def _is_beyond(value: Values) -> Mask:
    """Where a double is so large that it may stand for an integer beyond int64."""
    with np.errstate(invalid="ignore"):
        beyond: Mask = (value.kinds == Kind.DOUBLE) & (np.abs(value.numbers.view(np.float64)) >= _BEYOND)
    return beyond


def _doubles(value: Values) -> F64:
    integer = value.kinds == Kind.INTEGER
    return np.where(integer, value.numbers.astype(np.float64), value.numbers.view(np.float64))


def _spellings(value: Values) -> Values:
    """The spellings of such doubles, as texts, where they are known."""
    known = value.texts is not None
    return Values(_is_beyond(value) * np.uint8(Kind.TEXT if known else Kind.NULL), value.numbers, value.texts)


def _integer(value: Values, row: int) -> int:
    """The integer that a number is, or that its double is where it is not spelt as one."""
    row = 0 if len(value) == 1 else row
    if value.kinds[row] == Kind.INTEGER:
        return int(value.numbers[row])
    spelling = b"" if value.texts is None else value.texts[row]
    if spelling.removeprefix(b"-").isdigit():
        return int(spelling)
    return int(value.numbers.view(np.float64)[row])
