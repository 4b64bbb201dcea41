"""Maxwell's records."""

import re
from typing import Any

from oracle.changes.log import Bad, Log, moved, row_of, text_of
from oracle.changes.places import file_of
from oracle.changes.values import count, spelt


def maxwell(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of a transaction have one xid; the last says so."""
    kind = text_of(record.get("type"))
    ops = {"insert": "put", "update": "patch", "delete": "delete", "bootstrap-insert": "read"}
    if kind not in ops:
        if re.fullmatch("(bootstrap|database|table)-(start|complete|create|alter|drop)", kind):
            return []
        raise Bad
    _maxwell_transaction(log, record)
    if not log.is_mine(record.get("database"), record.get("table")):
        return []
    data = row_of(record.get("data"))
    log.meet_key(record.get("primary_key_columns"))
    if log.beside is not None:
        log.meet_key([name[3:] for name in log.beside if name.startswith("pk.")])
    old = record.get("old") if kind == "update" else None
    key = log.key_in(data)
    before = log.key_in(old, data) if isinstance(old, dict) else None
    return [{**moved(ops[kind], key, before), "row": None if kind == "delete" else data, **_binlog(record)}]


def _maxwell_transaction(log: Log, record: dict[str, Any]) -> None:
    xid = record.get("xid")
    if xid is None or log.memory.get("xid") != spelt(xid):
        log.transactions += 1
    log.current = log.transactions
    is_last = xid is None or record.get("commit") is True
    log.memory["xid"] = None if is_last else spelt(xid)
    log.open = None if is_last else log.current


def _binlog(record: dict[str, Any]) -> dict[str, Any]:
    file, colon, place = str(record.get("position")).rpartition(":")
    found, offset = file_of(file), count(record.get("xoffset"))
    is_place = isinstance(record.get("position"), str) and colon and re.fullmatch(r"\d+", place)
    if found and is_place and offset is not None:
        return {"space": found[0], "position": (found[1], int(place), offset)}
    return {}
