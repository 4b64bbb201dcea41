"""The samples of patterns give what is expected: as typed, through pipes, in several runs, and by plain twins."""

import csv
import io
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from oracle.patterns import Element, Event, Pattern, Step, matches

SAMPLES = Path(__file__).parent.parent / "samples"
STREAMSTAT = [sys.executable, "-m", "streamstat"]
MINUTE = timedelta(minutes=1) // timedelta(milliseconds=1)
ORIGIN = datetime.fromisoformat("1970-01-01T00:00:00Z")

NAMES = ["logins", "orders"]


def words_of(name: str) -> list[str]:
    """The words behind `streamstat`; the last is the input."""
    return shlex.split((SAMPLES / name / "command").read_text())[1:]


def expected_of(name: str) -> dict[str, str]:
    return {file.name: file.read_text() for file in (SAMPLES / name / "expected").iterdir()}


def time_of(text: str) -> int:
    """Milliseconds since 1970."""
    return (datetime.fromisoformat(text) - ORIGIN) // timedelta(milliseconds=1)


def events_of(name: str, kind: str, by: str, letters: dict[str, str]) -> list[Event]:
    """The events of a sample, times in milliseconds."""
    lines = (SAMPLES / name / "events.ndjson").read_text().splitlines()
    return [
        Event(number, time_of(fields["time"]), fields[by], letters.get(fields[kind], ""), None)
        for number, fields in enumerate(map(json.loads, lines))
    ]


@pytest.fixture(params=NAMES)
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A sample in a folder that may be written to."""
    return Path(shutil.copytree(SAMPLES / request.param, tmp_path / request.param))


def reports_in(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in expected_of(folder.name)}


def test_command_gives_the_expected_report(copy: Path) -> None:
    done = subprocess.run([*STREAMSTAT, *words_of(copy.name)], cwd=copy, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert reports_in(copy) == expected_of(copy.name)


@pytest.mark.parametrize("threads", ["1", "3"])
def test_command_gives_the_same_through_a_pipe(copy: Path, threads: str) -> None:
    command = [*STREAMSTAT, *words_of(copy.name)[:-1], "--threads", threads]
    subprocess.run(command, cwd=copy, input=(copy / "events.ndjson").read_bytes(), check=True)
    assert reports_in(copy) == expected_of(copy.name)


def test_rows_are_the_same_when_the_log_is_read_in_three_runs(copy: Path) -> None:
    """Under --state; what is left open at the end is not told, so the last event is one that no row needs."""
    lines = (copy / "events.ndjson").read_bytes().splitlines(keepends=True)
    command = [*STREAMSTAT, *words_of(copy.name), "--state", "state"]
    end = b'{"time":"2027-01-01T00:00:00Z"}\n' if copy.name == "logins" else b""
    for until in (len(lines) // 3, len(lines) // 2, len(lines)):
        (copy / "events.ndjson").write_bytes(b"".join(lines[:until]) + (end if until == len(lines) else b""))
        subprocess.run(command, cwd=copy, check=True)
    assert reports_in(copy) == expected_of(copy.name)


def rows_of(name: str, by: str) -> list[tuple[str, int, int, int]]:
    """The expected rows: group, start and end in milliseconds, and the number that stands behind the group."""
    (report,) = expected_of(name).values()
    return [
        (row[by], time_of(row["match_start"]), time_of(row["match_end"]), int(row.get("count_fail", 0)))
        for row in csv.DictReader(io.StringIO(report))
    ]


def taken_over(events: list[Event]) -> Iterator[tuple[str | None, int, int, int]]:
    """Logins behind five failures, a user after the other: the earliest failures that are near enough, all of them."""
    for user in dict.fromkeys(each.group for each in events):
        failures: list[int] = []
        for event in sorted((each for each in events if each.group == user), key=lambda each: each.time):
            if event.letters == "f":
                failures.append(event.time)
            for first in failures if event.letters == "l" else ():
                near = [time for time in failures if first <= time <= first + 5 * MINUTE]
                if len(near) >= 5 and event.time - first <= 10 * MINUTE:
                    yield user, first, event.time, len(near)
                    failures = []
                    break


def test_logins_are_those_of_a_plain_search() -> None:
    events = events_of("logins", "event", "user", {"failed": "f", "login": "l"})
    found = sorted(taken_over(events), key=lambda each: each[2])
    assert found == rows_of("logins", "user")
    assert [user for user, *_ in found] == ["kraus", "ito"]


def test_orders_are_those_of_the_twin() -> None:
    events = events_of("orders", "type", "order", {"order": "o", "paid": "s", "cancel": "s"})
    pattern = Pattern((Element((Step("o"),), absent="s"),), None, 30 * MINUTE)
    found, undecided = matches(pattern, events, max(each.time for each in events))
    assert [(each.group, each.start, each.end, 0) for each in found] == rows_of("orders", "order")
    assert (len(found), undecided) == (43, 10)
