"""Comparisons and three-valued logic over columns of JSON values; each row by its own types.

A truth is `Values` of kinds FALSE, TRUE and NULL. Of any two columns one may hold a single row, a literal.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from streamstat.expressions import exact, texts
from streamstat.values.columns import F64, I64, U8, Kind, Mask, Values

_HOLDS: dict[str, Callable[..., Mask]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def truths(held: Mask, known: Mask | bool = True) -> Values:
    """The truth of each row: `held` where `known`, else null.

    >>> truths(np.array([True, False, True]), np.array([True, True, False])).kinds.tolist()
    [2, 1, 0]
    """
    kinds = np.add(held, int(Kind.FALSE), dtype=np.uint8)  # FALSE and TRUE follow each other
    if known is not True:
        kinds = kinds * known
    return Values(kinds, np.broadcast_to(np.int64(0), kinds.shape))


def negate(truth: Values) -> Values:
    """Not, of the truths of a column; what is no truth gives null."""
    true, false = truth.kinds == Kind.TRUE, truth.kinds == Kind.FALSE
    return truths(false, true | false)


def all_of(parts: list[Values]) -> Values:
    """Kleene's and: false if any is, else null if any is no truth, else true."""
    return _decide(parts, Kind.FALSE)


def any_of(parts: list[Values]) -> Values:
    """Kleene's or: true if any is, else null if any is no truth, else false."""
    return _decide(parts, Kind.TRUE)


def compare(op: str, left: Values, right: Values) -> Values:
    """`left op right`: of two numbers exactly, of two texts by UTF-8 bytes, false < true; else null."""
    lefts, rights = left.kinds, right.kinds
    if (rights == Kind.INTEGER).all() and (lefts == Kind.INTEGER).all():
        return truths(_HOLDS[op](left.numbers, right.numbers))
    numbers = _is_number(lefts) & _is_number(rights)
    booleans = _is_boolean(lefts) & _is_boolean(rights)
    both_texts = (lefts == Kind.TEXT) & (rights == Kind.TEXT)
    held = np.zeros(numbers.shape, np.bool_)
    if numbers.any():
        held = _numbers_hold(op, left, right) & numbers
        if len(rows := exact.ties(left, right)):
            held[rows] = _HOLDS[op](exact.order(left, right, rows), 0) & numbers[rows]
    if booleans.any():
        held |= _HOLDS[op](lefts, rights) & booleans
    if both_texts.any():
        held |= texts.hold(op, left, right) & both_texts
    return truths(held, numbers | booleans | both_texts)


def is_among(value: Values, found: Mask, elements: list[Values]) -> Values:
    """`value in (...)`: true if found or equal to one; else null if it or an element is null; else false.

    An element of another type is no match, where `==` with it would be null.
    """
    unknown = value.kinds == Kind.NULL
    for element in elements:
        found = found | (compare("==", value, element).kinds == Kind.TRUE)
        unknown = unknown | (element.kinds == Kind.NULL)
    return truths(found, found | ~unknown)


def is_integer_of(value: Values, integers: tuple[int, ...]) -> Mask:
    """Whether each number equals one of some int64, whole doubles above the least int64 included.

    A double at that edge may be rounded; `exact` looks at it.
    """
    if not integers:
        return np.zeros(len(value), np.bool_)
    sought = np.unique(np.array(integers, np.int64))
    wholes, whole = value.numbers, value.kinds == Kind.INTEGER
    if (doubles := value.kinds == Kind.DOUBLE).any():
        floors, inside = _floors(value.numbers.view(np.float64))
        with np.errstate(invalid="ignore"):
            inside &= floors > np.iinfo(np.int64).min
            whole = whole | (doubles & inside & (floors == value.numbers.view(np.float64)))
        wholes = np.where(doubles, floors, wholes)
    places = np.minimum(np.searchsorted(sought, wholes), len(sought) - 1)
    found: Mask = (sought[places] == wholes) & whole
    return found


def _decide(parts: list[Values], deciding: Kind) -> Values:
    decided: Mask = np.zeros(1, np.bool_)
    unknown: Mask = np.zeros(1, np.bool_)
    for part in parts:
        decided = decided | (part.kinds == deciding)
        unknown = unknown | ~_is_boolean(part.kinds)
    held = decided if deciding == Kind.TRUE else ~decided
    return truths(held, decided | ~unknown)


def _is_number(kinds: U8) -> Mask:
    number: Mask = (kinds == Kind.INTEGER) | (kinds == Kind.DOUBLE)
    return number


def _is_boolean(kinds: U8) -> Mask:
    boolean: Mask = (kinds == Kind.TRUE) | (kinds == Kind.FALSE)
    return boolean


def _numbers_hold(op: str, left: Values, right: Values) -> Mask:
    """The comparison wherever both are numbers; no integer passes through a double."""
    lefts, rights = left.kinds == Kind.INTEGER, right.kinds == Kind.INTEGER
    left_doubles, right_doubles = left.numbers.view(np.float64), right.numbers.view(np.float64)
    with np.errstate(invalid="ignore"):  # integers seen as doubles may look like signalling NaN
        held = np.where(
            lefts & rights,
            _HOLDS[op](left.numbers, right.numbers),
            _HOLDS[op](left_doubles, right_doubles),
        )
        if (mixed := lefts & ~rights).any():
            held = np.where(mixed, _HOLDS[op](_order(left, right_doubles), 0), held)
        if (mixed := rights & ~lefts).any():
            held = np.where(mixed, _HOLDS[op](0, _order(right, left_doubles)), held)
    return held


def _order(integers: Values, doubles: F64) -> npt.NDArray[np.int8]:
    """-1, 0 or 1 as each integer is below, at or above its double: by floor, then by what floor cut off."""
    wholes, inside = _floors(doubles)
    order = np.subtract(integers.numbers > wholes, integers.numbers < wholes, dtype=np.int8)
    order = np.where((order == 0) & (doubles > wholes), np.int8(-1), order)
    return np.where(inside, order, np.where(doubles < 0, np.int8(1), np.int8(-1)))


def _floors(doubles: F64) -> tuple[I64, Mask]:
    """The integers below, and where they fit int64."""
    with np.errstate(invalid="ignore"):
        floors = np.floor(doubles)
        inside: Mask = (floors >= -(2.0**63)) & (floors < 2.0**63)
    return np.where(inside, floors, 0).astype(np.int64), inside
