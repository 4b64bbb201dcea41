"""The sample of a view gives what is expected: as typed, through a pipe, in several runs, and by a plain recount."""

import csv
import io
import json
import shlex
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent / "samples" / "accounts"
STREAMSTAT = [sys.executable, "-m", "streamstat"]
EXPECTED = (SAMPLE / "expected" / "branches.csv").read_text()


def words() -> list[str]:
    """The words behind `streamstat`; the last is the input."""
    return shlex.split((SAMPLE / "command").read_text())[1:]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sample in a folder that may be written to."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "accounts"))


def test_command_gives_the_expected_report(copy: Path) -> None:
    done = subprocess.run([*STREAMSTAT, *words()], cwd=copy, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert (copy / "branches.csv").read_text() == EXPECTED


@pytest.mark.parametrize("threads", ["1", "3"])
def test_command_gives_the_same_through_a_pipe(copy: Path, threads: str) -> None:
    command = [*STREAMSTAT, *words()[:-1], "--threads", threads]
    subprocess.run(command, cwd=copy, input=(copy / "events.ndjson").read_bytes(), check=True)
    assert (copy / "branches.csv").read_text() == EXPECTED


def test_rows_are_the_same_when_the_log_is_read_in_three_runs(copy: Path) -> None:
    lines = (copy / "events.ndjson").read_bytes().splitlines(keepends=True)
    for until in (len(lines) // 3, len(lines) // 2, len(lines)):
        (copy / "events.ndjson").write_bytes(b"".join(lines[:until]))
        subprocess.run([*STREAMSTAT, *words(), "--state", "state"], cwd=copy, check=True)
    assert (copy / "branches.csv").read_text() == EXPECTED


def test_branches_are_those_of_a_plain_recount() -> None:
    rows: dict[int, dict[str, int | str]] = {}
    for line in dict.fromkeys((SAMPLE / "events.ndjson").read_text().splitlines()):
        record = json.loads(line)
        if record["after"] is None:
            del rows[record["before"]["account"]]
        else:
            rows[record["after"]["account"]] = record["after"]
    found = list(csv.DictReader(io.StringIO(EXPECTED)))
    assert [row["branch"] for row in found] == sorted({str(row["branch"]) for row in rows.values()})
    for row in found:
        mine = [each for each in rows.values() if each["branch"] == row["branch"]]
        cents = [int(each["cents"]) for each in mine]
        assert (int(row["accounts"]), int(row["sum_cents"])) == (len(mine), sum(cents))
        assert float(row["median_cents"]) == pytest.approx(statistics.median_low(cents), rel=1e-3)
        richest = next(each["account"] for each in mine if each["cents"] == max(cents))
        assert int(row["richest"]) == richest
