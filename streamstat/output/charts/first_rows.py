"""Rows that a chart or a page is made of when all have come: the first ones, so many that memory stays bounded."""

import numpy as np

from streamstat.values.columns import (
    ColumnType,
    ResultField,
    Rows,
    Values,
    concatenate_rows,
    no_texts,
    part_of_rows,
    take_rows,
)

KEPT_ROWS = 100_000  # far more than a chart has room for
KEPT_BYTES = 64 << 20  # of texts; events as they were written may be long
_JOINED = 256  # parts: a window fired may be a single row


class FirstRows:
    """The first rows of a report, without sketches, and how many there were in all.

    Which rows are kept depends on the rows alone, never on how they came.
    """

    def __init__(self, fields: tuple[ResultField, ...]) -> None:
        self._shown = [i for i, field in enumerate(fields) if field.type != ColumnType.BINARY]
        self.fields = tuple(fields[i] for i in self._shown)
        self.total = 0
        self._rows, self._bytes, self._is_full = 0, 0, False
        self._parts: list[Rows] = []

    def add(self, rows: Rows) -> None:
        """Keep what there is room for."""
        self.total += len(rows)
        if self._is_full or not len(rows):
            return
        rows = Rows(self.fields, tuple(rows.columns[i] for i in self._shown))
        sizes = self._bytes + np.cumsum(_sizes(rows))
        room = min(KEPT_ROWS - self._rows, int(np.searchsorted(sizes, KEPT_BYTES, "right")))
        self._is_full = room < len(rows)
        if room := min(room, len(rows)):
            self._rows, self._bytes = self._rows + room, int(sizes[room - 1])
            # A copy: a part of a large batch would keep all of it.
            self._parts.append(take_rows(part_of_rows(rows, 0, room), np.arange(room)))
        if len(self._parts) >= _JOINED:
            self._parts = [concatenate_rows(self._parts)]

    @property
    def rows(self) -> Rows:
        """Those that were kept."""
        if not self._parts:
            nothing = Values(np.zeros(0, np.uint8), np.zeros(0, np.int64), no_texts(0))
            return Rows(self.fields, (nothing,) * len(self.fields))
        self._parts = [concatenate_rows(self._parts)]
        return self._parts[0]


def _sizes(rows: Rows) -> "np.typing.NDArray[np.int64]":
    """Bytes of the texts of each row."""
    sizes = np.zeros(len(rows), np.int64)
    for column in rows.columns:
        if column.texts is not None:
            sizes += np.diff(column.texts.offsets)
    return sizes
