"""Several reports while they are made and behind it: followed, in metadata, and as a person is told of them."""

import json
import signal
from pathlib import Path

import pyarrow.parquet
import pytest
from tools.commands import Forks, run
from tools.follower import ended, following, next_line
from tools.terminals import on_a_terminal

EVENTS = b"""\
{"ts": 1, "k": "a", "v": 1}
{"ts": 2, "k": "b", "v": 5}
{"ts": 1000, "k": "a", "v": 4}
{"ts": 5, "k": "c", "v": 8}
{"k": "b", "v": 3}
not json
"""
CONFIG = """\
delay = "10s"
[report.minutes]
by = "k"
output = ["minutes.{0}", "-"]
late_file = "late.txt"
[report.visits]
window = "session:30s"
agg = "sum(k)"
output = "visits.{0}"
[report.large]
window = "all"
where = "v > 4"
output = "large.{0}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Events, and a configuration of three reports of them."""
    (tmp_path / "in.ndjson").write_bytes(EVENTS)
    (tmp_path / "c.toml").write_text(CONFIG.format("csv"))
    (tmp_path / "streams").mkdir()
    return tmp_path


def test_a_person_is_told_of_each_report(folder: Path) -> None:
    """Losses first: those of the run, then those of each report, where they begin, and what that report could have."""
    shown = on_a_terminal(["run", "-c", "c.toml", "in.ndjson"], b"", 100, cwd=folder)
    assert shown.code == 0
    said = [line.removeprefix("streamstat: ") for line in shown.stderr.splitlines()]
    assert [line.partition(" in 0.")[0] for line in said] == [
        "event time is read from 'ts'; --time FIELD chooses another",
        "lost of 6 lines: 1 bad, first in.ndjson:6:1: expected a value; --bad-file F keeps them",
        "lost of 6 lines: 1 no_time, first in.ndjson:5; --time FIELD names the time, --lost-file F keeps them",
        "minutes: lost of 6 lines: 1 late, first in.ndjson:4",
        "visits: lost of 6 lines: 1 late, first in.ndjson:4; late_file in [report.visits] keeps them,"
        " --delay D waits for them",
        "visits: lost of 6 lines: 3 bad_values, first in.ndjson:1; `if` can leave them out",
        "no_time: 1 event without 'ts', first in.ndjson:5",
        'visits: sum(k): 3 bad_values, first in.ndjson:1 with "a"',
        "wrote minutes.csv (3 rows)",
        "wrote visits.csv (2 rows)",
        "wrote large.csv (1 row)",
        "wrote late.txt (1 line)",
        "minutes: 6 lines = 1 bad + 1 no_time + 1 late + 3 counted; 3 rows",
        "visits: 6 lines = 1 bad + 1 no_time + 1 late + 3 counted; 2 rows",
        "large: 6 lines = 1 bad + 1 no_time + 2 filtered + 2 counted; 1 row",
    ]


def test_option_that_a_loss_hints_to_works(folder: Path) -> None:
    hinted = CONFIG.format("csv").replace("[report.visits]", '[report.visits]\nlate_file = "v.txt"')
    (folder / "c.toml").write_text(hinted)
    assert run(["run", "-c", "c.toml", "in.ndjson"], cwd=folder).code == 0
    assert (folder / "v.txt").read_bytes() == EVENTS.splitlines(keepends=True)[3]


def test_parquet_tells_of_its_own_report(forks: Forks, folder: Path) -> None:
    (folder / "c.toml").write_text(CONFIG.format("parquet"))
    done = forks.run(["run", "-c", "c.toml", "in.ndjson"], b"", folder, folder / "streams")
    assert done.code == 0
    told = {}
    for name in ("minutes", "visits", "large"):
        metadata = pyarrow.parquet.read_metadata(folder / f"{name}.parquet").metadata
        options, ledger = (
            json.loads(metadata[f"streamstat.{what}".encode()]) for what in ("options", "ledger")
        )
        kept = (options["window"], options["where"], options["delay"])
        told[name] = (*kept, *(ledger[each] for each in ("lines", "bad", "filtered", "late", "rows")))
    assert told == {
        "minutes": ("tumbling:1m", None, "10s", 6, 1, 0, 1, 3),
        "visits": ("session:30s", None, "10s", 6, 1, 0, 1, 2),
        "large": ("all", "v > 4", "10s", 6, 1, 2, 0, 1),
    }


def test_followed_rows_come_as_windows_fire_and_files_at_the_end(folder: Path) -> None:
    log = folder / "app.log"
    log.write_bytes(EVENTS[: EVENTS.index(b'{"ts": 1000')])
    with following(folder, "-c", "c.toml", "app.log") as process:
        with log.open("ab") as file:
            file.write(b'{"ts": 100, "k": "a", "v": 9}\n')
        assert next_line(process) == b"window_start,window_end,k,count\n"
        assert next_line(process) == b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,a,1\n"
        assert next_line(process) == b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,b,1\n"
        assert not (folder / "visits.csv").exists()
        code, out, err = ended(process, signal.SIGTERM)
    assert (code, err.count(b"bad_values")) == (143, 2)
    assert out == b"1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,a,1\n"
    assert (folder / "visits.csv").read_text().splitlines()[1:] == [
        "1970-01-01T00:00:01Z,1970-01-01T00:00:32Z,0",
        "1970-01-01T00:01:40Z,1970-01-01T00:02:10Z,0",
    ]
    assert (folder / "large.csv").read_text().splitlines()[1:] == [
        "1970-01-01T00:00:02Z,1970-01-01T00:01:40Z,2"
    ]


def test_stats_tell_the_watermark_of_the_run_and_of_each_report(forks: Forks, folder: Path) -> None:
    """At the end of a state's run windows stay open; `--flush` fires those of each report, up to the last it has."""
    (folder / "c.toml").write_text(CONFIG.format("csv").replace('"all"', '"tumbling:1h"'))
    given = ["run", "-c", "c.toml", "--stats", "s.json", "in.ndjson", "--state", "st"]
    told = []
    for more in ([], ["--flush"]):
        assert forks.run([*given, *more], b"", folder, folder / "streams").code == 0
        stats = json.loads((folder / "s.json").read_text())
        told.append([stats["watermark"], *(each["watermark"] for each in stats["reports"].values())])
    assert told == [
        ["1970-01-01T00:16:30Z"] * 4,
        [
            "1970-01-01T00:17:00Z",
            "1970-01-01T00:17:00Z",
            "1970-01-01T00:17:10.000001Z",
            "1970-01-01T01:00:00Z",
        ],
    ]
