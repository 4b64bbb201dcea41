"""Which rows are laid out together: at once, in parts of a fixed size, or the first and last of all.

Parts are cut by the rows alone, so that a table looks the same however its rows came.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from streamstat.output.gather import MOST_BYTES, row_ends
from streamstat.values.columns import Rows, concatenate_rows, part_of_rows, take_rows

PART_ROWS = 10_000
SHOWN_ENDS = 20  # rows, of either end of a long result


class Holding(Protocol):
    """Holds rows until they are to be shown. left_out: rows that are not shown, behind the first SHOWN_ENDS."""

    left_out: int

    def add(self, rows: Rows) -> Iterator[Rows]:
        """Take in rows; those that are to be shown now."""

    def rest(self) -> Iterator[Rows]:
        """The end has come."""


class AtOnce:
    """Rows are shown as they come."""

    left_out = 0

    def add(self, rows: Rows) -> Iterator[Rows]:
        yield rows

    def rest(self) -> Iterator[Rows]:
        yield from ()


class InParts:
    """So many rows at a time, fewer where they have many bytes."""

    left_out = 0

    def __init__(self, most_rows: int = PART_ROWS, most_bytes: int = MOST_BYTES) -> None:
        self._most_rows, self._most_bytes = most_rows, most_bytes
        self._held: list[Rows] = []
        self._n = self._bytes = 0

    def add(self, rows: Rows) -> Iterator[Rows]:
        ends, lo = row_ends(rows), 0
        while lo < len(rows):
            room = self._most_bytes - self._bytes
            fitting = int(np.searchsorted(ends, ends[lo] + room, "right")) - 1
            hi = min(len(rows), lo + self._most_rows - self._n, max(fitting, lo + (not self._n)))
            if hi > lo:
                self._held.append(part_of_rows(rows, lo, hi))
                self._n += hi - lo
                self._bytes += int(ends[hi] - ends[lo])
            if hi < len(rows):
                yield from self.rest()
            lo = hi

    def rest(self) -> Iterator[Rows]:
        held, self._held, self._n, self._bytes = self._held, [], 0, 0
        if held:
            yield concatenate_rows(held)


class Ends:
    """The first and the last rows, once all are known."""

    def __init__(self) -> None:
        self._first: list[Rows] = []
        self._last: list[Rows] = []
        self._n_first = self.left_out = 0

    def add(self, rows: Rows) -> Iterator[Rows]:
        cut = min(len(rows), SHOWN_ENDS - self._n_first)
        if cut:
            self._first.append(take_rows(rows, np.arange(cut)))
            self._n_first += cut
        if len(rows) > cut:
            self._add_last(part_of_rows(rows, max(cut, len(rows) - SHOWN_ENDS), len(rows)))
            self.left_out += max(0, len(rows) - SHOWN_ENDS - cut)
        yield from ()

    def _add_last(self, rows: Rows) -> None:
        """Copies: what the last rows came with is not held."""
        known = concatenate_rows([*self._last, rows])
        lo = max(0, len(known) - SHOWN_ENDS)
        self.left_out += lo
        self._last = [take_rows(known, np.arange(lo, len(known)))]

    def rest(self) -> Iterator[Rows]:
        if self._first:
            yield concatenate_rows([*self._first, *self._last])
