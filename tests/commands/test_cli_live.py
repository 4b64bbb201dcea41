"""The command while its input is open: rows come as windows fire, and a signal ends it as the end of input does."""

import json
import os
import select
import signal
import subprocess
from pathlib import Path

import pytest
from tools.commands import TIMEOUT_S, Ended, start
from tools.minute_rows import FIRST, HEADER, LINES, SECOND


class Reading:
    """Lines of a process's stdout, each within a time that only failure reaches."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None and process.stdout is not None
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        self._rest = b""

    def say(self, line: bytes) -> None:
        os.write(self._in, line)

    def line(self) -> str:
        while b"\n" not in self._rest:
            assert select.select([self._out], [], [], TIMEOUT_S)[0], "no row came"
            more = os.read(self._out, 1 << 16)
            assert more, "the rows ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()


@pytest.mark.parametrize("threads", ["1", "4"])
def test_each_row_comes_as_soon_as_its_window_fires(threads: str) -> None:
    process = start(["run", "-w", "tumbling:1s", "-t", "ts", "--delay", "0s", "--threads", threads])
    reading = Reading(process)
    reading.say(b'{"ts": 0}\n')
    assert reading.line() == HEADER.strip()
    for second in range(1, 6):
        reading.say(b'{"ts": %d}\n' % second)
        assert reading.line().split(",")[1] == f"1970-01-01T00:00:0{second}Z"
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, stdout.count(b"\n"), stderr) == (0, 1, b"")


def test_a_promise_fires_at_once() -> None:
    process = start(["run", "--punctuation", "w", "-t", "ts", "-f", "ndjson"])
    reading = Reading(process)
    reading.say(b'{"ts": 1}\n{"w": 60}\n')
    assert json.loads(reading.line())["count"] == 1
    process.communicate(timeout=TIMEOUT_S)


def interrupted(arguments: list[str], *signals: int) -> Ended:
    """A run that has read two lines and waits for more gets signals, one by one."""
    process = start(["run", "-t", "ts", "--delay", "0s", *arguments])
    reading = Reading(process)
    reading.say(LINES)
    head = reading.line() + "\n" + reading.line() + "\n"
    for number in signals:
        process.send_signal(number)
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    return Ended(process.returncode, head.encode() + stdout, stderr)


SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_leaves_reports_as_they_were_and_says_that_rows_are_partial(
    tmp_path: Path, number: int, code: int
) -> None:
    names = ["r.csv", "r.parquet", "new.csv", "late", "bad"]
    for name in names:
        if name != "new.csv":
            (tmp_path / name).write_text("of the last run")
    stats = tmp_path / "s.json"
    reports = [part for name in names[:3] for part in ("-o", str(tmp_path / name))]
    lines = ["--late-file", str(tmp_path / "late"), "--bad-file", str(tmp_path / "bad")]
    ended = interrupted(["--quiet", "-o", "-", *reports, *lines, "--stats", str(stats)], number)
    told = b"streamstat: interrupted after 2 lines: rows are partial\nstreamstat: report files are as they were\n"
    assert ended == Ended(code, (HEADER + FIRST + SECOND).encode(), told)
    assert json.loads(stats.read_text())["interrupted"] is True
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad", "late", "r.csv", "r.parquet", "s.json"]
    assert {(tmp_path / name).read_text() for name in ("r.csv", "r.parquet", "late", "bad")} == {
        "of the last run"
    }


def test_a_signal_with_rows_on_stdout_alone() -> None:
    told = b"streamstat: interrupted after 2 lines: rows are partial\n"
    assert interrupted([], signal.SIGINT) == Ended(130, (HEADER + FIRST + SECOND).encode(), told)


def test_what_was_lost_is_told_behind_the_interruption() -> None:
    process = start(["run", "-i", "ndjson", "-t", "ts", "--delay", "0s"])
    reading = Reading(process)
    reading.say(b"oops\n" + LINES)
    reading.line()
    reading.line()
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=TIMEOUT_S)[1].decode().splitlines()
    assert said[0] == "streamstat: interrupted after 3 lines: rows are partial"
    assert said[1].startswith("streamstat: lost of 3 lines: 1 bad, first -:1:1: ")


def test_a_signal_where_no_rows_go_to_stdout(tmp_path: Path) -> None:
    """A FIFO for bad lines tells when they were read."""
    fifo, report = tmp_path / "fifo", tmp_path / "r.csv"
    os.mkfifo(fifo)
    process = start(["run", "-t", "ts", "--bad-file", str(fifo), "-o", str(report)])
    Reading(process).say(LINES + b"oops\n")
    with fifo.open("rb") as bad:
        assert bad.readline() == b"oops\n"
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, stdout) == (130, b"")
    assert stderr.splitlines()[:2] == [
        b"streamstat: interrupted after 3 lines: rows are partial",
        b"streamstat: report files are as they were",
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["fifo"]
