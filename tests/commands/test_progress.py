"""The progress line: what it says, and that nothing of it is left when something else is written."""

import doctest
import gzip
import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from tools import terminals
from tools.commands import run
from tools.terminals import on_one_terminal, standing

from streamstat import cli
from streamstat.commands import messages, watch
from streamstat.commands.configured import settings
from streamstat.commands.messages import progress_line
from streamstat.commands.run import Command
from streamstat.commands.verbs import VERBS
from streamstat.engine.ledger import Ledger
from streamstat.input.sources.inputs import expand

LINES = "".join(f'{{"ts": {i}}}\n' for i in range(200_000))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some blocks of events."""
    path = tmp_path_factory.mktemp("log") / "app.ndjson"
    path.write_text(LINES + "oops\n")
    return path


@pytest.mark.parametrize(
    ("read", "seconds", "expected"),
    [
        (0, 1, "0 %"),
        (500, 10, "50 %  10 s left"),
        (10, 1, "1 %  1 min 39 s left"),
        (1, 10, "0 %  2 h 46 min left"),
        (999, 10, "99 %  0 s left"),
        (1000, 10, "100 %  0 s left"),
        (2000, 10, "100 %  0 s left"),
    ],
)
def test_how_much_is_done_and_how_long_the_rest_takes(read: int, seconds: float, expected: str) -> None:
    line = progress_line(Ledger(lines=5, bytes=read, seconds=seconds), 1000)
    assert line.startswith(f"{expected}  5 lines  ")


def test_where_no_size_is_known_there_is_no_percentage() -> None:
    assert "%" not in progress_line(Ledger(lines=5, bytes=10, seconds=1))


def test_sizes_are_known_of_files_alone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"12345")
    assert expand([str(tmp_path / name) for name in "ab"]).size == 10
    assert expand([str(tmp_path / "a"), "/dev/null"]).size is None


def shown(given: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the progress line said at each block, the last of which is the end."""
    lines: list[str] = []
    monkeypatch.setattr(watch, "PROGRESS_EVERY_S", 0.0)
    Command(settings(VERBS["run"], given, None), lines.append, lines.append).run()
    return [line for line in lines if " MB/s" in line]


def test_under_a_state_it_is_of_what_this_run_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, packed = tmp_path / "app.ndjson", tmp_path / "app.ndjson.1.gz"
    given = {"inputs": [str(packed), str(log)], "state": str(tmp_path / "state"), "now": "2000-01-01"}
    given["output"] = [str(tmp_path / "report.csv")]
    packed.write_bytes(gzip.compress(LINES.encode()))
    log.write_text(LINES[: len(LINES) // 4])
    first = shown(given, monkeypatch)
    with log.open("a") as file:
        file.write(LINES[len(LINES) // 4 :])
    second = shown(given, monkeypatch)
    for lines in (first, second):
        done = [int(line.split(" ", 1)[0]) for line in lines]
        assert done == sorted(done) and done[-1] in (99, 100)
    read = [re.search(r"([\d,]+) lines", lines[-1]) for lines in (first, second)]
    assert [found and found[1] for found in read] == ["252,380", "147,620"]


@pytest.mark.parametrize("form", ["table", "vertical", "csv", "ndjson"])
def test_nothing_of_it_stands_beside_rows_and_messages(log: Path, form: str) -> None:
    code, written = on_one_terminal(["run", "-w", "all", "-f", form, "--stats", "-"], log)
    assert code == 0 and " % " in written and "s left" in written
    lines = standing(written)
    assert not [line for line in lines if "left" in line or " MB/s" in line]
    rows = run(["run", "-w", "all", "-f", form, str(log)]).out.splitlines()
    shown = [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in lines]
    start = shown.index(rows[0])
    assert shown[start : start + len(rows)] == rows
    begin = lines.index("{")
    assert json.loads("\n".join(lines[begin : lines.index("}") + 1]))["bad"] == 1
    assert lines[-3].startswith("streamstat: lost of 200,001 lines: 1 bad, first -:200001:1: ")


def test_nothing_of_it_stands_beside_rows_under_a_state(log: Path) -> None:
    state = ["--state", "state", "--commit-every", "0s", "--delay", "0s", "-w", "tumbling:1000s"]
    code, written = on_one_terminal(["run", "-f", "csv", "--stats", "-", *state, log.name], log)
    lines = standing(written)
    rows = [line for line in lines if line.startswith("1970")]
    assert code == 0 and " % " in written and len(rows) == 199
    assert {line.count(",") for line in rows} == {2} and "{" in lines
    assert not [line for line in lines if " MB/s" in line]


def test_a_dumb_terminal_gets_none(log: Path) -> None:
    _, written = on_one_terminal(["run", "-w", "all"], log, more={"TERM": "dumb"})
    assert "\r" not in written and " MB/s" not in written


def test_it_is_no_longer_than_the_terminal_is_wide(log: Path) -> None:
    _, written = on_one_terminal(["run", "-w", "all"], log, 40)
    parts = [part for part in written.replace("\n", "\r").split("\r") if " lines  " in part]
    assert parts and {len(part) for part in parts} == {39}


def test_compressed_input_is_measured_as_it_is_stored(log: Path, tmp_path: Path) -> None:
    packed = tmp_path / "app.ndjson.gz"
    subprocess.run(f"gzip -c {log} > {packed}", shell=True, check=True)
    _, written = on_one_terminal(["run", "-w", "all"], packed)
    shown = [int(part.split(" %")[0]) for part in written.replace("\n", "\r").split("\r") if " % " in part]
    assert shown[-1] == 100 and shown == sorted(shown)


@pytest.mark.parametrize("module", [messages, terminals])
def test_examples_in_the_documentation_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize("before", ["", "30 %  12,345 lines"])
def test_nothing_is_left_where_a_terminal_echoes_the_interrupt(
    before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    cli.show(before)
    terminal.write("^C")
    cli.show("40 %  23,456 lines")
    cli.show("")
    cli.say("done")
    assert standing(terminal.getvalue()) == ["streamstat: done", ""]
