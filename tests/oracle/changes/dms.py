"""Records of the migration service of AWS."""

from typing import Any

from oracle.changes.log import Bad, Log, moved, row_of
from oracle.changes.values import at


def dms(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A row, and what it is."""
    if at(record, "metadata.record-type") == "control":
        return []
    operation = at(record, "metadata.operation")
    ops = {"load": "read", "insert": "put", "update": "put", "delete": "delete"}
    if not isinstance(operation, str) or operation not in ops:
        raise Bad
    if not log.is_mine(at(record, "metadata.schema-name"), at(record, "metadata.table-name")):
        return []
    data, old = row_of(record.get("data")), record.get("before-image")
    key = log.key_in(data)
    before = log.key_in(old, data) if isinstance(old, dict) and ops[operation] == "put" else None
    return [{**moved(ops[operation], key, before), "row": None if operation == "delete" else data}]
