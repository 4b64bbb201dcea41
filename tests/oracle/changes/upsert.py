"""A record is the row."""

from typing import Any

from oracle.changes.log import Log


def upsert(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A record is the row."""
    if log.beside is not None:
        log.meet_key(list(log.beside))
    is_gone = log.deleted(record)
    key = log.key_in(*((record, log.beside) if log.is_asked else (log.beside, record)))
    return [{"op": "delete", "key": key} if is_gone else {"op": "put", "key": key, "row": record}]
