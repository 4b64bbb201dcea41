"""What the records of several formats are made of."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Any

from oracle.changes import Number

from tools.change_history import DOC, Row, Step, Transaction

Lines = list[str]

Writer = Callable[[Transaction, Random], Lines]


def spelt(value: object) -> str:
    """A value as JSON, numbers as they are spelt."""
    if isinstance(value, Number):
        return value.spelling
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{spelt(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(spelt, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def halves(steps: Sequence[Step]) -> Iterator[tuple[str, Row]]:
    """Changes where each is the new row of its key, or says that it is gone."""
    for step in without_truncates(steps):
        if step.before is not None and (step.after is None or step.moves):
            yield "gone", step.before
        if step.after is not None:
            yield "put", step.after


def without_truncates(steps: Sequence[Step]) -> list[Step]:
    """Formats that cannot empty a table are given histories that do not."""
    assert all(step.op != "truncate" for step in steps)
    return list(steps)


def lsn_of(transaction: Transaction, ordinal: int) -> int:
    """Where a row stands: of a transaction that began early before those of others; some stand at one place."""
    ops = [step.op for step in transaction.steps[: ordinal + 1]]
    alike = sum(pair == ("insert", "insert") for pair in pairwise(ops))
    return 100 * (transaction.xid - 700) + 900 + ordinal - alike


def told_columns(step: Step) -> dict[str, Any]:
    """The columns of a change of PostgreSQL: a large one that did not change is left out."""
    assert step.after is not None
    hides = step.before is not None and step.before[DOC] == step.after[DOC]
    return {name: each for name, each in step.after.items() if not (hides and name == DOC)}


def texts_of(row: Row | None) -> dict[str, Any]:
    return {name: each.spelling if isinstance(each, Number) else each for name, each in (row or {}).items()}


def clock_of(transaction: Transaction) -> str:
    return datetime.fromtimestamp(transaction.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
