"""Jobs of `streamstat view` beside DuckDB's `arg_max`, and the log of changes that they are over.

`views.py LOG CHANGES FILE` writes the log: seeded changes of accounts as Debezium tells them, some 400 bytes each.
`views.py DuckDB JOB LOG THREADS` gives the same rows by SQL, to CSV.
"""

import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from contenders import Contender, rows_of
from data import FOLDER
from patterns import BEGIN_MS

CHANGES_OF_A_KEY = 8
BRANCHES = 1000
RECORD = (
    '{{"before":{before},"after":{after},"source":{{"version":"3.0","connector":"postgresql","name":"bank",'
    '"ts_ms":{ts},"snapshot":"false","db":"bank","sequence":"[\\"{commit}\\",\\"{lsn}\\"]","schema":"public",'
    '"table":"accounts","txId":{tx},"lsn":{lsn},"xmin":null}},"op":"{op}","ts_ms":{seen},"transaction":null}}\n'
)
ROW = '{{"id":{id},"branch":"b{branch:04}","owner":"owner {id:08}","balance":{balance},"note":"{note}"}}'


@dataclass(frozen=True)
class Viewed:
    """A job: what `view` is asked, and the SQL over `log` that gives the same rows."""

    words: tuple[str, ...]
    sql: str


LAST = (
    "SELECT id, arg_max(row, lsn) AS row, arg_max(op, lsn) AS op FROM"
    " (SELECT coalesce(after.id, before.id) AS id, after AS row, op, source.lsn AS lsn FROM log) GROUP BY id"
)
VIEWS = {
    "views, rows of accounts": Viewed(
        ("-s", "branch=branch", "-s", "owner=owner", "-s", "balance=balance"),
        f"SELECT id, row.branch, row.owner, row.balance FROM ({LAST}) WHERE op <> 'd' ORDER BY id",
    ),
    "views, balances by branch": Viewed(
        ("-b", "branch", "-a", "count()", "-a", "sum(balance)", "-a", "max(balance)"),
        "SELECT row.branch AS branch, count(*), sum(row.balance), max(row.balance) FROM"
        f" ({LAST}) WHERE op <> 'd' GROUP BY 1 ORDER BY 1",
    ),
}


def viewing(name: str, changes: int) -> list[Contender]:
    """A job by streamstat and by DuckDB, over so many changes."""
    log = log_of(changes)
    command = str(Path(sys.executable).parent / "streamstat")
    words = {
        "streamstat": [
            *(command, "view", str(log), "--changes", "debezium", "--key", "id", *VIEWS[name].words),
            *("--threads", "2", "--quiet", "--output", str(rows_of(log, "streamstat"))),
        ],
        "DuckDB": [sys.executable, __file__, "DuckDB", name, str(log), "2"],
    }
    size = log.stat().st_size
    return [Contender(name, tool, each, 2, changes, size) for tool, each in words.items()]


def log_of(changes: int) -> Path:
    """The file of the log, made now if it is not there; in a process of its own, as peaks are told of children."""
    path = FOLDER / f"accounts-{changes}.ndjson"
    if not path.exists():
        part = path.with_suffix(".part")
        subprocess.run([sys.executable, __file__, "LOG", str(changes), str(part)], check=True)
        part.rename(path)
    return path


def write(changes: int, path: Path) -> None:
    """The log: accounts are opened, paid into, moved to another branch, and one change of a hundred closes one."""
    random_, keys, note = random.Random(5), max(1, changes // CHANGES_OF_A_KEY), "n" * 40
    there: dict[int, str] = {}
    with path.open("w", encoding="ascii") as file:
        for number in range(changes):
            id = random_.randrange(keys)
            row = ROW.format(
                id=id,
                branch=random_.randrange(BRANCHES),
                balance=random_.randrange(1_000_000) / 100,
                note=note,
            )
            op = "c" if id not in there else "d" if random_.random() < 0.01 else "u"
            before = f'{{"id":{id}}}' if op == "d" else "null"
            lsn, ts = 20_000_000 + 64 * number, BEGIN_MS + number
            file.write(
                RECORD.format(
                    before=before, after="null" if op == "d" else row, ts=ts, commit=lsn - 64, lsn=lsn, tx=number,
                    op=op, seen=ts + 300,
                )
            )  # fmt: skip
            if op == "d":
                del there[id]
            else:
                there[id] = op


def duckdb(name: str, log: Path, threads: int) -> None:
    """The job in SQL, with the types of columns given."""
    import duckdb as database

    row = "STRUCT(id BIGINT, branch VARCHAR, owner VARCHAR, balance DOUBLE)"
    types = f"{{op: 'VARCHAR', before: 'STRUCT(id BIGINT)', after: '{row}', source: 'STRUCT(lsn BIGINT)'}}"
    connection = database.connect()
    connection.execute(f"SET threads = {threads}")
    source = f"read_json('{log}', format = 'newline_delimited', columns = {types})"
    connection.execute(f"CREATE VIEW log AS SELECT * FROM {source}")
    connection.execute(f"COPY ({VIEWS[name].sql}) TO '{rows_of(log, 'DuckDB')}'")


if __name__ == "__main__":
    if sys.argv[1] == "DuckDB":
        duckdb(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        write(int(sys.argv[2]), Path(sys.argv[3]))
