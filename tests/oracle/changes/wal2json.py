"""Both forms of wal2json."""

from typing import Any

from oracle.changes.log import Bad, Log, moved, row_of
from oracle.changes.places import lsn_of
from oracle.changes.values import at


def wal2json1(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A transaction."""
    changes, found, is_bad = record.get("change"), [], False
    if changes is None:
        return []
    if not isinstance(changes, list):
        raise Bad
    for ordinal, each in enumerate(changes):
        lsn = lsn_of(record.get("nextlsn"))
        place = {} if lsn is None else {"space": "lsn", "position": (lsn, ordinal)}
        try:
            found += [{**change, **place} for change in _of_wal2json1(log, row_of(each))]
        except Bad:
            is_bad = True
    if is_bad:
        raise Bad(found)
    return found


def _of_wal2json1(log: Log, change: dict[str, Any]) -> list[dict[str, Any]]:
    kind = change.get("kind")
    if kind == "message":
        return []
    if kind not in ("insert", "update", "delete", "truncate"):
        raise Bad
    if not log.is_mine(change.get("schema"), change.get("table")):
        return []
    columns = _pairs(change.get("columnnames"), change.get("columnvalues"))
    old = _pairs(at(change, "oldkeys.keynames"), at(change, "oldkeys.keyvalues"))
    if kind != "truncate" and (old if kind == "delete" else columns) is None:
        raise Bad
    if kind != "truncate":
        log.meet_key(at(change, "pk.pknames"))
    return _of_postgresql(log, kind, columns, old)


def _of_postgresql(log: Log, kind: str, columns: Any, old: Any) -> list[dict[str, Any]]:
    if kind == "truncate":
        return [{"op": "truncate", "key": None}] if log.began else []
    if kind == "delete":
        return [{"op": "delete", "key": log.key_in(old)}]
    key = log.key_in(columns)
    before = log.key_in(*(each for each in (old, columns) if each)) if old and kind == "update" else None
    return [{**moved("put" if kind == "insert" else "patch", key, before), "row": columns}]


def _pairs(names: Any, values: Any) -> dict[str, Any] | None:
    lists = isinstance(names, list) and isinstance(values, list) and len(names) == len(values)
    return (
        dict(zip(names, values, strict=True))
        if lists and all(isinstance(each, str) for each in names)
        else None
    )


def wal2json2(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A change, or a mark around those of a transaction."""
    action = record.get("action")
    if action == "M":
        return []
    if not isinstance(action, str) or action not in ("B", "C", "I", "U", "D", "T"):
        raise Bad
    if action == "B":
        if log.open is not None:  # what wrote the log was broken off
            log.cut.add(log.open)
        log.transactions += 1
        log.open, log.memory["lsn"], log.memory["ordinal"] = log.transactions, lsn_of(record.get("lsn")), 0
        return []
    if action == "C":
        log.open = None
        return []
    place: dict[str, Any] = {}
    if log.open is not None:
        log.current = log.open
        if log.memory["lsn"] is not None:
            place = {"space": "lsn", "position": (log.memory["lsn"], log.memory["ordinal"])}
        log.memory["ordinal"] += 1
    if not log.is_mine(record.get("schema"), record.get("table")):
        return []
    kind = {"I": "insert", "U": "update", "D": "delete", "T": "truncate"}[action]
    columns, old = _named(record.get("columns")), _named(record.get("identity"))
    if kind != "truncate" and (old if kind == "delete" else columns) is None:
        raise Bad
    pk = record.get("pk")
    if kind != "truncate":
        log.meet_key([at(each, "name") for each in pk] if isinstance(pk, list) else None)
    return [{**each, **place} for each in _of_postgresql(log, kind, columns, old)]


def _named(columns: Any) -> dict[str, Any] | None:
    if not isinstance(columns, list) or not all(isinstance(at(each, "name"), str) for each in columns):
        return None
    return {each["name"]: each.get("value") for each in columns}
