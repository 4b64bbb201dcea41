"""Records of the migration service of AWS."""

from random import Random
from typing import Any

from tools.change_history import KEY, TABLE, Transaction
from tools.change_logs.records import Lines, clock_of, spelt, without_truncates


def dms(transaction: Transaction, random: Random) -> Lines:
    """Whole rows; `before-image` has the key that was."""
    lines = []
    for step in without_truncates(transaction.steps):
        record: dict[str, Any] = {"data": step.after or step.before}
        if step.op == "update":
            assert step.before is not None
            record["before-image"] = {KEY: step.before[KEY]} if step.moves else {}
        metadata = {"timestamp": "2020-01-01T00:00:00Z", "record-type": "data", "operation": step.op}
        metadata |= {"schema-name": "public", "table-name": TABLE, "commit-timestamp": clock_of(transaction)}
        lines.append(spelt({**record, "metadata": metadata}))
    return lines
