"""Envelopes of Debezium, and rows that were taken out of them."""

import base64
import re
from typing import Any

from oracle.changes.log import Bad, Log, moved, row_of
from oracle.changes.places import digits_of, file_of
from oracle.changes.schemas import typed
from oracle.changes.values import at, count, parsed, spelt


def debezium(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """An envelope."""
    op, after, before = record.get("op"), record.get("after"), record.get("before")
    if op is None:
        has = [isinstance(each, dict | list) for each in (after, before)]
        op = "c" if has[0] else "d" if has[1] else "m"
    if op == "m":
        return []
    if not isinstance(op, str) or op not in "crudt" or len(op) != 1:
        raise Bad
    source = at(record, "source")
    source = source if isinstance(source, dict) else {}
    table = source.get("table")
    names = (source.get("db"), source.get("schema"), table)
    if not log.is_mine(*(names if isinstance(table, str) else (source.get("db"), source.get("collection")))):
        return []
    place = place_of_source(source)
    if op == "t":
        return [{"op": "truncate", "key": None, **place}] if log.began else []
    row = row_of(after) if op != "d" else {}
    if log.beside is not None:
        log.meet_key(list(log.beside))
    if op == "d":
        key = log.key_in(*((before, log.beside) if log.is_asked else (log.beside, before)))
        return [{"op": "delete", "key": key, **place}]
    row = typed(log, row)
    beside = log.beside if not log.is_asked else None
    key = log.key_in(*((beside, row) if beside is not None else (row, log.beside)))
    old = None
    if op in "cu" and beside is None and isinstance(before, dict):
        names_known = log.key or ()
        old_row = typed(log, before)
        olds = [at(old_row, name) for name in names_known]
        old = tuple(map(spelt, olds)) if all(each is not None for each in olds) else None
    return [{**moved("read" if op == "r" else "put", key, old), **without_marks(row, op), **place}]


def place_of_source(source: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    def of(name: str) -> Any:
        return source.get(prefix + name)

    try:
        pair = parsed(of("sequence")) if isinstance(of("sequence"), str) else None
    except ValueError:
        pair = None
    if (
        isinstance(pair, list)
        and len(pair) == 2
        and (pair[0] is None or digits_of(pair[0]))
        and digits_of(pair[1])
    ):
        return {"space": "sequence", "position": (int(digits_of(pair[0]) or 0), int(digits_of(pair[1]) or 0))}
    file, pos, row = file_of(of("file")), count(of("pos")), count(of("row"))
    if file and pos is not None and row is not None:
        return {"space": (file[0], spelt(of("server_id"))), "position": (file[1], pos, row)}
    part = "([0-9a-fA-F]{1,8})"
    hexes = [re.fullmatch(f"{part}:{part}:{part}", str(of(f"{name}lsn_of"))) for name in ("commit", "change")]
    if all(hexes):
        numbers = [int(each, 16) for found in hexes if found for each in found.groups()]
        a, b, c, d, e, f = numbers
        return {
            "space": "lsn",
            "position": (a << 32 | b, c, d << 32 | e, f, count(of("event_serial_no")) or 0),
        }
    moment, order = count(of("ts_ms")), count(of("ord"))
    return {"space": "ord", "position": (moment, order)} if moment is not None and order is not None else {}


MARK = "__debezium_unavailable_value"

MARKS = (MARK, base64.b64encode(MARK.encode()).decode())


def without_marks(row: dict[str, Any], op: str) -> dict[str, Any]:
    def is_mark(value: Any) -> bool:
        return (value[0] if isinstance(value, list) and len(value) == 1 else value) in MARKS

    kept = tuple(name for name, each in row.items() if isinstance(each, str | list) and is_mark(each))
    rest = {name: each for name, each in row.items() if name not in kept}
    return {"row": rest, "kept": kept, **({"op": "patch"} if kept and op != "r" else {})}


def in_schema(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """An envelope in its schema."""
    log.memory["schema"] = record.get("schema")
    payload = record.get("payload")
    return debezium(log, payload if isinstance(payload, dict) else {})
