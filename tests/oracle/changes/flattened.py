"""Rows that were taken out of envelopes of Debezium."""

from typing import Any

from oracle.changes.debezium import place_of_source, without_marks
from oracle.changes.log import Bad, Log


def flat(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A row with what is said of it in names that begin with two underscores."""
    op, gone = record.get("__op"), record.get("__deleted")
    is_gone = op == "d" or gone is True or gone == "true"
    if op == "m" and not is_gone:
        return []
    if op is not None and not is_gone and op not in ("c", "r", "u", "d", "t"):
        raise Bad
    ways = [(f"{at}db", f"{at}schema", f"{at}table") for at in ("__", "__source_")] + [
        ("__db", "__collection")
    ]
    way = next((way for way in ways if isinstance(record.get(way[-1]), str)), ways[0])
    if not log.is_mine(*map(record.get, way)):
        return []
    row = {name: each for name, each in record.items() if not name.startswith("__")}
    place = place_of_source(record, "__source_") or place_of_source(record, "__")
    if op == "t" and not is_gone:
        return [{"op": "truncate", "key": None, **place}] if log.began else []
    if log.beside is not None:
        log.meet_key(list(log.beside))
    key = log.key_in(*((record, log.beside) if log.is_asked else (log.beside, row)))
    if is_gone:
        return [{"op": "delete", "key": key, **place}]
    return [{"op": "read" if op == "r" else "put", "key": key, **without_marks(row, str(op)), **place}]
