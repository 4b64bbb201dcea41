"""The sample of several reports gives what is expected, what their own runs give, and what the reference gives."""

import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from oracle import Options, csv_text, run
from oracle.lines import split_lines

VIEWS = Path(__file__).parent.parent / "samples" / "views"
STREAMSTAT = [sys.executable, "-m", "streamstat"]
COMMAND = shlex.split((VIEWS / "command").read_text())[1:]
EXPECTED = {file.name: file.read_text() for file in sorted((VIEWS / "expected").iterdir())}
TOP = tomllib.loads((VIEWS / "views.toml").read_text())
REPORTS: dict[str, dict[str, Any]] = TOP.pop("report")


def reports_in(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in EXPECTED}


def options_of(report: dict[str, Any]) -> Options:
    """Those of a run of its own; what may be a list is one."""
    plain = {name: value for name, value in (TOP | report).items() if name != "output"}
    lists = {name for name, value in vars(Options()).items() if isinstance(value, list)}
    given: dict[str, Any] = {}
    for name, value in plain.items():
        text = str(value) if isinstance(value, int) else value
        given[name] = [text] if name in lists and isinstance(text, str) else text
    return Options(**given)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sample in a folder that may be written to."""
    shutil.copytree(VIEWS, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_reports_are_those_of_the_configuration() -> None:
    assert [report["output"] for report in REPORTS.values()] == ["revenue.csv", "best.csv", "open.csv"]
    assert sorted(report["output"] for report in REPORTS.values()) == list(EXPECTED)


def test_command_gives_expected_reports(copy: Path) -> None:
    done = subprocess.run([*STREAMSTAT, *COMMAND], cwd=copy, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert reports_in(copy) == EXPECTED


@pytest.mark.parametrize("threads", ["1", "3"])
def test_command_gives_the_same_through_a_pipe(copy: Path, threads: str) -> None:
    command = [*STREAMSTAT, *COMMAND[:-1], "--threads", threads]
    subprocess.run(command, cwd=copy, input=(VIEWS / "events.ndjson").read_bytes(), check=True)
    assert reports_in(copy) == EXPECTED


def test_log_that_grows_gives_the_same_reports(copy: Path) -> None:
    lines = (VIEWS / "events.ndjson").read_bytes().splitlines(keepends=True)
    command = [*STREAMSTAT, *COMMAND[:-1], "log.ndjson", "--state", "shop.state"]
    for end, more in ((400, []), (800, []), (len(lines), ["--flush"])):
        (copy / "log.ndjson").write_bytes(b"".join(lines[:end]))
        subprocess.run([*command, *more], cwd=copy, check=True)
    assert reports_in(copy) == EXPECTED


@pytest.mark.parametrize("name", list(REPORTS))
def test_report_is_that_of_its_own_run(name: str) -> None:
    command = [*STREAMSTAT, "run", *options_of(REPORTS[name]).to_command(), "events.ndjson"]
    done = subprocess.run(command, cwd=VIEWS, capture_output=True, check=True)
    assert done.stdout.decode() == EXPECTED[f"{name}.csv"]


@pytest.mark.parametrize("name", list(REPORTS))
def test_reference_gives_expected_report(name: str) -> None:
    options = options_of(REPORTS[name])
    result = run(split_lines((VIEWS / "events.ndjson").read_bytes()), options)
    assert csv_text(result.report, options.timezone) == EXPECTED[f"{name}.csv"].split("\n", 1)[1]


def test_lines_that_come_twice_are_there_and_count_once() -> None:
    result = run(split_lines((VIEWS / "events.ndjson").read_bytes()), options_of(REPORTS["open"]))
    assert (result.ledger["lines"], result.ledger["duplicate"], result.ledger["late"]) == (1225, 36, 0)
