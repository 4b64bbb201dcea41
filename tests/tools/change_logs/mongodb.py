"""Change streams of MongoDB."""

from random import Random
from typing import Any

from oracle.changes import Number

from tools.change_history import KEY, TABLE, Row, Transaction
from tools.change_logs.records import Lines, spelt, without_truncates


def mongodb(transaction: Transaction, random: Random) -> Lines:
    """Documents; what does not move is updated by what it changes. The key is `_id`, which is that of `id`."""
    lines = []
    for ordinal, step in enumerate(without_truncates(transaction.steps)):
        moments = (
            [("delete", step.before), ("insert", step.after)]
            if step.moves
            else [(step.op, step.after or step.before)]
        )
        for half, (op, row) in enumerate(moments):
            assert row is not None
            token = f"82{transaction.commit:08X}{ordinal:04X}{half:02X}"
            wall = {"$date": {"$numberLong": str(1000 * transaction.time)}}
            record: dict[str, Any] = {"_id": {"_data": token}, "operationType": op, "wallTime": wall}
            record |= {"ns": {"db": "shop", "coll": TABLE}, "documentKey": {"_id": row[KEY]}}
            if op == "insert":
                record["fullDocument"] = {"_id": row[KEY], **_extended(row)}
            if op == "update":
                changed = _extended({name: row[name] for name in step.changed})
                record["updateDescription"] = {"updatedFields": changed, "removedFields": []}
            lines.append(spelt(record))
    return lines


def _extended(row: Row) -> dict[str, Any]:
    def wrapped(each: object) -> object:
        return (
            {"$numberDecimal": each.spelling} if isinstance(each, Number) and "." in each.spelling else each
        )

    return {name: wrapped(each) for name, each in row.items()}
