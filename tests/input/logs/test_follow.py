"""`--follow`: rows come when their window fires, until a signal ends the run; silence can fire them too."""

import gzip
import json
import os
import select
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from tools.commands import TIMEOUT_S, Forks
from tools.engine_run import Seen, fed
from tools.follower import ended, following, next_line
from tools.rotation_world import Following

from streamstat.engine.engine import Engine
from streamstat.input.logs.feed import Logs
from streamstat.input.logs.tracking import Tracking
from streamstat.input.sources import Stop
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners import Live
from streamstat.runners.local import LocalRunner
from streamstat.values.columns import MINUS_INFINITY, Rows

HEADER = b"window_start,window_end,count\n"


def line(ts: int) -> bytes:
    return b'{"ts": %d}\n' % ts


def row(minute: int, count: int) -> bytes:
    return b"1970-01-01T00:%02d:00Z,1970-01-01T00:%02d:00Z,%d\n" % (minute, minute + 1, count)


def append(path: Path, *times: int) -> None:
    with path.open("ab") as file:
        file.write(b"".join(map(line, times)))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_rows_come_when_their_window_fires_and_the_rest_at_a_signal(
    tmp_path: Path, number: int, code: int
) -> None:
    log = tmp_path / "app.log"
    append(log, 0, 70)
    with following(tmp_path, "app.log") as process:
        assert (next_line(process), next_line(process)) == (HEADER, row(0, 1))
        append(log, 80, 130)
        assert next_line(process) == row(1, 2)
        assert ended(process, number) == (code, row(2, 1), b"")


