"""Whole logs: in order, delivered again, with snapshots."""

from collections.abc import Sequence
from random import Random

from tools.change_history import KEY, TABLE, History, Row
from tools.change_logs.formats import writers
from tools.change_logs.records import Lines, spelt


def log_in(name: str, transactions: History, random: Random) -> list[Lines]:
    """The lines of each transaction in one format."""
    write = writers()[name]
    return [write(each, random) for each in transactions]


def whole(parts: Sequence[Lines]) -> str:
    """All lines."""
    return "".join(f"{line}\n" for lines in parts for line in lines)


def delivered_again(parts: Sequence[Lines], random: Random) -> list[Lines]:
    """A log whose reader began anew at some transactions, each time at one that it had been given before."""
    out: list[Lines] = []
    for i in range(len(parts)):
        if random.random() < 0.3:
            out += parts[random.randint(0, i) : i]
        out.append(parts[i])
    return out


def snapshot_in(name: str, rows: Sequence[Row], time: int) -> Lines:
    """Rows as a snapshot has them, in a format of SNAPSHOTS."""
    lines = []
    for row in rows:
        if name == "maxwell":
            head = {"database": "shop", "table": TABLE, "type": "bootstrap-insert", "ts": time}
            lines.append(spelt({**head, "primary_key_columns": [KEY], "data": row}))
        elif name == "dms":
            metadata = {"timestamp": "2020-01-01T00:00:00Z", "record-type": "data", "operation": "load"}
            lines.append(
                spelt({"data": row, "metadata": {**metadata, "table-name": TABLE, "schema-name": "public"}})
            )
        else:
            source = {"ts_ms": 1000 * time, "snapshot": "incremental", "db": "d", "schema": "public"}
            source["table"] = TABLE
            lines.append(spelt({"before": None, "after": row, "source": source, "op": "r"}))
    return lines
