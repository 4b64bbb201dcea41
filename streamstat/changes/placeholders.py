"""Columns that a change names without saying what is in them, as Debezium does of large values that did not change."""

import numpy as np

from streamstat import kernels
from streamstat.changes import Op
from streamstat.changes.columns import either_texts, spread_texts
from streamstat.values.columns import U8, Texts, arrays, take_texts

PLACEHOLDERS = [
    "__debezium_unavailable_value",
    "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==",  # the same, as columns of bytes have it
]


def without_placeholders(ops: U8, rows: Texts) -> tuple[U8, Texts, Texts | None]:
    """Rows without such columns are patches; and objects that name the columns, empty where there are none."""
    places = kernels.rows_with(*arrays(rows), PLACEHOLDERS)
    if not len(places):
        return ops, rows, None
    rest, marked = kernels.parted_marks(*arrays(take_texts(rows, places)), PLACEHOLDERS)
    kept = Texts(*marked)
    are = np.diff(kept.offsets) > 0
    if not are.any():
        return ops, rows, None
    n, places = len(ops), places[are]
    is_marked = np.zeros(n, np.bool_)
    is_marked[places] = True
    patched = spread_texts(take_texts(Texts(*rest), np.flatnonzero(are)), places, n)
    named = spread_texts(take_texts(kept, np.flatnonzero(are)), places, n)
    ops = np.where(is_marked & (ops == Op.PUT), np.uint8(Op.PATCH), ops)
    return ops, either_texts(is_marked, patched, rows), named
