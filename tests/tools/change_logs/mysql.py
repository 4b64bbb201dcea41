"""What Maxwell and Canal tell of MySQL."""

from random import Random
from typing import Any

from tools.change_history import DOC, KEY, TABLE, Transaction
from tools.change_logs.records import Lines, spelt, texts_of, without_truncates


def maxwell(transaction: Transaction, random: Random) -> Lines:
    """Rows of a transaction share its xid, and the last says that it is; `old` has what changed."""
    steps = without_truncates(transaction.steps)
    lines = []
    for ordinal, step in enumerate(steps):
        record: dict[str, Any] = {"database": "shop", "table": TABLE, "type": step.op, "ts": transaction.time}
        record |= {"xid": transaction.xid, "xoffset": ordinal}
        if ordinal == len(steps) - 1:
            record["commit"] = True
        record |= {
            "position": f"master.{transaction.commit // 100:06d}:{4 + ordinal}",
            "primary_key_columns": [KEY],
        }
        record["data"] = step.after or step.before
        if step.op == "update":
            assert step.before is not None
            record["old"] = {name: step.before[name] for name in step.changed}
        lines.append(spelt(record))
    return lines


def canal(transaction: Transaction, random: Random) -> Lines:
    """All updates of one kind in one record, all values as texts."""
    lines, types = [], {KEY: "int", "branch": "varchar(9)", "amount": "decimal(30,2)", DOC: "text"}
    for step in transaction.steps:
        record: dict[str, Any] = {
            "id": 1,
            "database": "shop",
            "table": TABLE,
            "es": 1000 * transaction.time,
            "ts": 5,
        }
        if step.op == "truncate":
            lines.append(spelt({**record, "isDdl": True, "type": "TRUNCATE", "data": None, "old": None}))
            continue
        record |= {"pkNames": [KEY], "isDdl": False, "type": step.op.upper(), "mysqlType": types}
        record["data"] = [texts_of(step.after or step.before)]
        changed = {
            name: each for name, each in texts_of(step.before).items() if step.after and name in step.changed
        }
        record["old"] = [changed] if step.op == "update" else None
        lines.append(spelt(record))
    return lines
