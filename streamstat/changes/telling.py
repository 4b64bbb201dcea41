"""Which format a log has, by its first record that is none of control.

A name from here is that of a reader (`reading.READERS`): where a format has several forms, the form too.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

LOG_FORMATS = ("upsert", "debezium", "maxwell", "canal", "wal2json", "dms", "mongodb", "flink", "kcat")

Record: TypeAlias = Mapping[str, Any]


def format_told(records: Iterable[bytes], asked: str | None = None) -> str | None:
    """The format of a log whose first records are these, one object each; None: all of them are of control.

    asked: what `--changes` names, of which only the form is open; None: any.

    >>> format_told([b'{"ts_ms":1700000000000}', b'{"before":null,"after":{"id":7},"op":"c"}'])
    'debezium'
    >>> format_told([b'{"id":7}']), format_told([b'{"ts_ms":1}'])
    ('upsert', None)
    """
    forms = _forms(asked)
    if len(forms) == 1:
        return next(iter(forms))
    for each in records:
        record = record_in(each)
        if record is None or _is_control(record):
            continue
        found = next((name for name, is_it in forms.items() if is_it(record)), None)
        if found is not None or asked is None:
            return found or "upsert"
    return None


def _forms(asked: str | None) -> Mapping[str, Callable[[Record], bool]]:
    if asked is None:
        return _SHAPES
    found = {name: is_it for name, is_it in _SHAPES.items() if name.partition(":")[0] == asked}
    return found or {asked: _is_any}


def record_in(text: bytes) -> Record | None:
    """The object that a text holds; None if it holds none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_control(record: Record) -> bool:
    """A heartbeat, a mark of a transaction, a change of the schema: they look alike around any form of Debezium."""
    inner = record["payload"] if record.keys() == {"schema", "payload"} else record
    if not isinstance(inner, dict):
        return True
    is_mark = inner.get("status") in ("BEGIN", "END") and "id" in inner and "event_count" in inner
    return (
        inner.keys() == {"ts_ms"}
        or is_mark
        or ("ddl" in inner and "databaseName" in inner and "op" not in inner)
    )


def _is_kcat(record: Record) -> bool:
    return record.keys() >= {"topic", "offset"} and ("payload" in record or "payload_error" in record)


def _is_envelope(record: Record) -> bool:
    if record.get("op") in ("c", "u", "d", "r", "t", "m"):
        return bool(record.keys() & {"before", "after", "source"})
    return "op" not in record and record.keys() >= {"before", "after"}


def _is_in_schema(record: Record) -> bool:
    return record.keys() == {"schema", "payload"} and isinstance(record["payload"], dict)


def _is_wal2json1(record: Record) -> bool:
    return isinstance(record.get("change"), list)


def _is_wal2json2(record: Record) -> bool:
    return record.get("action") in ("B", "C", "I", "U", "D", "T", "M")


def _is_canal(record: Record) -> bool:
    return record.keys() >= {"database", "table", "type", "isDdl"}


def _is_maxwell(record: Record) -> bool:
    return record.keys() >= {"database", "type"} and ("data" in record or "sql" in record)


def _is_dms(record: Record) -> bool:
    metadata = record.get("metadata")
    return isinstance(metadata, dict) and "record-type" in metadata


def _is_mongodb(record: Record) -> bool:
    return "operationType" in record and bool(record.keys() & {"documentKey", "ns"})


def _is_flink(record: Record) -> bool:
    return record.get("op") in ("+I", "-U", "+U", "-D") and "data" in record


def _is_flat(record: Record) -> bool:
    return bool(record.keys() & {"__op", "__deleted"})


def _is_any(record: Record) -> bool:
    return True


# In this order: the first that fits is it.
_SHAPES: Mapping[str, Callable[[Record], bool]] = {
    "kcat": _is_kcat,
    "debezium:schema": _is_in_schema,
    "debezium": _is_envelope,
    "wal2json:2": _is_wal2json2,
    "wal2json:1": _is_wal2json1,
    "canal": _is_canal,
    "maxwell": _is_maxwell,
    "dms": _is_dms,
    "mongodb": _is_mongodb,
    "flink": _is_flink,
    "debezium:flat": _is_flat,
}
