"""Columns of single values for the renderer, and what it makes of a row of them."""

import struct

import numpy as np

from streamstat.kernels import render_csv, render_ndjson
from streamstat.values.cells import NativeColumn
from streamstat.values.columns import ColumnType, Kind

# A value as its kind, number or bits, and text.
Cell = tuple[Kind, int, bytes]
NULL: Cell = (Kind.NULL, 0, b"")


def integer(value: int, spelling: bytes = b"") -> Cell:
    return Kind.INTEGER, value, spelling


def double(value: float, spelling: bytes = b"") -> Cell:
    return Kind.DOUBLE, struct.unpack("<q", struct.pack("<d", value))[0], spelling


def text(value: str | bytes) -> Cell:
    return Kind.TEXT, 0, value.encode() if isinstance(value, str) else value


def array(value: bytes) -> Cell:
    return Kind.JSON, 0, value


def column(
    cells: list[Cell], kind: ColumnType = ColumnType.ANY, zoned: list[int] | None = None
) -> NativeColumn:
    kinds = np.array([cell[0] for cell in cells], np.uint8)
    numbers = np.array([cell[1] for cell in cells], np.int64)
    offsets = np.cumsum([0, *(len(cell[2]) for cell in cells)], dtype=np.int64)
    data = np.frombuffer(b"".join(cell[2] for cell in cells), np.uint8)
    return int(kind), kinds, numbers, offsets, data, None if zoned is None else np.array(zoned, np.int64)


def as_csv(*cells: Cell, guard: bool = False, terminal: bool = False) -> bytes:
    return render_csv([column([cell]) for cell in cells], 0, 1, guard, terminal)


def as_json(*cells: Cell) -> bytes:
    return render_ndjson([b"x"] * len(cells), [column([cell]) for cell in cells], 0, 1)
