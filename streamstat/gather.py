"""Batches of result rows of any size made into blocks of bounded size; knows no sink."""

from collections.abc import Iterable, Iterator

import numpy as np

from streamstat.batch import I64, Rows, Texts, Values

MOST_ROWS = 131_072
MOST_BYTES = 64 << 20
SMALL_BATCHES = 256  # joined together once there are so many: a window fired may be a single row


class Gatherer:
    """Joins small batches and cuts large ones; order and rows stay the same.

    Holds at most one block, that is MOST_ROWS rows or, one row apart, MOST_BYTES bytes.
    """

    def __init__(self) -> None:
        self._large: list[Rows] = []
        self._small: list[Rows] = []
        self._n = 0
        self._bytes = 0

    def add(self, rows: Rows) -> Iterator[Rows]:
        """Take in rows and give the blocks that are complete; to be run to its end."""
        for piece in _pieces(rows):
            size = int(_ends(piece)[-1])
            if self._n + len(piece) > MOST_ROWS or self._bytes + size > MOST_BYTES:
                yield from self.rest()
            self._small.append(piece)
            self._n += len(piece)
            self._bytes += size
            if len(self._small) == SMALL_BATCHES:
                self._large.append(joined(self._small))
                self._small = []

    def rest(self) -> Iterator[Rows]:
        """The last block, if any rows are left for it."""
        parts = self._large + self._small
        self._large, self._small, self._n, self._bytes = [], [], 0, 0
        if parts:
            yield joined(parts)


def gathered(batches: Iterable[Rows]) -> Iterator[Rows]:
    """All rows of the batches, in blocks."""
    gatherer = Gatherer()
    for batch in batches:
        yield from gatherer.add(batch)
    yield from gatherer.rest()


def joined(parts: list[Rows]) -> Rows:
    """One batch of the rows of all parts, which have the same fields."""
    if len(parts) == 1:
        return parts[0]
    columns = zip(*(part.columns for part in parts), strict=True)
    return Rows(parts[0].fields, tuple(_joined_values(list(values)) for values in columns))


def sliced(rows: Rows, lo: int, hi: int) -> Rows:
    """Rows [lo, hi) over the same memory."""
    return Rows(rows.fields, tuple(_sliced_values(values, lo, hi) for values in rows.columns))


def _sliced_values(values: Values, lo: int, hi: int) -> Values:
    texts = values.texts and Texts(values.texts.offsets[lo : hi + 1], values.texts.data)
    return Values(values.kinds[lo:hi], values.numbers[lo:hi], texts)


def _joined_values(parts: list[Values]) -> Values:
    kinds = np.concatenate([part.kinds for part in parts])
    numbers = np.concatenate([part.numbers for part in parts])
    if all(part.texts is None for part in parts):
        return Values(kinds, numbers)
    sizes = np.concatenate([np.diff(_offsets(part)) for part in parts])
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
    data = [
        part.texts.data[part.texts.offsets[0] : part.texts.offsets[-1]]
        for part in parts
        if part.texts is not None
    ]
    return Values(kinds, numbers, Texts(offsets, np.concatenate(data)))


def _offsets(values: Values) -> I64:
    return np.zeros(len(values) + 1, np.int64) if values.texts is None else values.texts.offsets


def _ends(rows: Rows) -> I64:
    """Bytes held by the rows up to each one: int64[n+1] from 0."""
    ends = np.arange(len(rows) + 1, dtype=np.int64) * (9 * len(rows.columns))
    for values in rows.columns:
        if values.texts is not None:
            ends += values.texts.offsets - values.texts.offsets[0]
    return ends


def _pieces(rows: Rows) -> Iterator[Rows]:
    ends = _ends(rows)
    lo = 0
    while lo < len(rows):
        fitting = int(np.searchsorted(ends, ends[lo] + MOST_BYTES, "right")) - 1
        hi = min(len(rows), lo + MOST_ROWS, max(lo + 1, fitting))
        yield sliced(rows, lo, hi)
        lo = hi