def test_rotation_new_files_and_files_that_come_later(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    with following(tmp_path, "app.log", "*.ndjson") as process:
        assert process.stderr is not None
        assert [process.stderr.readline() for _ in range(2)] == [
            b"streamstat: app.log: no such file yet; the run waits for it\n",
            b"streamstat: *.ndjson: no such file yet; the run waits for it\n",
        ]
        append(log, 0, 70)
        assert (next_line(process), next_line(process)) == (HEADER, row(0, 1))
        log.rename(tmp_path / "app.log.1")
        append(log, 130)
        assert next_line(process) == row(1, 1)
        append(tmp_path / "more.ndjson", 131, 250)
        append(log, 250)
        assert next_line(process) == row(2, 2)
        assert ended(process, signal.SIGINT) == (130, row(4, 2), b"")


def test_an_empty_log_holds_nothing_back(tmp_path: Path) -> None:
    append(tmp_path / "a.log", 0, 70)
    append(tmp_path / "b.log")
    with following(tmp_path, "*.log") as process:
        assert (next_line(process), next_line(process)) == (HEADER, row(0, 1))
        assert ended(process, signal.SIGINT) == (130, row(1, 1), b"")


def test_standard_input_is_followed_to_its_end(tmp_path: Path) -> None:
    with following(tmp_path) as process:
        assert process.stdin is not None
        process.stdin.write(line(0) + line(70))
        process.stdin.flush()
        assert (next_line(process), next_line(process)) == (HEADER, row(0, 1))
        out, err = process.communicate(line(80), TIMEOUT_S)
        assert (process.returncode, out, err) == (0, row(1, 2), b"")


def test_standard_input_beside_a_file(tmp_path: Path) -> None:
    append(tmp_path / "app.log", 0, 200)
    with following(tmp_path, "app.log", "-") as process:
        assert process.stdin is not None
        process.stdin.write(line(1) + line(70))
        process.stdin.flush()
        assert (next_line(process), next_line(process)) == (HEADER, row(0, 2))
        process.stdin.close()
        process.stdin = None
        assert next_line(process) == row(1, 1)  # a pipe that has ended no longer counts
        assert ended(process, signal.SIGTERM) == (143, row(3, 1), b"")


def test_silence_fires_what_is_open(tmp_path: Path) -> None:
    append(tmp_path / "app.log", 0, 70)
    with following(tmp_path, "app.log", "--idle-flush", "100ms") as process:
        assert [next_line(process) for _ in range(3)] == [HEADER, row(0, 1), row(1, 1)]
        append(tmp_path / "app.log", 80, 130)
        assert next_line(process) == row(2, 1)
        code, out, err = ended(process, signal.SIGINT)
        assert (code, out) == (130, b"")
        assert err.startswith(b"streamstat: lost of 4 lines: 1 late")


def test_reports_are_written_at_the_end(tmp_path: Path) -> None:
    append(tmp_path / "app.log", 0, 70)
    with following(tmp_path, "app.log", "-o", "-", "-o", "report.csv", "--stats", "stats.json") as process:
        assert (next_line(process), next_line(process)) == (HEADER, row(0, 1))
        assert ended(process, signal.SIGINT)[0] == 130
    assert (tmp_path / "report.csv").read_bytes() == HEADER + row(0, 1) + row(1, 1)
    assert json.loads((tmp_path / "stats.json").read_bytes())["interrupted"] is True


def test_second_interrupt_leaves_at_once_and_without_report(tmp_path: Path) -> None:
    """A FIFO that nobody reads holds it while it writes, so that both find it there."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    append(tmp_path / "app.log", *range(0, 3_000_000, 60))
    with following(tmp_path, "app.log", "-o", "report.csv", "-o", "fifo") as process:
        assert select.select([reader], [], [], TIMEOUT_S)[0]
        while process.poll() is None:  # two that come at once are one to the system
            process.send_signal(signal.SIGINT)
        assert process.returncode == 130
    os.close(reader)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.log", "fifo"]


def test_a_reader_that_goes_away_ends_it_though_nothing_more_comes(tmp_path: Path) -> None:
    append(tmp_path / "app.log", 0, 70)
    with following(tmp_path, "app.log") as process:
        assert next_line(process) == HEADER
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(TIMEOUT_S) == 141


def test_what_a_run_writes_is_not_what_it_reads(tmp_path: Path) -> None:
    append(tmp_path / "app.ndjson", 0, 200, 5)
    with following(tmp_path, "*.ndjson", "--late-file", "late.ndjson") as process:
        assert (next_line(process), next_line(process)) == (HEADER, row(0, 1))
        append(tmp_path / "app.ndjson", 280)
        assert next_line(process) == row(3, 1)
        ended(process, signal.SIGTERM)
    assert (tmp_path / "late.ndjson").read_bytes() == line(5)


def test_times_far_ahead_of_now_are_refused(tmp_path: Path) -> None:
    append(tmp_path / "app.log", 0, 4_102_444_800, 70)  # the year 2100
    with following(tmp_path, "app.log") as process:
        assert (next_line(process), next_line(process)) == (HEADER, row(0, 1))
        assert b"1 future" in ended(process, signal.SIGINT)[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--idle-flush", "5s"], "--idle-flush: means nothing without --follow"),
        (["--follow", "--idle-flush", "5"], "--idle-flush: "),
        (
            ["--follow", "--idle-flush", "5s", "-w", "all"],
            "--idle-flush: the window `all` ends with the input",
        ),
        (["--max-expansion", "0"], "--max-expansion: 0 is less than 1; for example"),
        (["--max-ahead", "5s"], "--max-ahead: needs --received, --follow"),
    ],
)
def test_options_that_cannot_be(forks: Forks, tmp_path: Path, arguments: list[str], message: str) -> None:
    ended = forks.run(["run", *arguments], b"", tmp_path, tmp_path)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert message in ended.err


def test_compressed_input_may_expand_as_far_as_allowed(forks: Forks, tmp_path: Path) -> None:
    streams = tmp_path / "streams"
    streams.mkdir()
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(line(0) * (9 << 20), 9))
    refused = forks.run(["run", "-w", "all", "bomb.gz"], b"", tmp_path, streams)
    assert (refused.code, refused.err.count("\n")) == (65, 1)
    assert "bomb.gz: expands more than 500 times" in refused.err
    counted = int(refused.out.splitlines()[1].rpartition(",")[2])
    assert 6_000_000 < counted < 9 << 20
    allowed = forks.run(["run", "-w", "all", "--max-expansion", "2000", "bomb.gz"], b"", tmp_path, streams)
    assert (allowed.code, int(allowed.out.splitlines()[1].rpartition(",")[2])) == (0, 9 << 20)


@dataclass
class Scene:
    """A log that is followed; each pause tells the time and does what comes next, after the last one the run stops."""

    folder: Path
    steps: list[tuple[float, Sequence[int]]]
    seen: Seen = field(default_factory=lambda: Seen("UTC"))
    now: float = 0.0
    pauses: Callable[[], object] = list

    def wait(self, stop: Stop, descriptors: Sequence[int], seconds: float) -> None:
        assert self.runner.paused.acquire(timeout=TIMEOUT_S)
        self.pauses()
        if not self.steps:
            stop.ask()
            return
        self.now, times = self.steps.pop(0)
        append(self.folder / "app.log", *times)

    def run(self, plan: Plan, idle_flush_s: float | None = None) -> LocalRunner:
        (self.folder / "app.log").touch()
        tracking = Tracking([str(self.folder / "app.log")], follow=True)
        live = Live(elapsed=lambda: self.now, now=lambda: 1000.0)
        self.runner = Following(
            job_of(plan, live=True),
            Logs(tracking, wait=self.wait),
            self.seen,
            idle_flush_s=idle_flush_s,
            live=live,
        )
        self.runner.run()
        return self.runner


def test_windows_fire_after_just_so_much_silence(tmp_path: Path) -> None:
    scene = Scene(
        tmp_path, [(0, [0, 70]), (4.9, []), (5.0, []), (60, []), (61, [75, 200]), (65, []), (66, [])]
    )
    rows: list[str] = []
    scene.pauses = lambda: rows.append("".join(scene.seen.changelog).replace("1970-01-01T00:", ""))
    scene.run(Plan(time="ts", time_unit="s", delay="10s"), idle_flush_s=5)
    first, second, third = "00:00Z,01:00Z,1\n", "01:00Z,02:00Z,1\n", "03:00Z,04:00Z,1\n"
    assert rows == ["", first, first, *[first + second] * 4, first + second + third]
    assert scene.runner.ledger.late == 1


@pytest.mark.parametrize(
    ("window", "fired", "watermark"),
    [
        ("tumbling:1m", [(0, 60), (60, 120)], 120),
        ("hopping:2m/1m", [(-60, 60), (0, 120), (60, 180)], 180),
        ("session:30s", [(0, 30), (70, 100)], 100 + 1e-6),
        ("sliding:30s", [(-30, 0), (40, 70)], 70 + 1e-6),
    ],
)
def test_all_windows_that_are_open_fire_and_what_still_comes_is_late(
    window: str, fired: list[tuple[int, int]], watermark: float
) -> None:
    job = job_of(Plan(window=window, time="ts", time_unit="s", delay="1h"))
    engine = Engine(job)
    engine.begin_input(0, False)
    engine, published, _ = fed(engine, line(0) + line(70))
    assert published == []
    rows = [each.changelog for each in engine.fire_all() if each.changelog is not None]
    edges = [
        tuple(int(time) // 10**6 for time in pair)
        for part in rows
        for pair in zip(*edges_of(part), strict=True)
    ]
    assert edges == fired
    assert engine.ledger.watermark == round(watermark * 10**6)
    assert list(engine.fire_all()) == []
    engine, published, late = fed(engine, line(69) + line(5000))
    assert (published, late) == ([], [line(69)])


def edges_of(rows: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    return rows.columns[0].numbers, rows.columns[1].numbers


def test_a_window_over_everything_waits_for_the_end() -> None:
    engine = Engine(job_of(Plan(window="all", time="ts", time_unit="s")))
    engine.begin_input(0, False)
    engine, _, _ = fed(engine, line(0))
    assert list(engine.fire_all()) == []
    assert engine.ledger.watermark == MINUS_INFINITY


def test_the_present_bounds_times_only_where_events_are_live(tmp_path: Path) -> None:
    scene = Scene(tmp_path, [(0, [1000, 4600, 4601])])
    runner = scene.run(Plan(window="all", time="ts", time_unit="s"))
    assert (runner.ledger.counted, runner.ledger.future) == (2, 1)
    scene = Scene(tmp_path, [])
    runner = scene.run(Plan(window="all", time="ts", time_unit="s", max_ahead="inf"))
    assert (runner.ledger.counted, runner.ledger.future) == (3, 0)


def test_a_promise_far_ahead_of_now_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b'{"w": 9000}\n' + line(1000))
    runner = Scene(tmp_path, []).run(Plan(time="ts", time_unit="s", delay="0s", punctuation="w"))
    assert (runner.ledger.punctuation, runner.ledger.late) == (1, 0)


def test_lines_that_cannot_be_used_end_no_run_that_waits_for_more(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b"a,b\n")
    runner = Scene(tmp_path, []).run(Plan(time="ts"))
    assert (runner.ledger.bad, runner.finished) == (1, True)
