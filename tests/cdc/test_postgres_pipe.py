"""`pg_recvlogical … | streamstat view --changes wal2json --follow`: the report is the table, after each piece of work.

PostgreSQL is the judge: of rows, numbers as they are spelt, and `changed`, which is when the server says that it
committed. `tools/bank.py` has what is spelt in another way.
"""

import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from tools.bank import Bank
from tools.commands import TIMEOUT_S, start
from tools.postgres import Postgres
from tools.wal2json_log import NAMED, PLACED, recorded

VIEW = (
    "view",
    "--follow",
    "--changes",
    "wal2json",
    "--csv-raw",
    "-o",
    "v.csv",
    "-o",
    "v.ndjson",
    "--commit-every",
    "10ms",
)


def same(folder: Path, bank: Bank) -> bool:
    """Whether both reports are the table before long."""
    wanted = {"v.csv": bank.csv(), "v.ndjson": bank.ndjson()}
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        paths = {name: folder / name for name in wanted}
        if {name: path.read_bytes() for name, path in paths.items() if path.exists()} == wanted:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("options", "key"),
    [((*PLACED, "include-pk=1"), ()), (PLACED, ("--key", "id")), (NAMED, ("--key", "id"))],
    ids=["with the key", "with positions", "without positions"],
)
def test_the_report_follows_the_table(
    server: Postgres, slot: str, tmp_path: Path, version: int, options: tuple[str, ...], key: tuple[str, ...]
) -> None:
    with (
        closing(Bank(server, Random(f"{version} {options}"), truncates=version == 2)) as bank,
        recorded(server, slot, (f"format-version={version}", *options)) as recorder,
        start([*VIEW, *key], tmp_path, bufsize=0) as view,
    ):
        assert view.stdin is not None
        for _ in range(3):
            bank.work(8)
            view.stdin.write(recorder.until(bank.mark()))
            assert same(tmp_path, bank)
            bank.add_column()
        out, err = view.communicate(timeout=TIMEOUT_S)
        assert (view.returncode, out, err) == (0, b"", b"")
