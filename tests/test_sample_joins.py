"""The samples of joins give what is expected: as typed, through pipes, and by plain twins."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from oracle.joins import Event, Row, Terms, joined

SAMPLES = Path(__file__).parent.parent / "samples"
MS = timedelta(milliseconds=1)
ORIGIN = datetime.fromisoformat("1970-01-01T00:00:00Z")
# Inputs are pipes, all at once: what `command` says, and what it becomes.
PIPED = {
    "clicks": {"=searches.ndjson": "=<(cat searches.ndjson)", "=clicks.ndjson": "=<(cat clicks.ndjson)"},
    "pairs": {" events.ndjson": " - < <(cat events.ndjson)"},
    "prices": {"=orders.ndjson": "=<(cat orders.ndjson)", "=prices.csv": "=<(cat prices.csv)"},
}


@pytest.fixture(params=sorted(PIPED))
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A sample in a folder that may be written to."""
    return Path(shutil.copytree(SAMPLES / request.param, tmp_path / request.param))


def command_of(name: str) -> str:
    return (SAMPLES / name / "command").read_text()


def check(command: str, folder: Path) -> None:
    """What a command prints, or writes, is what is expected of it."""
    (expected,) = (folder / "expected").iterdir()
    programs = folder.parent / "programs"
    programs.mkdir()
    (programs / "streamstat").write_text(f'#!/bin/sh\nexec {sys.executable} -m streamstat "$@"\n')
    (programs / "streamstat").chmod(0o755)
    told = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=told, capture_output=True, check=True)
    written = folder / expected.name
    assert done.stderr == b""
    assert (done.stdout.decode() or written.read_text()) == expected.read_text()


def test_command_gives_the_expected_report(copy: Path) -> None:
    check(command_of(copy.name), copy)


@pytest.mark.parametrize("threads", [1, 3])
def test_command_gives_the_same_through_pipes(copy: Path, threads: int) -> None:
    command = command_of(copy.name).replace("streamstat join", f"streamstat join --threads {threads}")
    for file, pipe in PIPED[copy.name].items():
        assert file in command
        command = command.replace(file, pipe)
    check(command, copy)


def expected_of(name: str) -> list[dict[str, str]]:
    (file,) = (SAMPLES / name / "expected").iterdir()
    return list(csv.DictReader(file.read_text().splitlines()))


def lines_of(name: str, file: str) -> list[dict[str, str]]:
    text = (SAMPLES / name / file).read_text()
    return list(
        csv.DictReader(text.splitlines()) if file.endswith("csv") else map(json.loads, text.splitlines())
    )


def ms_of(text: str) -> int:
    return (datetime.fromisoformat(text) - ORIGIN) // MS


def hour_of(row: Row) -> str:
    return f"{ORIGIN + row.time // 3_600_000 * timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"


def test_clicks_are_those_of_the_twin() -> None:
    """The first click of each search, by hours of the rows."""
    searches, clicks = lines_of("clicks", "searches.ndjson"), lines_of("clicks", "clicks.ndjson")
    left = [Event(n, ms_of(each["time"]), each["id"], False) for n, each in enumerate(searches)]
    right = [Event(n, ms_of(each["time"]), each["search"], False) for n, each in enumerate(clicks)]
    rows = joined(Terms((0, 1_800_000), "left", "first", None, False), left, right)
    found = Counter(map(hour_of, rows))
    clicked = Counter(hour_of(row) for row in rows if row.right is not None)
    told = [(row["window_start"], int(row["searches"]), int(row["clicked"])) for row in expected_of("clicks")]
    assert [(hour, found[hour], clicked[hour]) for hour in sorted(found)] == told
    assert sum(found.values()) == len(searches)


def test_pairs_are_those_of_a_dictionary() -> None:
    """How many requests each service had, and how many got no response."""
    events = lines_of("pairs", "events.ndjson")
    answers = {each["id"]: int(each["ts"]) for each in events if each["kind"] == "response"}
    requests = [each for each in events if each["kind"] == "request"]
    lost = [each for each in requests if answers.get(each["id"], 10**15) - int(each["ts"]) > 10_000]
    told = expected_of("pairs")
    for column, counted in (("requests", requests), ("unanswered", lost)):
        found = Counter(each["to"] for each in counted)
        for service in ("mail", "price", "stock"):
            assert sum(int(row[column]) for row in told if row["to"] == service) == found[service]


def test_prices_are_those_of_a_plain_search() -> None:
    prices = lines_of("prices", "prices.csv")
    told = {row["order"]: row["price"] for row in expected_of("prices")}
    for order in lines_of("prices", "orders.ndjson"):
        known = [each for each in prices if each["good"] == order["good"] and each["time"] <= order["time"]]
        newest = max(known, key=lambda each: each["time"], default={"price": ""})
        assert told.pop(order["order"]) == newest["price"]
    assert not told
