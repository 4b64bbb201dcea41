"""A table of PostgreSQL that changes, and beside it the view that follows: the commands, typed out and run.

The server is one of its own, in a temporary folder; when the demo is over, nothing is left of it.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

from tools.postgres import USER, Postgres, postgres

TABLE = """psql -q -c 'CREATE TABLE accounts (id integer PRIMARY KEY, branch text, cents bigint)'"""
SLOT = "pg_recvlogical -d postgres --slot changes --create-slot -P wal2json"
PIPE = """timeout --signal INT 12s \\
    pg_recvlogical -d postgres --slot changes --start -f - \\
        -o format-version=2 -o include-lsn=1 -o include-pk=1 -o include-timestamp=1 |
    streamstat view --changes wal2json --follow --changelog -f ndjson -o - -o accounts.csv"""
TRAFFIC = (
    "INSERT INTO accounts VALUES (1, 'north', 1000), (2, 'harbour', 250)",
    "UPDATE accounts SET cents = cents - 300 WHERE id = 1",
    "BEGIN; UPDATE accounts SET cents = 0; ROLLBACK",
    "BEGIN; UPDATE accounts SET branch = 'north' WHERE id = 2; INSERT INTO accounts VALUES (3, 'airport', 99); COMMIT",
    "UPDATE accounts SET id = 30 WHERE id = 3",
    "DELETE FROM accounts WHERE id = 1",
)
PAUSE_S = 1.5


def main() -> None:
    """All of it."""
    with postgres() as server:
        variables = _variables(server)
        os.environ.update(variables)
        os.environ["PATH"] = os.pathsep.join(
            [str(Path(sys.executable).parent), str(server.programs), os.environ["PATH"]]
        )
        os.chdir(server.folder)
        print(f"# A PostgreSQL with wal_level = logical runs in {server.folder}", flush=True)
        _say(" ".join(["export", *(f"{name}={value}" for name, value in variables.items())]))
        for line in (TABLE, SLOT):
            _run(line)
        Thread(target=_traffic, daemon=True).start()  # it is over long before the pipe
        _run(PIPE)
        print(
            "# Interrupted, pg_recvlogical says that it was; the view ends with the pipe, in peace.",
            flush=True,
        )
        for line in ("cat accounts.csv", "psql -c 'SELECT * FROM accounts ORDER BY id'"):
            _run(line)


def _variables(server: Postgres) -> dict[str, str]:
    return {"PGHOST": str(server.folder), "PGUSER": USER, "PGDATABASE": "postgres"}


def _traffic() -> None:
    """Statements that somebody makes meanwhile, slowly enough to be watched."""
    for statement in TRAFFIC:
        time.sleep(PAUSE_S)
        print(f"-- {statement};", flush=True)
        subprocess.run(["psql", "-q", "-c", statement], check=True)


def _run(line: str) -> None:
    _say(line)
    subprocess.run(["bash", "-c", line], check=True)


def _say(line: str) -> None:
    print(f"$ {line}", flush=True)


if __name__ == "__main__":
    main()
