"""Several reports from one pass: each gives the rows and the ledger of the run of its own that the reference makes."""

import json
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from oracle import Options, Result, csv_text, run
from tools.commands import Forks
from tools.report_plans import OF_THE_RUN, ReportsCase, reports_cases
from tools.strategies import threads

NUMBERS = ("limit", "max_groups")


@settings(max_examples=100)
@given(reports_cases())
def test_configuration_says_what_was_drawn(case: ReportsCase) -> None:
    top = tomllib.loads(case.toml({name: [f"{name}.csv"] for name in case.reports}))
    for name, report in top.pop("report").items():
        assert report.pop("output") == [f"{name}.csv"] and report.pop("csv_raw")
        own: dict[str, Any] = {
            key: str(value) if key in NUMBERS else value for key, value in (top | report).items()
        }
        assert Options(**own) == case.own_runs[name]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=reports_cases(), workers=threads())
def test_report_equals_its_own_run(forks: Forks, case: ReportsCase, workers: int) -> None:
    own = {name: run(case.stream.inputs, options) for name, options in case.own_runs.items()}
    first, zone = next(iter(own)), case.stream.options.timezone
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        outputs = {name: [f"{name}.csv", *(["-"] if name == first else [])] for name in own}
        (place / "c.toml").write_text(case.toml(outputs))
        names = [f"in{i}" for i in range(len(case.stream.data))]
        for name, data in zip(names, case.stream.data, strict=True):
            (place / name).write_bytes(data)
        (place / "streams").mkdir()
        options = ["-c", "c.toml", "--stats", "stats.json", "--threads", str(workers)]
        ended = forks.run(["run", "-i", "ndjson", *options, *names], b"", place, place / "streams")
        if is_fruitless(own[first]):
            assert ended.code == 65
            return
        assert (ended.code, "Traceback" in ended.err) == (0, False), ended.err
        assert csv_text(own[first].changelog, zone) == ended.out.partition("\n")[2]
        for name, result in own.items():
            assert csv_text(result.report, zone) == (place / f"{name}.csv").read_text().partition("\n")[2]
        assert_same_ledger(own, json.loads((place / "stats.json").read_text()))


def is_fruitless(result: Result) -> bool:
    """Whether there was something, and not one event that had a time."""
    ledger = {name: count for name, count in result.ledger.items() if isinstance(count, int)}
    events = ledger["lines"] - ledger["blank"] - ledger["bad"] - ledger["punctuation"]
    return ledger["bad"] + events > 0 and events == ledger["no_time"]


def assert_same_ledger(own: dict[str, Result], stats: dict[str, object]) -> None:
    reports = stats["reports"]
    assert isinstance(reports, dict) and list(reports) == list(own)
    for name, result in own.items():
        assert {key: result.ledger[key] for key in OF_THE_RUN} == {key: stats[key] for key in OF_THE_RUN}
        assert result.ledger == {key: reports[name].get(key) for key in result.ledger}


def test_zone_of_the_top_is_that_of_all(forks: Forks, tmp_path: Path) -> None:
    """Worked by hand: days of Seoul and hours, of which one has a condition."""
    lines = b'{"ts":"1970-01-01T14:00:00Z","v":1}\n{"ts":"1970-01-01T15:00:00Z","v":2}\n'
    (tmp_path / "c.toml").write_text(
        'timezone = "Asia/Seoul"\n[report.days]\nwindow = "tumbling:1d"\noutput = "days.csv"\n'
        '[report.hours]\nwindow = "tumbling:1h"\nwhere = "v > 1"\noutput = "-"\nformat = "csv"\n'
    )
    (tmp_path / "streams").mkdir()
    ended = forks.run(["run", "-c", "c.toml", "-t", "ts"], lines, tmp_path, tmp_path / "streams")
    assert ended.code == 0, ended.err
    assert (tmp_path / "days.csv").read_text().splitlines()[1:] == [
        "1970-01-01T00:00:00+09:00,1970-01-02T00:00:00+09:00,1",
        "1970-01-02T00:00:00+09:00,1970-01-03T00:00:00+09:00,1",
    ]
    assert ended.out.splitlines()[1:] == ["1970-01-02T00:00:00+09:00,1970-01-02T01:00:00+09:00,1"]


@pytest.mark.parametrize(
    ("top", "more"),
    [
        *(
            (f"{key}\n", [])
            for key in ('window = "all"', 'by = "k"', 'where = "v > 1"', "limit = 1", "fill = true")
        ),
        *(
            ("", more)
            for more in (["-w", "all"], ["--by", "k"], ["-o", "x.csv"], ["--unique", "id"], ["-f", "csv"])
        ),
    ],
)
def test_what_is_of_a_report_is_refused_beside_reports(
    forks: Forks, tmp_path: Path, top: str, more: list[str]
) -> None:
    (tmp_path / "c.toml").write_text(f'{top}[report.a]\noutput = "a.csv"\n')
    (tmp_path / "streams").mkdir()
    ended = forks.run(["run", "-c", "c.toml", *more], b'{"ts":1}\n', tmp_path, tmp_path / "streams")
    assert (ended.code, ended.err.count("\n"), ended.out) == (2, 1, ""), ended.err
    assert not (tmp_path / "a.csv").exists()


def test_two_reports_cannot_both_have_stdout(forks: Forks, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[report.a]\n[report.b]\noutput = ["b.csv", "-"]\n')
    (tmp_path / "streams").mkdir()
    ended = forks.run(["run", "-c", "c.toml"], b'{"ts":1}\n', tmp_path, tmp_path / "streams")
    assert ended.code in (2, 78) and (ended.err.count("\n"), ended.out) == (1, "")
