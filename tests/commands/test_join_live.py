"""`join` while its sides are open: a row as soon as it can be known, also through pipes, and how it is ended."""

import json
import os
import select
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tools.commands import TIMEOUT_S, start

ON = ("--on", "k", "--time-unit", "s", "-f", "ndjson")
PAIRS = ("join", "a=a", "b=b", *ON, "--delay", "0s", "--within", "0s..3s", "-s", "n=a.n", "-s", "m=b.n")
READS = ("--punctuation", "watermark", "--delay", "inf", "-f", "ndjson")


def time(second: int) -> str:
    return f"1970-01-01T00:00:{second:02}Z"


def promise(second: int) -> dict[str, object]:
    return {"watermark": time(second)}


class Live:
    """Commands in a pipe whose inputs are open: FIFOs by their names, and the rows of the last."""

    def __init__(self, folder: Path, fifos: Sequence[str], stages: Sequence[Sequence[str]]) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        for name in fifos:
            os.mkfifo(folder / name)
        for words in stages:
            before = self.processes[-1].stdout if self.processes else subprocess.PIPE
            self.processes.append(start(words, folder, stdin=before))
        # Opened for both, as a FIFO that is opened for writing waits until the command reads it.
        self.fifos = {name: os.open(folder / name, os.O_RDWR) for name in fifos}
        self._readers = {name: os.open(folder / name, os.O_WRONLY) for name in fifos}
        self._rest = b""

    def say(self, side: str, *events: tuple[int, str, int]) -> None:
        """Events of a FIFO, or of the first command's stdin (`-`)."""
        self.write(side, *({"ts": ts, "k": k, "n": n} for ts, k, n in events))

    def write(self, side: str, *records: object) -> None:
        os.write(self._descriptor(side), b"".join(json.dumps(each).encode() + b"\n" for each in records))

    def row(self) -> dict[str, object]:
        """The next line; only failure reaches the time limit."""
        stdout = self.processes[-1].stdout
        assert stdout is not None
        while b"\n" not in self._rest:
            assert select.select([stdout], [], [], TIMEOUT_S)[0], "no row came"
            more = os.read(stdout.fileno(), 1 << 16)
            assert more, "the rows ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        found: dict[str, object] = json.loads(line)
        return found

    def rows(self, count: int) -> list[dict[str, object]]:
        return [self.row() for _ in range(count)]

    def end(self, *sides: str) -> None:
        """These inputs end."""
        for each in sides:
            if each == "-":
                stdin, self.processes[0].stdin = self.processes[0].stdin, None
                assert stdin is not None
                stdin.close()
            else:
                os.close(self.fifos.pop(each))
                os.close(self._readers.pop(each))

    def rest(self, code: int = 0, said: bytes = b"") -> list[dict[str, object]]:
        """What comes when all inputs have ended, or a signal came, and what is said of it."""
        out, err = self.processes[-1].communicate(timeout=TIMEOUT_S)
        assert [each.wait(TIMEOUT_S) for each in self.processes] == [code] * len(self.processes)
        assert err == said
        return [json.loads(line) for line in (self._rest + out).splitlines()]

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
        for each in (*self.fifos.values(), *self._readers.values()):
            os.close(each)

    def _descriptor(self, side: str) -> int:
        if side != "-":
            return self._readers[side]
        stdin = self.processes[0].stdin
        assert stdin is not None
        return stdin.fileno()


@contextmanager
def live(folder: Path, fifos: str, *stages: Sequence[str]) -> Iterator[Live]:
    """Commands that are gone at the end, whatever happens."""
    made = Live(folder, fifos.split(), stages)
    try:
        yield made
    finally:
        made.close()


def pair(left: int, right: int, n: int, m: int, k: str = "x") -> dict[str, object]:
    times = {"a_time": time(left), "b_time": time(right)}
    return {"time": time(max(left, right)), "k": k, **times, "n": n, "m": m}


def alone(left: int, n: int, k: str = "x") -> dict[str, object]:
    return {"time": time(left), "k": k, "a_time": time(left), "b_time": None, "n": n, "m": None}


@pytest.mark.parametrize("threads", ["1", "4"])
def test_a_pair_is_told_while_both_sides_are_open(tmp_path: Path, threads: str) -> None:
    with live(tmp_path, "a b", [*PAIRS, "--threads", threads]) as join:
        join.say("a", (1, "x", 1), (10, "x", 2))
        join.say("b", (2, "x", 7), (10, "y", 8))
        assert join.row() == pair(1, 2, 1, 7)
        join.say("b", (11, "x", 9), (20, "y", 0))
        join.say("a", (20, "z", 3))
        assert join.row() == pair(10, 11, 2, 9)
        join.end("a", "b")
        assert join.rest() == []


def test_what_has_no_partner_is_told_when_none_can_come(tmp_path: Path) -> None:
    with live(tmp_path, "a b", [*PAIRS, "--kind", "left", "--promises"]) as join:
        join.say("a", (1, "x", 1), (5, "x", 2))
        join.say("b", (5, "y", 7))
        assert join.rows(2) == [alone(1, 1), promise(5)]
        join.say("a", (9, "z", 3))
        join.say("b", (9, "y", 8))
        assert join.rows(2) == [alone(5, 2), promise(9)]
        join.end("a", "b")
        assert join.rest() == [alone(9, 3, "z")]


