"""Commands in a pipe while its input is open: a row comes out at the end as soon as an event decides it."""

import json
import os
import select
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from tools.commands import TIMEOUT_S, start

FIRST = ["run", "-w", "tumbling:1s", "-t", "ts", "--delay", "0s", "-f", "ndjson", "--promises"]
NEXT = ["run", "--punctuation", "watermark", "--delay", "inf", "-f", "ndjson"]


class Pipe:
    """What goes into the first of several commands, and the rows that come out of the last."""

    def __init__(self, stages: Sequence[Sequence[str]]) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        for arguments in stages:
            before = self.processes[-1].stdout if self.processes else subprocess.PIPE
            self.processes.append(start(arguments, stdin=before))
            if before != subprocess.PIPE and before is not None:
                before.close()  # type: ignore[union-attr]
        self._rest = b""

    def say(self, *seconds: float) -> None:
        stdin = self.processes[0].stdin
        assert stdin is not None
        os.write(stdin.fileno(), b"".join(b'{"ts": %g}\n' % each for each in seconds))

    def row(self) -> dict[str, object]:
        """The next line as an object, which may be a promise."""
        row: dict[str, object] = json.loads(self.line())
        return row

    def line(self) -> str:
        """The next line; only failure reaches the time limit."""
        stdout = self.processes[-1].stdout
        assert stdout is not None
        while b"\n" not in self._rest:
            assert select.select([stdout], [], [], TIMEOUT_S)[0], "no row came"
            more = os.read(stdout.fileno(), 1 << 16)
            assert more, "the rows ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()

    def end(self) -> bytes:
        """What comes when the input ends."""
        first, last = self.processes[0], self.processes[-1]
        assert first.stdin is not None
        first.stdin.close()
        first.stdin = None
        rest, _ = last.communicate(timeout=TIMEOUT_S)
        assert [each.wait(TIMEOUT_S) for each in self.processes] == [0] * len(self.processes)
        assert all(
            each.stderr is None or each.stderr.closed or not each.stderr.read() for each in self.processes
        )
        return self._rest + rest


@contextmanager
def pipe(*stages: Sequence[str]) -> Iterator[Pipe]:
    """Commands that are gone at the end, whatever happens."""
    made = Pipe(stages)
    try:
        yield made
    finally:
        for process in made.processes:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()


def time(second: int) -> str:
    return f"1970-01-01T00:00:{second:02}Z"


def row(begin: int, end: int, **cells: object) -> dict[str, object]:
    return {"window_start": time(begin), "window_end": time(end), **cells}


@pytest.mark.parametrize("threads", ["1", "4"])
def test_a_row_of_the_second_comes_with_the_event_that_decides_it(threads: str) -> None:
    second = [*NEXT, "-w", "tumbling:2s", "-a", "sum(count)", "--threads", threads]
    with pipe([*FIRST, "--threads", threads], second) as stages:
        stages.say(0, 0.5, 1, 2)
        assert stages.row() == row(0, 2, sum_count=3)
        stages.say(9)
        assert stages.row() == row(2, 4, sum_count=1)
        assert json.loads(stages.end()) == row(8, 10, sum_count=1)


def test_a_row_of_the_third_comes_with_the_event_that_decides_it() -> None:
    second = [*NEXT, "-w", "tumbling:2s", "-a", "sum(count)", "--promises"]
    third = [*NEXT, "-w", "tumbling:4s", "-a", "max(sum_count)"]
    with pipe(FIRST, second, third) as stages:
        stages.say(0, 1, 2, 2, 2, 4)
        assert stages.row() == row(0, 4, max_sum_count=3)
        assert json.loads(stages.end()) == row(4, 8, max_sum_count=1)


def test_sessions_of_rows_end_when_no_row_can_join_them_any_more() -> None:
    second = [*NEXT, "-w", "session:2s", "-a", "sum(count)", "--promises"]
    with pipe(FIRST, second) as stages:
        stages.say(0, 1, 3.5, 7)
        assert stages.row() == row(0, 5, sum_count=3)
        assert stages.row() == {"watermark": time(7)}
        assert json.loads(stages.end()) == row(7, 9, sum_count=1)


def test_a_table_at_the_end_does_not_wait_for_more_rows() -> None:
    with pipe(FIRST, [*NEXT[:-2], "-f", "table", "-w", "tumbling:2s"]) as stages:
        stages.say(0, 1, 2)
        assert stages.line().split() == ["window_start", "count"]
        assert stages.line().split() == [time(0), "2"]


def test_a_promise_comes_though_no_row_did() -> None:
    with pipe([*FIRST, "--where", "ts > 100"]) as stages:
        stages.say(5)
        assert stages.row() == {"watermark": time(5)}
        assert stages.end() == b""


OPEN = ["-t", "ts", "--delay", "0s", "-f", "ndjson", "--promises"]
BETWEEN = ["--punctuation", "watermark", "--delay", "inf", "-f", "ndjson", "--promises"]


def test_a_pattern_in_windows_is_told_with_the_event_that_decides_it() -> None:
    slow = ["match", "[slow{3}]", "-d", "slow=count >= 2", "--within", "10s", *BETWEEN]
    with pipe(FIRST, slow) as stages:
        stages.say(0, 0.5, 1, 1.5, 2, 2.5, 3)
        assert stages.row() == {"match_start": time(0), "match_end": time(2), "count_slow": 3}
        assert stages.row() == {"watermark": time(3)}
        assert stages.end() == b""


def test_windows_of_matches_are_told_with_the_event_that_decides_them() -> None:
    each = ["match", "each", "-d", "each=ts >= 0", "--within", "1s", *OPEN]
    with pipe(each, [*NEXT, "-w", "tumbling:2s"]) as stages:
        stages.say(0, 0.5, 1, 2)
        assert stages.row() == row(0, 2, count=3)
        assert json.loads(stages.end()) == row(2, 4, count=1)


def test_three_verbs_in_a_pipe_tell_a_row_with_the_event_that_decides_it() -> None:
    """An event goes past stored queries, into a pattern of their hits, and into a window of the matches."""
    hits = ["search", "-q", "any=ts in (1, 2, 11, 12, 13)", "-s", "n=ts", *OPEN]
    pairs = ["match", "hit{2}", "-d", 'hit=query == "any"', "--within", "5s", "-a", "sum(n)", *BETWEEN]
    with pipe(hits, pairs, [*NEXT, "-w", "tumbling:10s", "-a", "sum(sum_n)"]) as stages:
        stages.say(1, 2, 11, 12, 13)
        assert stages.row() == row(0, 10, sum_sum_n=3)
        assert json.loads(stages.end()) == row(10, 20, sum_sum_n=23)
