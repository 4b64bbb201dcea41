"""What a text says of a number: `number`, `duration`, `size`; null where it says none."""

import numpy as np

from streamstat.expressions.logic import chosen
from streamstat.kernels import read_durations, read_numbers, read_sizes
from streamstat.values.columns import Kind, Mask, Texts, Values, arrays_of


def numbers(value: Values) -> Values:
    """Texts spelt as JSON numbers become numbers, with that spelling; true and false 1 and 0.

    >>> text = Texts(np.array([0, 4]), np.frombuffer(b" 503", np.uint8))
    >>> numbers(Values(np.array([Kind.TEXT], np.uint8), np.array([0]), text)).numbers.tolist()
    [503]
    """
    if not _is_other(value).any():
        return value
    kinds, found, offsets, data = read_numbers(*arrays_of(value))
    return Values(kinds, found, Texts(offsets, data))


def durations(value: Values) -> Values:
    """The seconds that a text such as `1h2m` or `PT26.4S` says, as doubles."""
    return Values(*read_durations(*arrays_of(value)))


def sizes(value: Values) -> Values:
    """The bytes that a text such as `1.5GiB` says, and numbers as they are."""
    other = _is_other(value)
    if not other.any():
        return value
    return chosen([value, Values(*read_sizes(*arrays_of(value)))], other.astype(np.int64))


def _is_other(value: Values) -> Mask:
    """Where a value is there that is no number."""
    other: Mask = (value.kinds != Kind.NULL) & (value.kinds != Kind.INTEGER) & (value.kinds != Kind.DOUBLE)
    return other
