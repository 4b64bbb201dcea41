"""`match` while its input is open: rows as they can be known, rotation, silence, and how it is ended."""

import signal
import subprocess
from pathlib import Path

import pytest
from tools.follower import ended, following, next_line

PAIR = ("a -> b", "-d", "a=e == 1", "-d", "b=e == 2", "--within", "30s", "-b", "k")
ABSENT = ("a -> !b", *PAIR[1:])


def line(second: int, key: str, event: int) -> bytes:
    return b'{"ts": %d, "k": "%s", "e": %d}\n' % (second, key.encode(), event)


def append(path: Path, *events: tuple[int, str, int]) -> None:
    with path.open("ab") as file:
        file.writelines(line(*each) for each in events)


def row(begin: int, end: int, rest: str) -> bytes:
    times = (f"1970-01-01T00:{each // 60:02}:{each % 60:02}Z" for each in (begin, end))
    return ",".join((*times, rest)).encode() + b"\n"


def rows(process: "subprocess.Popen[bytes]", count: int) -> list[bytes]:
    return [next_line(process) for _ in range(count)]


PAIRS = b"match_start,match_end,k,count_a,count_b\n"
ABSENCES = b"match_start,match_end,k,count_a\n"


def test_a_match_is_told_while_the_input_is_open(tmp_path: Path) -> None:
    with following(tmp_path, *PAIR, verb="match") as process:
        assert process.stdin is not None
        process.stdin.write(line(0, "x", 1) + line(4, "x", 2) + line(15, "y", 0))
        assert rows(process, 2) == [PAIRS, row(0, 4, "x,1,1")]
        process.stdin.write(line(16, "y", 1) + line(20, "y", 2) + line(31, "y", 0))
        assert next_line(process) == row(16, 20, "y,1,1")
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, b"", b"")


def test_a_match_goes_on_through_rotation(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    append(log, (0, "x", 1), (1, "y", 1), (2, "y", 2), (13, "z", 0))
    with following(tmp_path, *PAIR, "app.log", verb="match") as process:
        assert rows(process, 2) == [PAIRS, row(1, 2, "y,1,1")]
        log.rename(tmp_path / "app.log.1")
        append(tmp_path / "app.log.1", (14, "z", 1))
        append(log, (15, "x", 2), (16, "z", 2), (27, "y", 0))
        assert rows(process, 2) == [row(0, 15, "x,1,1"), row(14, 16, "z,1,1")]
        assert ended(process, signal.SIGTERM) == (143, b"", b"")


def test_silence_tells_matches_and_absences_that_are_open(tmp_path: Path) -> None:
    """Also those that begin by it; what still comes for them is late."""
    log = tmp_path / "app.log"
    append(log, (0, "x", 1), (11, "y", 1), (12, "y", 2), (13, "z", 1))
    with following(tmp_path, *ABSENT, "--idle-flush", "100ms", "app.log", verb="match") as process:
        assert rows(process, 3) == [ABSENCES, row(0, 30, "x,1"), row(13, 43, "z,1")]
        append(log, (43, "x", 1), (44, "x", 1))
        assert next_line(process) == row(44, 74, "x,1")
        code, out, err = ended(process, signal.SIGINT)
    assert (code, out) == (130, b"")
    assert err.startswith(b"streamstat: lost of 6 lines: 1 late")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_it_as_the_end_of_input_does(tmp_path: Path, number: int, code: int) -> None:
    """What was passed by the newest event is decided, what was not is counted."""
    append(tmp_path / "app.log", (0, "x", 1), (11, "y", 1), (12, "y", 2), (35, "z", 1), (36, "w", 0))
    with following(tmp_path, *ABSENT, "--stats", "stats.json", "app.log", verb="match") as process:
        assert next_line(process) == ABSENCES
        assert ended(process, number) == (code, row(0, 30, "x,1"), b"")
    stats = (tmp_path / "stats.json").read_text()
    assert '"undecided": 1,' in stats and '"interrupted": true' in stats


def test_with_a_state_an_interrupt_decides_nothing(tmp_path: Path) -> None:
    log, options = tmp_path / "app.log", ("--state", "state", "--commit-every", "1ms", "app.log")
    append(log, (0, "x", 1), (11, "y", 1), (12, "y", 2), (35, "z", 1), (36, "w", 0))
    with following(tmp_path, *ABSENT, *options, verb="match") as process:
        append(log, (41, "w", 0))
        assert rows(process, 2) == [ABSENCES, row(0, 30, "x,1")]
        assert ended(process, signal.SIGINT) == (130, b"", b"")
    log.rename(tmp_path / "app.log.1")
    append(log, (50, "z", 0), (76, "w", 0))
    with following(tmp_path, *ABSENT, *options, verb="match") as process:
        assert rows(process, 2) == [ABSENCES, row(35, 65, "z,1")]
        assert ended(process, signal.SIGINT) == (130, b"", b"")
