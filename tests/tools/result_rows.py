"""Result rows written down as plain Python values, for the tests of all that takes rows."""

import struct

import numpy as np

from streamstat.values.columns import ColumnType, Kind, ResultField, Rows, Texts, Values

Cell = None | bool | int | float | str | bytes | tuple[int | float, str]


def values(*cells: Cell) -> Values:
    """JSON values: bytes spell a list, an object or a huge number, (n, s) is the number n written as s."""
    parts = [_parts(cell) for cell in cells]
    offsets = np.cumsum([0, *(len(text) for _, _, text in parts)], dtype=np.int64)
    data = np.frombuffer(b"".join(text for _, _, text in parts), np.uint8)
    kinds = np.array([kind for kind, _, _ in parts], np.uint8)
    return Values(kinds, np.array([number for _, number, _ in parts], np.int64), Texts(offsets, data))


def _parts(cell: Cell) -> tuple[Kind, int, bytes]:
    match cell:
        case None:
            return Kind.NULL, 0, b""
        case bool():
            return Kind.TRUE if cell else Kind.FALSE, 0, b""
        case int():
            return Kind.INTEGER, cell, b""
        case float():
            return Kind.DOUBLE, struct.unpack("<q", struct.pack("<d", cell))[0], b""
        case str():
            return Kind.TEXT, 0, cell.encode()
        case bytes():
            return Kind.JSON if cell[:1] in (b"[", b"{") else Kind.HUGE, 0, cell
        case (number, spelling):
            kind, held, _ = _parts(number)
            return kind, held, spelling.encode()


def rows(kind: ColumnType, *cells: Cell) -> Rows:
    return Rows((ResultField("x", kind),), (values(*cells),))
