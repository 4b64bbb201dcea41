"""SQLite judges views: a history is made in a table of its own, and told as a log in every format."""

import os
import sqlite3
from random import Random

import pytest
from oracle.changes import parsed
from tools.change_history import COLUMNS, KEY, History, Row, Step, history
from tools.change_logs import KEYLESS, NAMES, POSITIONED, TRUNCATING, delivered_again, log_in, spelt, whole
from tools.view_runs import job_of_view, run_view

from streamstat.plan.view_options import ViewOptions

HISTORIES = 40 * int(os.environ.get("TORTURE") or 1)  # of each format


def table_after(transactions: History) -> list[dict[str, str]]:
    """The rows that SQLite has, ordered by key, their values spelt as JSON."""
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE TABLE t ({KEY} INTEGER PRIMARY KEY, branch TEXT, amount TEXT, doc TEXT)")
        for transaction in transactions:
            for step in transaction.steps:
                database.execute(*statement(step))
            database.commit()
        rows = database.execute(f"SELECT * FROM t ORDER BY {KEY}").fetchall()
    return [{name: str(value) for name, value in zip(COLUMNS, row, strict=True)} for row in rows]


def statement(step: Step) -> tuple[str, list[str]]:
    """A step as SQL, with its values."""
    if step.after is None:
        where = "" if step.before is None else f" WHERE {KEY} = ?"
        return f"DELETE FROM t{where}", [] if step.before is None else [spelt(step.before[KEY])]
    if step.before is None:
        return "INSERT INTO t VALUES (?, ?, ?, ?)", cells(step.after, COLUMNS)
    names = step.changed or [KEY]
    settings = ", ".join(f"{name} = ?" for name in names)
    return f"UPDATE t SET {settings} WHERE {KEY} = ?", [*cells(step.after, names), spelt(step.before[KEY])]


def cells(row: Row, names: "tuple[str, ...] | list[str]") -> list[str]:
    return [spelt(row[name]) for name in names]


@pytest.mark.parametrize("name", NAMES)
def test_a_view_of_a_log_is_the_table_that_was_changed(name: str) -> None:
    key = ViewOptions(key=(KEY,) if name in KEYLESS else (), deleted="gone" if "upsert" in name else None)
    for seed in range(HISTORIES):
        random = Random(f"{name} {seed}")
        transactions = history(random, transactions=12, keys=12, truncates=name in TRUNCATING)
        parts = log_in(name, transactions, random)
        if name in POSITIONED:
            parts = delivered_again(parts, random)
        told = run_view(whole(parts).encode(), job_of_view(key), block_bytes=1024)
        rows = [{column: spelt(row[column]) for column in COLUMNS} for row in map(parsed, told.report)]
        assert rows == table_after(transactions), f"seed {seed}"
