"""The command while its input is open: rows come as windows fire, and a signal ends it as the end of input does."""

import json
import os
import select
import signal
import subprocess
from pathlib import Path

import pytest
from commands import TIMEOUT_S, Ended, start
from minute_rows import FIRST, HEADER, LINES, SECOND


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


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_as_the_end_of_input_does(tmp_path: Path, number: int, code: int) -> None:
    report, stats = tmp_path / "r.csv", tmp_path / "s.json"
    ended = interrupted(["-o", "-", "-o", str(report), "--stats", str(stats)], number)
    assert ended == Ended(code, (HEADER + FIRST + SECOND).encode(), b"")
    assert report.read_text() == HEADER + FIRST + SECOND
    assert json.loads(stats.read_text())["interrupted"] is True
