"""The sample of commands gives what is expected: as typed, through pipes, in several runs, and by a plain twin."""

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tools.command_twin import CommandTwin, Event, Row

SAMPLE = Path(__file__).parent.parent / "samples" / "orders-es"
STREAMSTAT = [sys.executable, "-m", "streamstat"]
WORDS = shlex.split((SAMPLE / "command").read_text())[1:]
EXPECTED = {file.name: file.read_text() for file in (SAMPLE / "expected").iterdir()}
LINES = (SAMPLE / "events.ndjson").read_bytes().splitlines(keepends=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sample in a folder that may be written to."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "orders-es"))


def written(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in EXPECTED}


def test_command_gives_what_is_expected(copy: Path) -> None:
    done = subprocess.run([*STREAMSTAT, *WORDS], cwd=copy, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert written(copy) == EXPECTED


@pytest.mark.parametrize("threads", ["1", "3"])
def test_command_gives_the_same_through_a_pipe(copy: Path, threads: str) -> None:
    command = [*STREAMSTAT, *WORDS[:-1], "--threads", threads]
    subprocess.run(command, cwd=copy, input=b"".join(LINES), check=True)
    assert written(copy) == EXPECTED


def test_command_gives_the_same_when_the_log_is_read_in_three_runs(copy: Path) -> None:
    for until in (len(LINES) // 3, len(LINES) // 2, len(LINES)):
        (copy / "events.ndjson").write_bytes(b"".join(LINES[:until]))
        subprocess.run([*STREAMSTAT, *WORDS, "--state", "state"], cwd=copy, check=True)
    assert written(copy) == EXPECTED


def test_the_view_of_what_was_accepted_is_the_same(copy: Path) -> None:
    (copy / "events.ndjson").write_text(EXPECTED["accepted.ndjson"])
    words = [word for word in WORDS if word not in ("--accepted-file", "accepted.ndjson")]
    subprocess.run([*STREAMSTAT, *words], cwd=copy, check=True)
    assert (copy / "orders.csv").read_text() == EXPECTED["orders.csv"]
    assert (copy / "refused.ndjson").read_text() == ""


def row_of(events: Sequence[Event]) -> Row:
    def total(kind: str) -> int:
        return sum(each.get("cents", 0) for each in events if each["type"] == kind)

    return {"status": events[-1]["type"], "due": total("ordered"), "paid": total("paid")}


def status(row: Row | None) -> Any:
    return None if row is None else row["status"]


def test_commands_are_those_of_the_twin() -> None:
    """All times ascend, so that the last event is the newest."""
    twin = CommandTwin(
        row_of,
        {
            "new": lambda c, row: c["type"] != "ordered" or row is None,
            "known": lambda c, row: c["type"] == "ordered" or row is not None,
            "open": lambda c, row: status(row) not in ("shipped", "cancelled"),
            "due": lambda c, row: (
                c["type"] != "paid" or (row is not None and row["paid"] + c["cents"] <= row["due"])
            ),
            "paid": lambda c, row: c["type"] != "shipped" or (row is not None and row["paid"] == row["due"]),
        },
    )
    for number, line in enumerate(LINES):
        command = json.loads(line)
        twin.take(number, {**command, "k": command["order"]})
    assert "".join(LINES[number].decode() for number in twin.accepted) == EXPECTED["accepted.ndjson"]
    refused = [json.loads(line) for line in EXPECTED["refused.ndjson"].splitlines()]
    assert [(each["check"], each["command"]) for each in refused] == [
        (name, json.loads(LINES[number])) for number, name in twin.refused
    ]
    assert (len(twin.accepted), len(twin.refused)) == (384, 48)
