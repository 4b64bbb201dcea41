"""Batches of result rows of any size made into blocks of bounded size; knows no sink."""

from collections.abc import Iterable, Iterator

import numpy as np

from streamstat.values.columns import I64, Rows, concatenate_rows, part_of_rows

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
            size = int(row_ends(piece)[-1])
            if self._n + len(piece) > MOST_ROWS or self._bytes + size > MOST_BYTES:
                yield from self.rest()
            self._small.append(piece)
            self._n += len(piece)
            self._bytes += size
            if len(self._small) == SMALL_BATCHES:
                self._large.append(concatenate_rows(self._small))
                self._small = []

    def rest(self) -> Iterator[Rows]:
        """The last block, if any rows are left for it."""
        parts = self._large + self._small
        self._large, self._small, self._n, self._bytes = [], [], 0, 0
        if parts:
            yield concatenate_rows(parts)


def gathered(batches: Iterable[Rows]) -> Iterator[Rows]:
    """All rows of the batches, in blocks."""
    gatherer = Gatherer()
    for batch in batches:
        yield from gatherer.add(batch)
    yield from gatherer.rest()


def row_ends(rows: Rows) -> I64:
    """Bytes held by the rows up to each one: int64[n+1] from 0."""
    ends = np.arange(len(rows) + 1, dtype=np.int64) * (9 * len(rows.columns))
    for values in rows.columns:
        if values.texts is not None:
            ends += values.texts.offsets - values.texts.offsets[0]
    return ends


def _pieces(rows: Rows) -> Iterator[Rows]:
    ends = row_ends(rows)
    lo = 0
    while lo < len(rows):
        fitting = int(np.searchsorted(ends, ends[lo] + MOST_BYTES, "right")) - 1
        hi = min(len(rows), lo + MOST_ROWS, max(lo + 1, fitting))
        yield part_of_rows(rows, lo, hi)
        lo = hi
