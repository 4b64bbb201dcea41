"""Result columns as Arrow arrays, ANY columns in the narrowest type that holds all their rows.

The type of an ANY column is int64, double, bool or string; it can only be told once all rows were surveyed.
"""

from collections.abc import Iterable
from enum import IntFlag
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from streamstat.kernels import read_lists, survey_column
from streamstat.output.gather import gathered
from streamstat.values.cells import name_bytes, native_column, plain_texts
from streamstat.values.columns import F64, I64, U8, ColumnType, Kind, Mask, ResultField, Rows, Texts, Values

if TYPE_CHECKING:
    import pyarrow as pa


class SeenKinds(IntFlag):
    """What the rows of a column hold; the first eight bits stand for the kinds."""

    NULL = 1 << Kind.NULL
    BOOL = 1 << Kind.FALSE | 1 << Kind.TRUE
    INTEGER = 1 << Kind.INTEGER
    DOUBLE = 1 << Kind.DOUBLE
    TEXT = 1 << Kind.TEXT | 1 << Kind.JSON | 1 << Kind.HUGE
    ROUNDED_DOUBLE = 1 << 8  # an integer beyond int64, as written, that its double is not
    ROUNDED_INTEGER = 1 << 9  # an int64, as written, that no double equals


def survey(rows: Rows, before: tuple[SeenKinds, ...]) -> tuple[SeenKinds, ...]:
    """What was seen before together with what the rows hold, one a column; only ANY columns are looked at."""
    return tuple(
        seen | SeenKinds(survey_column(native_column(field.type, values), 0, len(values)))
        if field.type == ColumnType.ANY
        else seen
        for field, values, seen in zip(rows.fields, rows.columns, before, strict=True)
    )


def is_text(seen: SeenKinds) -> bool:
    """Whether nothing narrower than text holds what was seen; more rows do not change a yes.

    A number as written (a key, a first or last value) must be held exactly, as far as doubles ever are:
    12345678901234567891 is a text rather than 12345678901234567000. Computed numbers may be rounded.
    """
    both = bool(seen & SeenKinds.BOOL) and bool(seen & (SeenKinds.INTEGER | SeenKinds.DOUBLE))
    rounded = SeenKinds.ROUNDED_DOUBLE in seen or (
        SeenKinds.ROUNDED_INTEGER in seen and SeenKinds.DOUBLE in seen
    )
    return bool(seen & SeenKinds.TEXT) or both or rounded


def arrow_type(kind: ColumnType, seen: SeenKinds, zone: str = "UTC") -> "pa.DataType":
    """The Arrow type of a column; an ANY column of nothing but nulls is one of strings."""
    import pyarrow as pa

    match kind:
        case ColumnType.TIME:
            return pa.timestamp("us", tz=zone)
        case ColumnType.INTEGER:
            return pa.int64()
        case ColumnType.DOUBLE:
            return pa.float64()
        case ColumnType.BINARY:
            return pa.binary()
        case ColumnType.HISTOGRAM:
            return pa.list_(pa.struct({"upper": pa.float64(), "count": pa.int64()}))
        case ColumnType.TOP:
            return pa.list_(pa.struct({"value": pa.string(), "count": pa.int64(), "error": pa.int64()}))
        case ColumnType.LIST:
            return pa.list_(pa.string())
        case ColumnType.ANY:
            kinds = {"int64": pa.int64(), "double": pa.float64(), "bool": pa.bool_(), "string": pa.string()}
            return kinds[type_name(seen)]
    return pa.string()


# The types an ANY column can have, by name, each with what stands for it among what was seen.
TYPES = {
    "int64": SeenKinds.INTEGER,
    "double": SeenKinds.DOUBLE,
    "bool": SeenKinds.BOOL,
    "string": SeenKinds.TEXT,
}


def type_name(seen: SeenKinds) -> str:
    """The name of the narrowest type that holds what was seen in an ANY column.

    >>> type_name(SeenKinds.INTEGER | SeenKinds.NULL)
    'int64'
    """
    if is_text(seen) or not seen & ~SeenKinds.NULL:
        return "string"
    return "double" if SeenKinds.DOUBLE in seen else "int64" if SeenKinds.INTEGER in seen else "bool"


def arrow_schema(
    fields: tuple[ResultField, ...], seen: tuple[SeenKinds, ...], zone: str = "UTC"
) -> "pa.Schema":
    """Names and Arrow types of the columns, given what was seen in each."""
    import pyarrow as pa

    types = [arrow_type(field.type, held, zone) for field, held in zip(fields, seen, strict=True)]
    return pa.schema([(name_bytes(f.name).decode(), kind) for f, kind in zip(fields, types, strict=True)])


