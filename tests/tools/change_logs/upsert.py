"""Rows as they are."""

from random import Random

from tools.change_history import KEY, Transaction
from tools.change_logs.records import Lines, halves, spelt


def upsert(transaction: Transaction, random: Random) -> Lines:
    """Rows; a row that is gone says `gone`. Who reads it is told `--deleted gone --key id`."""
    lines = []
    for op, row in halves(transaction.steps):
        at = {"ts": transaction.time}
        lines.append(spelt({**row, **at} if op == "put" else {KEY: row[KEY], "gone": True, **at}))
    return lines
