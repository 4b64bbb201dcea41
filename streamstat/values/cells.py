"""Result columns in the shape the native renderer takes them, and their text; knows no sink."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from streamstat.common.workers import Workers
from streamstat.kernels import render_cells
from streamstat.values.columns import I64, U8, ColumnType, Kind, ResultField, Rows, Texts, Values

# Seconds east of UTC at each of these times (int64 microseconds) in the zone of printed times.
Offsets: TypeAlias = Callable[[I64], I64]
NativeColumn: TypeAlias = tuple[int, U8, I64, I64 | None, U8 | None, I64 | None]

BLOCK_ROWS = 65_536  # rendered at a time, so that text takes bounded memory however large a batch is
MANY_ROWS = 2048  # worth a second thread


def native_column(kind: ColumnType, values: Values, offsets: Offsets | None = None) -> NativeColumn:
    """The arrays of one column; `offsets` matters to TIME columns only."""
    zoned = offsets(values.numbers) if offsets and kind == ColumnType.TIME else None
    if values.texts is None:
        return int(kind), values.kinds, values.numbers, None, None, zoned
    return int(kind), values.kinds, values.numbers, values.texts.offsets, values.texts.data, zoned


def text_fields(fields: tuple[ResultField, ...]) -> tuple[ResultField, ...]:
    """The fields that have a text form: all but BINARY."""
    return tuple(field for field in fields if field.type != ColumnType.BINARY)


def text_columns(rows: Rows, offsets: Offsets | None = None) -> list[NativeColumn]:
    """The columns of `text_fields(rows.fields)`."""
    return [
        native_column(field.type, values, offsets)
        for field, values in zip(rows.fields, rows.columns, strict=True)
        if field.type != ColumnType.BINARY
    ]


def blocks(n: int) -> list[tuple[int, int]]:
    """[lo, hi) of each block that n rows are rendered in.

    >>> blocks(70_000)
    [(0, 65536), (65536, 70000)]
    """
    return [(lo, min(n, lo + BLOCK_ROWS)) for lo in range(0, n, BLOCK_ROWS)]


def rendered(n: int, workers: Workers, render: Callable[[int, int], bytes]) -> Iterator[bytes]:
    """The text of rows [lo, hi) for n rows, block by block; those of a block side by side where it has many."""
    for lo, hi in blocks(n):
        parts = workers.threads if hi - lo >= MANY_ROWS else 1
        cuts = [lo + (hi - lo) * part // parts for part in range(parts + 1)]
        yield from workers.run([partial(render, *cut) for cut in pairwise(cuts)])


def plain_texts(kind: ColumnType, values: Values) -> Texts:
    """Each cell as bare text: text as it is, numbers as written or in shortest form, nothing for null."""
    return Texts(*render_cells(native_column(kind, values), 0, len(values), False))


def name_bytes(name: str) -> bytes:
    """A column name as UTF-8; what a command line held that is no text becomes a question mark."""
    return name.encode("utf-8", "replace")


def name_columns(fields: tuple[ResultField, ...]) -> list[NativeColumn]:
    """The names of `text_fields(fields)` as one row, for a line of names."""
    return [_name_column(name_bytes(field.name)) for field in text_fields(fields)]


def _name_column(name: bytes) -> NativeColumn:
    texts = Texts(np.array([0, len(name)], np.int64), np.frombuffer(name, np.uint8))
    kinds, numbers = np.array([Kind.TEXT], np.uint8), np.zeros(1, np.int64)
    return native_column(ColumnType.LABEL, Values(kinds, numbers, texts))
