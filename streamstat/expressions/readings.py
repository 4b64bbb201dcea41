"""What a text says of a number: `number`, `duration`, `size`; null where it says none."""

import numpy as np

from streamstat.expressions.logic import chosen
from streamstat.kernels import read_durations, read_numbers, read_sizes
from streamstat.values.columns import I64, U8, Kind, Mask, Texts, Values, no_texts


def numbers(value: Values) -> Values:
    """Texts spelt as JSON numbers become numbers, with that spelling; true and false 1 and 0.

    >>> text = Texts(np.array([0, 4]), np.frombuffer(b" 503", np.uint8))
    >>> numbers(Values(np.array([Kind.TEXT], np.uint8), np.array([0]), text)).numbers.tolist()
    [503]
    """
    if not _is_other(value).any():
        return value
    kinds, found, offsets, data = read_numbers(*_arrays(value))
    return Values(kinds, found, Texts(offsets, data))


def durations(value: Values) -> Values:
    """The seconds that a text such as `1h2m` or `PT26.4S` says, as doubles."""
    return Values(*read_durations(*_arrays(value)))


def sizes(value: Values) -> Values:
    """The bytes that a text such as `1.5GiB` says, and numbers as they are."""
    other = _is_other(value)
    if not other.any():
        return value
    return chosen([value, Values(*read_sizes(*_arrays(value)))], other.astype(np.int64))


def _is_other(value: Values) -> Mask:
    """Where a value is there that is no number."""
    other: Mask = (value.kinds != Kind.NULL) & (value.kinds != Kind.INTEGER) & (value.kinds != Kind.DOUBLE)
    return other


def _arrays(value: Values) -> tuple[U8, I64, I64, U8]:
    texts = value.texts or no_texts(len(value))
    arrays = (value.kinds, value.numbers, texts.offsets, texts.data)
    kinds, numbers, offsets, data = map(np.ascontiguousarray, arrays)
    return kinds, numbers, offsets, data
