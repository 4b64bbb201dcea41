"""Byte strings as Arrow has them, and rows cut by their bytes: a batch of Arrow is held whole, wherever it is."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from streamstat.values.columns import Texts

ARROW_BATCH_BYTES = 16 << 20
_MOST_BATCH_ROWS = 1 << 16


def cuts(n: int, columns: Sequence[Texts], most: int = ARROW_BATCH_BYTES) -> Iterator[tuple[int, int]]:
    """Stretches [lo, hi) of n rows with these texts, each of `most` bytes at most, but of one row at least.

    >>> list(cuts(3, [Texts(np.array([0, 5, 6, 7]), np.zeros(7, np.uint8))], 4))
    [(0, 1), (1, 3)]
    """
    ends = sum((each.offsets[1:] - each.offsets[0] for each in columns), np.zeros(n, np.int64))
    lo = 0
    while lo < n:
        before = int(ends[lo - 1]) if lo else 0
        hi = int(np.searchsorted(ends, before + most, "right"))
        hi = min(max(hi, lo + 1), lo + _MOST_BATCH_ROWS, n)
        yield lo, hi
        lo = hi


def arrow_binary(texts: Texts, lo: int, hi: int) -> pa.Array:
    """Byte strings [lo, hi), of less than 2 GiB together."""
    offsets = texts.offsets[lo : hi + 1]
    data = np.ascontiguousarray(texts.data[offsets[0] : offsets[-1]])
    narrow = (offsets - offsets[0]).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), hi - lo, [None, pa.py_buffer(narrow), pa.py_buffer(data)])


def arrow_texts_of(column: pa.Array) -> Texts:
    """The byte strings of a column without nulls."""
    wide = column.cast(pa.large_binary())
    if not len(wide):
        return Texts(np.zeros(1, np.int64), np.empty(0, np.uint8))
    _, offsets, data = wide.buffers()
    places = np.frombuffer(offsets, np.int64)[wide.offset : wide.offset + len(wide) + 1]
    return Texts(places, np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8))


def plain(column: pa.Array) -> Any:
    """The numbers of a column without nulls."""
    return column.to_numpy(zero_copy_only=False)
