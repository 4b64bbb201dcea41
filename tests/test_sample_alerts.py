"""The sample of stored queries gives what is expected, also through a pipe, and what a query by itself would give."""

import csv
import io
import json
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tools.search_twin import SearchTwin

ALERTS = Path(__file__).parent.parent / "samples" / "alerts"
COMMAND = [sys.executable, "-m", *shlex.split((ALERTS / "command").read_text())]
EXPECTED = (ALERTS / "expected" / "hits.csv").read_text()
QUERIES = tomllib.loads((ALERTS / "alerts.toml").read_text())


@pytest.mark.parametrize("threads", [1, 3])
def test_command_gives_expected_rows(threads: int) -> None:
    command = [*COMMAND[:-1], "--threads", str(threads), COMMAND[-1]]
    assert subprocess.run(command, cwd=ALERTS, capture_output=True, check=True).stdout.decode() == EXPECTED


def test_command_gives_the_same_through_a_pipe() -> None:
    events = (ALERTS / "events.ndjson").read_bytes()
    done = subprocess.run(COMMAND[:-1], cwd=ALERTS, input=events, capture_output=True, check=True)
    assert done.stdout.decode() == EXPECTED


def test_each_query_by_itself_holds_for_the_same_events() -> None:
    assert len(QUERIES) == 300
    twin, expected = SearchTwin(QUERIES, None), []
    for line in (ALERTS / "events.ndjson").read_text().splitlines():
        event = json.loads(line)
        names = twin.take(event | {"ts": event["time"]}, event)
        expected += [(name, event["service"], event["host"], event["message"]) for name in names]
    rows = [tuple(row[1:]) for row in csv.reader(io.StringIO(EXPECTED))][1:]
    assert rows == expected
