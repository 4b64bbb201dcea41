"""The last rows that have fired, as a table that is made anew only when others have come."""

import numpy as np

from streamstat.output.outputs import table_of
from streamstat.output.presentation import Presentation
from streamstat.values.cells import Offsets
from streamstat.values.columns import Rows, concatenate_rows, part_of_rows, take_rows

MOST_KEPT = 100


class LastRows:
    """Keeps the last rows of one report."""

    def __init__(self) -> None:
        self._parts: list[Rows] = []
        self._table: tuple[tuple[int, int], list[str]] | None = None

    def __len__(self) -> int:
        return min(sum(map(len, self._parts)), MOST_KEPT)

    def add(self, rows: Rows) -> None:
        """Rows that came behind those before; copies, since what they come with may be large."""
        if not len(rows):
            return
        if (
            self._parts and self._parts[0].fields != rows.fields
        ):  # of a view, whose columns come with the rows
            self._parts.clear()
        self._parts.append(take_rows(rows, np.arange(len(rows))[-MOST_KEPT:]))
        self._table = None
        if sum(map(len, self._parts)) > 2 * MOST_KEPT:
            self._parts = [self._joined()]

    def table(self, most: int, width: int, presentation: Presentation, offsets: Offsets | None) -> list[str]:
        """The last `most` of them, in so many columns."""
        if self._table is None or self._table[0] != (most, width):
            rows = self._joined()
            shown = part_of_rows(rows, max(0, len(rows) - most), len(rows))
            self._table = (most, width), table_of(shown, width, presentation, offsets)
        return self._table[1]

    def _joined(self) -> Rows:
        rows = concatenate_rows(self._parts)
        return take_rows(rows, np.arange(len(rows))[-MOST_KEPT:])
