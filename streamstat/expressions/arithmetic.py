"""`+ - * / // %` over columns of JSON values: integers while they fit int64, else doubles; null for all else."""

import operator
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from streamstat.values.columns import F64, I64, U8, Kind, Mask, Values

_DOUBLES: dict[str, Callable[..., F64]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "//": np.floor_divide,
    "%": np.remainder,
}
_INTEGERS: dict[str, Callable[..., I64]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "//": np.floor_divide,
    "%": np.remainder,
}
_EXACT: dict[str, Callable[[int, int], int | float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
}
_EVERY_INTEGER_IS_A_DOUBLE = 2**53
_BELOW_OVERFLOW = 2.0**63 * (1 - 2.0**-50)


def calculate(op: str, left: Values, right: Values) -> Values:
    """The result of each row; true and false count as 1 and 0, as they do in aggregates.

    `+ - * // %` of two integers are exact; beyond int64 the exact result is rounded once to a double, as the
    quotient of two integers is. `//` and `%` round to minus infinity, as in Python. Division by zero, overflow,
    null and other types give null.

    >>> one = Values(np.array([3], np.uint8), np.array([1]))
    >>> calculate("/", one, Values(np.array([3], np.uint8), np.array([2]))).numbers.view(np.float64).tolist()
    [0.5]
    """
    left_integers, right_integers = _is_integer(left.kinds), _is_integer(right.kinds)
    whole = left_integers & right_integers
    left_numbers = left_integers | (left.kinds == Kind.DOUBLE)
    fractional = left_numbers & (right_integers | (right.kinds == Kind.DOUBLE)) & ~whole
    kinds = np.zeros(whole.shape, np.uint8)
    numbers = np.zeros(whole.shape, np.int64)
    with np.errstate(all="ignore"):
        if whole.any():
            _calculate_integers(op, _integers(left), _integers(right), whole, kinds, numbers)
        if fractional.any():
            doubles = _DOUBLES[op](_doubles(left, left_integers), _doubles(right, right_integers))
            _put_doubles(doubles, fractional, kinds, numbers)
    return Values(kinds, numbers)


def _is_integer(kinds: U8) -> Mask:
    return (kinds >= Kind.FALSE) & (kinds <= Kind.INTEGER)


def _integers(values: Values) -> I64:
    booleans = (values.kinds == Kind.FALSE) | (values.kinds == Kind.TRUE)
    if not booleans.any():
        return values.numbers
    return np.where(booleans, values.kinds == Kind.TRUE, values.numbers)


def _doubles(values: Values, integers: Mask) -> F64:
    return np.where(integers, _integers(values).astype(np.float64), values.numbers.view(np.float64))


def _calculate_integers(op: str, left: I64, right: I64, whole: Mask, kinds: U8, numbers: I64) -> None:
    """Fill kinds and numbers where `whole`; rows the machine would round twice or wrap go through Python."""
    if op == "/":
        _put_doubles(np.true_divide(left, right), whole, kinds, numbers)
        hard = _is_large(left) | _is_large(right)
        hard = hard & (right != 0)
    else:
        if op in ("//", "%"):
            whole = whole & (right != 0)
        wrapped = _wrapping(op, left, right)
        np.copyto(numbers, wrapped, where=whole)
        kinds[whole] = Kind.INTEGER
        hard = _may_wrap(op, left, right, wrapped)
    (rows,) = np.nonzero(hard & whole)
    lefts, rights = np.broadcast_to(left, whole.shape), np.broadcast_to(right, whole.shape)
    pairs = zip(lefts[rows].tolist(), rights[rows].tolist(), strict=True)
    for row, pair in zip(rows.tolist(), pairs, strict=True):
        result = _EXACT[op](*pair)
        fits = isinstance(result, int) and -(2**63) <= result < 2**63
        kinds[row] = Kind.INTEGER if fits else Kind.DOUBLE
        numbers[row] = result if fits else np.float64(result).view(np.int64)


def _wrapping(op: str, left: I64, right: I64) -> I64:
    return _INTEGERS[op](left, right)


def _may_wrap(op: str, left: I64, right: I64, wrapped: I64) -> Mask:
    if op == "+":
        return ((left ^ wrapped) & (right ^ wrapped)) < 0
    if op == "-":
        return ((left ^ right) & (left ^ wrapped)) < 0
    if op == "*":
        return np.abs(left.astype(np.float64) * right) >= _BELOW_OVERFLOW
    least: Mask = (left == np.iinfo(np.int64).min) & (right == -1)
    return least if op == "//" else np.zeros(1, np.bool_)


def _is_large(integers: I64) -> Mask:
    return (integers > _EVERY_INTEGER_IS_A_DOUBLE) | (integers < -_EVERY_INTEGER_IS_A_DOUBLE)


def _put_doubles(doubles: F64, rows: Mask, kinds: U8, numbers: I64) -> None:
    put: npt.NDArray[np.bool_] = rows & np.isfinite(doubles)
    np.copyto(numbers, doubles.view(np.int64), where=put)
    kinds[put] = Kind.DOUBLE