def test_an_event_and_its_version_are_told_while_both_sides_are_open(tmp_path: Path) -> None:
    words = ("join", "a=a", "b=b", *ON, "--delay", "0s", "--as-of", "-s", "n=a.n", "-s", "m=b.n")
    with live(tmp_path, "a b", words) as join:
        join.say("b", (1, "x", 100), (4, "x", 101))
        join.say("a", (3, "x", 1), (4, "x", 2))
        assert join.row() == pair(3, 1, 1, 100)
        join.say("a", (6, "x", 3))
        join.say("b", (5, "x", 102))
        assert join.row() == pair(4, 4, 2, 101)
        join.end("a", "b")
        assert join.rest() == [pair(6, 5, 3, 102)]


def test_a_side_that_has_ended_does_not_hold_back_the_other(tmp_path: Path) -> None:
    with live(tmp_path, "a b", [*PAIRS, "--kind", "left"]) as join:
        join.say("a", (1, "x", 1), (5, "x", 2))
        join.say("b", (2, "x", 7), (3, "y", 8))
        assert join.row() == pair(1, 2, 1, 7)
        join.end("b")
        join.say("a", (9, "x", 3))
        assert join.row() == alone(5, 2)
        join.end("a")
        assert join.rest() == [alone(9, 3)]


def test_windows_of_pairs_are_told_with_the_event_that_decides_them(tmp_path: Path) -> None:
    second = ("run", *READS, "-w", "tumbling:5s", "-a", "sum(m)")
    with live(tmp_path, "a b", [*PAIRS, "--promises"], second) as join:
        join.say("a", (1, "x", 1), (3, "x", 2), (6, "x", 2))
        join.say("b", (2, "x", 7), (4, "x", 1), (6, "x", 5))
        assert join.row() == {"window_start": time(0), "window_end": time(5), "sum_m": 9}
        join.end("a", "b")
        assert join.rest() == [{"window_start": time(5), "window_end": time(10), "sum_m": 10}]


def test_windows_are_joined_with_the_event_that_decides_them(tmp_path: Path) -> None:
    """A window of one second has the version that holds at its start; promises of the other side are written here."""
    first = ("run", "-w", "tumbling:1s", "-b", "k", "--delay", "0s", "-f", "ndjson", "--promises")
    second = ("join", "a=-", "b=b", "--on", "k", *READS, "--as-of", "-s", "n=a.count", "-s", "m=b.n")
    with live(tmp_path, "b", first, second) as join:
        join.say("b", (0, "x", 100), (2, "x", 101))
        join.write("b", promise(3))
        join.say("-", (1, "x", 0), (1, "x", 0), (2, "x", 0), (3, "x", 0))
        assert join.rows(2) == [pair(1, 0, 2, 100), pair(2, 2, 1, 101)]
        join.say("-", (4, "x", 0))
        join.write("b", promise(9))
        assert join.row() == pair(3, 2, 1, 101)
        join.end("-", "b")
        assert join.rest() == [pair(4, 2, 1, 101)]


def test_matches_are_joined_and_counted_with_the_event_that_decides_them(tmp_path: Path) -> None:
    """Three stages: a pattern, its users as they were by then, and windows of both."""
    promised = ("--delay", "0s", "-f", "ndjson", "--promises")
    first = ("match", "f{2}", "-d", "f=n == 0", "--within", "5s", "-b", "k", "--time-unit", "s", *promised)
    second = ("join", "m=-", "u=users.csv", "--on", "k", *READS, "--as-of", "-s", "team=u.team", "--promises")
    third = ("run", *READS, "-w", "tumbling:10s", "-b", "team")
    (tmp_path / "users.csv").write_text("ts,k,team\n0,x,red\n2,x,blue\n0,y,blue\n")
    with live(tmp_path, "", first, second, third) as join:
        join.say(
            "-", (1, "x", 0), (2, "x", 0), (3, "x", 0), (3, "y", 0), (4, "x", 0), (4, "y", 0), (15, "z", 1)
        )
        cells = {"window_start": time(0), "window_end": time(10)}
        assert join.rows(2) == [{**cells, "team": "blue", "count": 2}, {**cells, "team": "red", "count": 1}]
        join.end("-")
        assert join.rest() == []


def test_an_interrupt_ends_it_with_the_rows_so_far(tmp_path: Path) -> None:
    with live(tmp_path, "a b", [*PAIRS, "--kind", "left"]) as join:
        join.say("a", (1, "x", 1), (9, "x", 2))
        join.say("b", (2, "x", 7), (9, "y", 8))
        assert join.row() == pair(1, 2, 1, 7)
        join.processes[0].send_signal(signal.SIGINT)
        said = b"streamstat: interrupted after 4 lines: rows are partial\n"
        assert join.rest(130, said) == [alone(9, 2)]
