"""Reports of three hosts, merged, are that of one run over all their logs: whatever the windows, groups and steps."""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.typed import typed

SAMPLE = Path(__file__).parent.parent / "samples" / "hosts"
HOSTS = ["web1", "web2", "web3"]
LOGS = [f"{host}.ndjson" for host in HOSTS]
REPORTS = [f"{host}.parquet" for host in HOSTS]
COMMAND = (SAMPLE / "command").read_text()
EXPECTED = {file.name: file.read_text() for file in sorted((SAMPLE / "expected").iterdir())}
CALLS = [word for call in re.findall(r"-a '([^']+)'", COMMAND) for word in ("-a", call)]
WANTED = [
    ("tumbling:1m", "route,host"),
    ("tumbling:1h", "host,route"),
    ("tumbling:1d", "host"),
    ("tumbling:1d", ""),
]
WANTED += [("hopping:1h/10m", "route"), ("all", "host")]
VISITS = ["-w", "session:15m", "-b", "visitor", "-a", "count()", "-a", "first(host)", "-a", "last(host)"]
VISITS += ["-a", "top(route, 3)", "-a", "p99(latency_ms)"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, and what its command has written."""
    copy = tmp_path_factory.mktemp("sample") / "hosts"
    shutil.copytree(SAMPLE, copy)
    done = typed(COMMAND, copy)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    return copy


def told(folder: Path, *words: str) -> str:
    """What a command prints as CSV."""
    command = [sys.executable, "-m", "streamstat", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


def test_command_gives_the_expected_reports(folder: Path) -> None:
    assert {name: (folder / name).read_text() for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize(("window", "by"), WANTED)
def test_merged_reports_are_the_report_of_one_run(folder: Path, window: str, by: str) -> None:
    groups = ["-b", by] if by else []
    once = told(folder, "run", "-w", window, *groups, *CALLS, *LOGS)
    assert told(folder, "merge", "-w", window, "-b", by, *REPORTS) == once
    assert len(once.splitlines()) > 1


@pytest.mark.parametrize("by", ["route", ""])
def test_day_of_merged_hours_is_the_day(folder: Path, by: str, tmp_path: Path) -> None:
    """Groups go with the first step, or with the second one."""
    day = told(folder, "merge", "-w", "tumbling:1d", "-b", by, *REPORTS)
    for number, first in enumerate(("route,host", by)):
        hours = str(tmp_path / f"{number}.parquet")
        told(folder, "merge", "-w", "tumbling:1h", "-b", first, *REPORTS, "--states", "-o", hours)
        assert told(folder, "merge", "-w", "tumbling:1d", "-b", by, hours) == day


def test_hosts_can_be_merged_one_after_the_other(folder: Path, tmp_path: Path) -> None:
    two = str(tmp_path / "two.parquet")
    told(folder, "merge", "-b", "route", *REPORTS[:2], "--states", "-o", two)
    merged = told(folder, "merge", "-w", "tumbling:1h", "-b", "route", two, REPORTS[2])
    assert merged == EXPECTED["hours.csv"]


def test_visits_that_go_over_hosts_are_those_of_one_run(folder: Path, tmp_path: Path) -> None:
    reports = [str(tmp_path / name) for name in REPORTS]
    for log, report in zip(LOGS, reports, strict=True):
        told(folder, "run", *VISITS, "--states", "-o", report, log)
    merged, once = told(folder, "merge", *reports), told(folder, "run", *VISITS, *LOGS)
    assert merged == once
    visits = list(csv.DictReader(once.splitlines()))
    apart = sum(len(told(folder, "merge", each).splitlines()) - 1 for each in reports)
    assert (len(visits), apart) == (256, 453)
    assert sum(visit["first_host"] != visit["last_host"] for visit in visits) == 106


@pytest.mark.parametrize("missing", range(3))
def test_host_that_is_left_out_is_missing(folder: Path, missing: int) -> None:
    def without(names: list[str]) -> list[str]:
        return [*names[:missing], *names[missing + 1 :]]

    merged = told(folder, "merge", "-w", "tumbling:1h", "-b", "route", *without(REPORTS))
    assert merged == told(folder, "run", "-w", "tumbling:1h", "-b", "route", *CALLS, *without(LOGS))
    assert merged != EXPECTED["hours.csv"]


def events() -> Iterator[dict[str, str]]:
    for log in LOGS:
        yield from map(json.loads, (SAMPLE / log).read_text().splitlines())


def test_hours_are_those_of_a_plain_recount() -> None:
    rows = list(csv.DictReader(EXPECTED["hours.csv"].splitlines()))
    for row in rows:
        mine = [
            e for e in events() if (e["time"][:13], e["route"]) == (row["window_start"][:13], row["route"])
        ]
        assert int(row["requests"]) == len(mine)
        assert int(row["errors"]) == sum(int(each["status"]) >= 500 for each in mine)
        assert int(row["visitors"]) == len({each["visitor"] for each in mine})
        assert row["last_version"] == max(mine, key=lambda each: each["time"])["version"]
    assert sum(int(row["requests"]) for row in rows) == sum(1 for _ in events())
