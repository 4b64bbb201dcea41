"""Changelogs of Flink."""

from typing import Any

from oracle.changes.log import HELD, Bad, Log, moved, row_of


def flink(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A row; of an update the one before waits for the one behind."""
    op, data = record.get("op"), record.get("data")
    if not isinstance(op, str) or op not in ("+I", "-U", "+U", "-D"):
        raise Bad
    row = row_of(data)
    key = log.key_in(row)
    waiting: list[tuple[str, ...]] = log.memory.setdefault("waiting", [])
    if op == "-U":
        log.memory["waiting"] = [*(each for each in waiting if each != key), key]
        return HELD  # type: ignore[no-any-return]
    if op == "-D":
        return [{"op": "delete", "key": key}]
    before = None
    if op == "+U" and waiting:
        before = key if key in waiting else waiting[0]
        waiting.remove(before)
    return [{**moved("put", key, before), "row": row}]
