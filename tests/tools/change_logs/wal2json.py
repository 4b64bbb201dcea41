"""Both forms of wal2json."""

from random import Random
from typing import Any

from tools.change_history import KEY, TABLE, Transaction
from tools.change_logs.records import Lines, clock_of, lsn_of, spelt, told_columns


def wal2json1(transaction: Transaction, random: Random) -> Lines:
    """A transaction a record."""
    changes: list[Any] = []
    for step in transaction.steps:
        change: dict[str, Any] = {"kind": step.op, "schema": "public", "table": TABLE}
        if step.op != "delete" and step.after is not None:
            told = told_columns(step)
            change |= {"columnnames": list(told), "columnvalues": list(told.values())}
        if step.op in ("insert", "update", "delete"):
            change["pk"] = {"pknames": [KEY], "pktypes": ["integer"]}
        if step.before is not None:
            change["oldkeys"] = {"keynames": [KEY], "keyvalues": [step.before[KEY]]}
        changes.append(change)
    head = {
        "xid": transaction.xid,
        "nextlsn": f"0/{transaction.commit:X}",
        "timestamp": clock_of(transaction),
    }
    return [spelt({**head, "change": changes})]


def wal2json2(transaction: Transaction, random: Random) -> Lines:
    """A change a record, between B and C; the LSNs of rows go back where transactions overlap."""
    at = {"xid": transaction.xid, "timestamp": clock_of(transaction)}
    mark = {**at, "lsn": f"0/{transaction.commit:X}", "nextlsn": f"0/{transaction.commit + 48:X}"}
    lines = [spelt({"action": "B", **mark})]
    for ordinal, step in enumerate(transaction.steps):
        record: dict[str, Any] = {
            "action": step.op[0].upper(),
            **at,
            "lsn": f"0/{lsn_of(transaction, ordinal):X}",
        }
        record |= {"schema": "public", "table": TABLE}
        if step.after is not None:
            record["columns"] = [
                {"name": name, "type": "x", "value": each} for name, each in told_columns(step).items()
            ]
        if step.before is not None:
            record["identity"] = [{"name": KEY, "type": "integer", "value": step.before[KEY]}]
        if step.op != "truncate":
            record["pk"] = [{"name": KEY, "type": "integer"}]
        lines.append(spelt(record))
    return [*lines, spelt({"action": "C", **mark})]
