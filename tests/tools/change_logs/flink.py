"""Changelogs of Flink."""

from random import Random

from tools.change_history import Transaction
from tools.change_logs.records import Lines, spelt, without_truncates


def flink(transaction: Transaction, random: Random) -> Lines:
    """An update is two records."""
    lines = []
    at = {"ts": transaction.time}
    for step in without_truncates(transaction.steps):
        ops = {"insert": ("", "+I"), "update": ("-U", "+U"), "delete": ("-D", "")}[step.op]
        for op, row in zip(ops, (step.before, step.after), strict=True):
            if op:
                assert row is not None
                lines.append(spelt({"data": {**row, **at}, "op": op}))
    return lines