def to_record_batch(rows: Rows, schema: "pa.Schema") -> "pa.RecordBatch":
    """The rows in the types of the schema, which hold them; texts of up to 2 GiB a column."""
    import pyarrow as pa

    arrays = [
        _to_array(field.type, values, kind)
        for field, values, kind in zip(rows.fields, rows.columns, schema.types, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def to_table(
    batches: Iterable[Rows], zone: str = "UTC", fields: tuple[ResultField, ...] | None = None
) -> "pa.Table":
    """All rows as one table; `fields` are needed only where there may be no batch at all.

    >>> kinds, numbers = np.array([3, 0], np.uint8), np.array([7, 0])
    >>> rows = Rows((ResultField("n", ColumnType.ANY),), (Values(kinds, numbers),))
    >>> to_table([rows]).to_pydict()
    {'n': [7, None]}
    """
    import pyarrow as pa

    remaining = iter(batches)
    if fields is None:
        first = next(remaining, None)
        if first is None:
            raise ValueError("neither fields nor a batch to take them from")
        fields, remaining = first.fields, chain([first], remaining)
    blocks = list(gathered(remaining))
    seen = (SeenKinds(0),) * len(fields)
    for block in blocks:
        seen = survey(block, seen)
    schema = arrow_schema(fields, seen, zone)
    return pa.Table.from_batches([to_record_batch(block, schema) for block in blocks], schema)


def _to_array(kind: ColumnType, values: Values, arrow: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    null: Mask = values.kinds == Kind.NULL
    if kind in (ColumnType.HISTOGRAM, ColumnType.TOP, ColumnType.LIST):
        return _to_lists(kind, values, arrow, null)
    if pa.types.is_string(arrow) or pa.types.is_binary(arrow):
        return _to_strings(plain_texts(kind, values), arrow, null)
    if pa.types.is_floating(arrow):
        return plain_array(arrow, _doubles(values), null)
    if pa.types.is_boolean(arrow):
        bits = np.packbits(values.kinds == Kind.TRUE, bitorder="little")
        return pa.Array.from_buffers(arrow, len(values), [_validity(null), pa.py_buffer(bits)])
    return plain_array(arrow, values.numbers, null)


def plain_array(arrow: "pa.DataType", numbers: F64 | I64 | U8, null: Mask | None = None) -> "pa.Array":
    """An array of these numbers. `pa.array` would import pandas, where that is installed: most of a second."""
    import pyarrow as pa

    validity = None if null is None else _validity(null)
    return pa.Array.from_buffers(arrow, len(numbers), [validity, pa.py_buffer(np.ascontiguousarray(numbers))])


def _validity(null: Mask) -> "pa.Buffer":
    import pyarrow as pa

    return pa.py_buffer(np.packbits(~null, bitorder="little"))


def _doubles(values: Values) -> F64:
    doubles: F64 = values.numbers.view(np.float64)
    whole = values.kinds == Kind.INTEGER
    return np.where(whole, values.numbers.astype(np.float64), doubles) if whole.any() else doubles


def _to_strings(texts: Texts, arrow: "pa.DataType", null: Mask) -> "pa.Array":
    import pyarrow as pa

    offsets = texts.offsets.astype(np.int32)
    buffers = [_validity(null), pa.py_buffer(offsets), pa.py_buffer(texts.data)]
    return pa.Array.from_buffers(arrow, len(texts), buffers)


def _to_lists(kind: ColumnType, values: Values, arrow: "pa.DataType", null: Mask) -> "pa.Array":
    import pyarrow as pa

    read = read_lists(native_column(kind, values), 0, len(values))
    starts, uppers, counts, errors, text_offsets, text_data = read
    labels = Texts(text_offsets, text_data)
    texts = _to_strings(labels, pa.string(), np.zeros(len(labels), np.bool_))
    if kind == ColumnType.HISTOGRAM:
        parts = [plain_array(pa.float64(), uppers, np.isnan(uppers)), plain_array(pa.int64(), counts)]
    else:
        parts = [texts, plain_array(pa.int64(), counts), plain_array(pa.int64(), errors)]
    is_plain = kind == ColumnType.LIST
    entries = texts if is_plain else pa.StructArray.from_arrays(parts, fields=list(arrow.value_type))
    buffers = [_validity(null), pa.py_buffer(starts.astype(np.int32))]
    return pa.Array.from_buffers(arrow, len(values), buffers, children=[entries])
