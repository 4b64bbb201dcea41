"""Records of Kafka around others."""

from typing import Any

from oracle.changes.log import HELD, Bad, Log, row_of
from oracle.changes.values import count, parsed, spelt


def kcat(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A record of Kafka around another, or the delete of its key."""
    payload, topic = record.get("payload"), record.get("topic")
    offset = count(record.get("offset"))
    place = (
        {}
        if offset is None
        else {"space": (spelt(topic), spelt(record.get("partition"))), "position": (offset,)}
    )
    if record.get("payload_error") is not None:
        raise Bad
    inner = log.memory.setdefault("log", Log(log.inner, log.key, log.table, log.deleted))
    beside = _key_object(record.get("key"), log.key)
    topics: list[Any] = log.memory.setdefault("topics", [])
    if payload is None:
        if topic not in topics:
            return []
        return [{"op": "delete", "key": inner.key_in(beside), **place}]
    is_tableless = log.inner in ("upsert", "flink", "debezium:flat")
    if is_tableless and log.table is not None and not log.is_mine(topic):
        return []
    inner.beside = beside
    before = len(inner.changes)
    inner.take(_payload(payload))
    made = inner.changes[before:]
    if made:
        topics.append(topic)
        if is_tableless:
            log.is_mine(topic)
    log.current = inner.current and -inner.current
    log.open = inner.open and -inner.open
    kept = {"op", "key", "row", "old_key", "kept"}
    found = [
        {**{name: each for name, each in vars(change).items() if name in kept}, **place} for change in made
    ]
    if inner.records - 1 in inner.bad:
        raise Bad(found)
    return HELD if inner.records - 1 in inner.held else found


def _payload(value: Any) -> dict[str, Any]:
    try:
        return row_of(parsed(value) if isinstance(value, str) else value)
    except ValueError:
        raise Bad from None


def _key_object(value: Any, names: tuple[str, ...] | None) -> dict[str, Any]:
    if value is None:
        return {}
    try:
        found = parsed(value) if isinstance(value, str) else value
    except ValueError:
        found = value
    if isinstance(found, dict) and found.keys() == {"schema", "payload"}:
        found = found["payload"]
    if isinstance(found, dict):
        return found
    return (
        {names[0]: value if isinstance(found, list) else found}
        if names is not None and len(names) == 1
        else {}
    )
