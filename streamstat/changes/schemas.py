"""Columns whose values only a schema of Kafka Connect tells: decimals, days, fractions of seconds since the epoch."""

import json
from typing import Any

import numpy as np

from streamstat import kernels
from streamstat.input.events import Events
from streamstat.values.columns import I32, I64, Texts, arrays

_MEANINGS = {
    "org.apache.kafka.connect.data.Decimal": 0,
    "io.debezium.data.VariableScaleDecimal": 1,
    "org.apache.kafka.connect.data.Date": 2,
    "io.debezium.time.Date": 2,
    "org.apache.kafka.connect.data.Timestamp": 3,
    "io.debezium.time.Timestamp": 3,
    "io.debezium.time.MicroTimestamp": 4,
    "io.debezium.time.NanoTimestamp": 5,
    "org.apache.kafka.connect.data.Time": 6,
    "io.debezium.time.Time": 6,
    "io.debezium.time.MicroTime": 7,
    "io.debezium.time.NanoTime": 8,
}  # as kernels/changes/typed.hpp numbers them
_MOST_SCHEMAS = 64

TypedColumns = list[tuple[str, int, int]]  # name in quotes, meaning, scale


class Schemas:
    """What the schemas of a log say; each is read once."""

    def __init__(self) -> None:
        self._known: dict[bytes, TypedColumns] = {}

    def of_rows(self, events: Events, path: str, rows: I64) -> "TypedRows | None":
        """What those of rows say, found in a field of which codes were asked for; None where no column is typed."""
        _, texts = events.dictionary(path)
        columns = [self._columns(texts[code]) for code in range(len(texts))]
        if not any(columns):
            return None
        return TypedRows(events.codes(path)[rows], columns)

    def _columns(self, schema: bytes) -> TypedColumns:
        known = self._known.get(schema)
        if known is None:
            if len(self._known) >= _MOST_SCHEMAS:
                self._known.clear()
            known = self._known[schema] = typed_columns(schema)
        return known


class TypedRows:
    """The typed columns of rows. codes: of each the number of its columns."""

    def __init__(self, codes: I32, columns: list[TypedColumns]) -> None:
        self._codes, self._columns = codes, columns

    def typed(self, objects: Texts) -> Texts:
        """Their objects, the values written as they are meant."""
        codes = np.ascontiguousarray(self._codes)
        return Texts(*kernels.objects_typed(*arrays(objects), codes, self._columns))


def typed_columns(schema: bytes) -> TypedColumns:
    """The typed columns of a row, as the schema of its change says; none for what is no such schema.

    >>> days = '{"type":"int32","name":"io.debezium.time.Date","field":"born"}'
    >>> after = '{"type":"struct","field":"after","fields":[%s]}' % days
    >>> typed_columns(('{"type":"struct","fields":[%s]}' % after).encode())
    [('"born"', 2, 0)]
    """
    try:
        found = json.loads(schema) if schema else None
    except (ValueError, RecursionError):
        return []
    rows = [each for each in _fields(found) if each.get("field") in ("after", "before")]
    columns = {str(each["field"]): each for row in rows for each in _fields(row) if "field" in each}
    if not rows:
        columns = {str(each["field"]): each for each in _fields(found) if "field" in each}
    typed = ((name, *_typed(column)) for name, column in columns.items())
    return [
        (json.dumps(name, ensure_ascii=False), meaning, scale)
        for name, meaning, scale in typed
        if meaning >= 0
    ]


def _fields(struct: Any) -> list[dict[str, Any]]:
    fields = struct.get("fields") if isinstance(struct, dict) else None
    return [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []


def _typed(column: dict[str, Any]) -> tuple[int, int]:
    name = column.get("name")
    meaning = _MEANINGS.get(name, -1) if isinstance(name, str) else -1
    if meaning != 0:
        return meaning, 0
    parameters = column.get("parameters")
    try:
        return 0, int(parameters["scale"] if isinstance(parameters, dict) else "")
    except (KeyError, TypeError, ValueError, OverflowError):
        return -1, 0
