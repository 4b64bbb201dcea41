"""Columns of states in the bytes of their formats: made of what tables give, and taken apart again."""

import numpy as np

from streamstat.values.columns import I32, I64, U8, Kind, Texts, Values, arrays, no_texts, take_texts


def binary(offsets: I64, data: U8) -> Values:
    """Byte strings as a column of states."""
    n = len(offsets) - 1
    return Values(np.full(n, Kind.TEXT, np.uint8), np.zeros(n, np.int64), Texts(offsets, data))


def states_of(written: list[bytes | None]) -> Values:
    """States as a column; None is null."""
    lengths = [len(each) if each else 0 for each in written]
    offsets = np.zeros(len(written) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    kinds = np.array([Kind.NULL if each is None else Kind.TEXT for each in written], np.uint8)
    data = np.frombuffer(b"".join(each for each in written if each), np.uint8)
    return Values(kinds, np.zeros(len(written), np.int64), Texts(offsets, data))


def states_in(column: Values) -> list[bytes | None]:
    """The inverse of `states_of`; ValueError for values that are no byte strings.

    >>> states_in(states_of([b"ab", None, b""]))
    [b'ab', None, b'']
    """
    rows, offsets, data = placed_in(column)
    edges, joined = offsets.tolist(), data.tobytes()
    found: list[bytes | None] = [None] * len(column)
    for i, row in enumerate(rows.tolist()):
        found[row] = joined[edges[i] : edges[i + 1]]
    return found


def placed_in(column: Values) -> tuple[I32, I64, U8]:
    """The rows of a column that are not null, and their byte strings; ValueError for values that are none."""
    there = column.kinds != Kind.NULL
    if (column.kinds[there] != Kind.TEXT).any():
        raise ValueError("no states: numbers, or values of other kinds than bytes")
    rows = np.flatnonzero(there).astype(np.int32)
    return rows, *arrays(take_texts(column.texts or no_texts(len(column)), rows))
