"""Rows as an aligned table for people: bold names, numbers to the right, long text cut to the width."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

import numpy as np

from streamstat.common.record import record
from streamstat.common.terminal import ELLIPSIS, printable
from streamstat.kernels import render_cells
from streamstat.output.sinks.files import Target
from streamstat.values.cells import NativeColumn, Offsets, blocks, text_columns, text_fields
from streamstat.values.columns import ColumnType, Kind, ResultField, Rows

GAP = "  "
NARROWEST_CELL = 8  # columns that text is never cut below, names apart
NO_LIMIT = 1 << 30
NUMERIC = (Kind.NULL, Kind.INTEGER, Kind.DOUBLE, Kind.HUGE)
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


@dataclass(slots=True)
class TableSink:
    """Widths come from the first rows, which come when the first window fires; wider cells push out.

    width: columns of the terminal, None for as wide as it gets. Numbers and times are never cut, so a line
    may still be wider. colour: whether names may be bold.
    """

    target: Target
    offsets: Offsets | None = None
    width: int | None = None
    colour: bool = False
    _names: list[str] = field(default_factory=list)
    _columns: "list[_Column]" = field(default_factory=list)

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        self._names = [printable(field.name) for field in text_fields(fields)]

    def write(self, rows: Rows) -> None:
        native = text_columns(rows, self.offsets)
        for lo, hi in blocks(len(rows)):
            cells = [_cell_texts(column, lo, hi) for column in native]
            if not self._columns:
                widths = [
                    max(map(_width, [name, *texts])) for name, texts in zip(self._names, cells, strict=True)
                ]
                self._columns = _laid_out(widths, [_alignment(column) for column in native], self.width)
                self._write_names()
            self._write_cells(cells)

    def commit(self, metadata: Mapping[str, str]) -> None:
        if not self._columns:
            self._columns = _laid_out([0] * len(self._names), [Alignment.FIXED] * len(self._names), None)
            self._write_names()
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()

    def _write_names(self) -> None:
        line = _line([column.fit(name) for column, name in zip(self._columns, self._names, strict=True)])
        self.target.write(f"{BOLD}{line}{PLAIN}\n".encode() if self.colour else f"{line}\n".encode())

    def _write_cells(self, cells: list[list[str]]) -> None:
        fitted = [map(column.fit, texts) for column, texts in zip(self._columns, cells, strict=True)]
        self.target.write("".join(f"{_line(row)}\n" for row in zip(*fitted, strict=True)).encode())


class Alignment(Enum):
    """How the cells of a column stand."""

    RIGHT = "numbers, never cut"
    FIXED = "to the left, never cut"
    TEXT = "to the left, cut where the terminal ends"


@record
class _Column:
    width: int
    most: int  # texts are cut beyond this
    alignment: Alignment

    def fit(self, text: str) -> str:
        right = self.alignment == Alignment.RIGHT
        if len(text) <= self.width and text.isascii():
            return text.rjust(self.width) if right else text.ljust(self.width)
        if self.alignment == Alignment.TEXT:
            text = _cut(text, self.most)
        space = " " * (self.width - _width(text))
        return space + text if right else text + space


def _line(cells: Iterable[str]) -> str:
    return GAP.join(cells).rstrip()


def _cell_texts(column: NativeColumn, lo: int, hi: int) -> list[str]:
    offsets, data = render_cells(column, lo, hi, True)
    text = data.tobytes()
    cells = [text[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets.tolist())]
    for i in np.flatnonzero((np.diff(offsets) == 0) & (column[1][lo:hi] != Kind.NULL)):
        cells[i] = '""'  # an empty cell is null
    return cells


def _alignment(column: NativeColumn) -> Alignment:
    kind, kinds = column[:2]
    if kind == ColumnType.TIME:
        return Alignment.FIXED
    if kind == ColumnType.ANY and np.isin(kinds, NUMERIC).all():
        return Alignment.RIGHT
    return Alignment.RIGHT if kind in (ColumnType.INTEGER, ColumnType.DOUBLE) else Alignment.TEXT


def _laid_out(widths: list[int], alignments: list[Alignment], width: int | None) -> list[_Column]:
    """Columns of these widths; where that is too much in all, the widest texts give way."""
    most = NO_LIMIT if width is None else width
    texts = [i for i, alignment in enumerate(alignments) if alignment == Alignment.TEXT]
    shrunk = [min(size, most) if i in texts else size for i, size in enumerate(widths)]
    spare = most - sum(shrunk) - len(GAP) * (len(widths) - 1)
    while spare < 0 and texts:
        widest = max(texts, key=lambda i: shrunk[i])
        if shrunk[widest] <= NARROWEST_CELL:
            break
        shrunk[widest] -= 1
        spare += 1
    return [_Column(size, size + max(0, spare), way) for size, way in zip(shrunk, alignments, strict=True)]


def _width(text: str) -> int:
    """Columns of a terminal that the text takes.

    >>> _width("서울"), _width("e\\u0301")
    (4, 1)
    """
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(text: str, most: int) -> str:
    if _width(text) <= most:
        return text
    left, kept = most - len(ELLIPSIS), 0
    for character in text:
        left -= _character_width(character)
        if left < 0:
            break
        kept += 1
    return text[:kept] + ELLIPSIS
