"""NULs between lines, in whatever an input is and however it is read: skipped, and told of once."""

import signal
from pathlib import Path

import pytest
from tools.engine_run import Seen
from tools.follower import ended, following, next_line
from tools.minute_rows import HEADER, minute
from tools.state_place import Place

from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.sources.inputs import Inputs, bytes_input
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners.local import LocalRunner

RUN = ["run", "--state", "state", "-o", "report.csv", "app.log"]
TOLD = "streamstat: app.log: {} NULs at byte {}, as if truncated under its writer: skipped\n"


def line(second: int) -> bytes:
    return b'{"ts": %d}\n' % second


@pytest.fixture
def log(place: Place) -> Path:
    return place.folder / "app.log"


def test_a_hole_under_a_state_is_told_once(place: Place, log: Path) -> None:
    log.write_bytes(line(5) + bytes(49) + line(75))
    ended = place.run(*RUN)
    assert (ended.code, ended.err, place.text()) == (0, TOLD.format(49, 10), HEADER + minute(0))
    with log.open("ab") as file:
        file.write(line(140))
    ended = place.run(*RUN)
    assert (ended.code, ended.err, place.text()) == (0, "", HEADER + minute(0) + minute(1))


def test_a_hole_at_the_end_waits_for_what_comes_behind_it(place: Place, log: Path) -> None:
    log.write_bytes(line(5) + bytes(49))
    assert place.run(*RUN).err == ""
    with log.open("ab") as file:
        file.write(line(75))
    assert place.run(*RUN).err == TOLD.format(49, 10)
    assert place.text() == HEADER + minute(0)


def test_room_that_was_taken_beforehand_is_read_as_it_is_filled(place: Place, log: Path) -> None:
    first = b'{"ts": 5, "a": "%s"}\n' % (b"x" * 5000)  # a file is known by its first 4,096 bytes
    log.write_bytes(first + bytes(490))
    assert place.run(*RUN).err == ""
    with log.open("r+b") as file:
        file.seek(len(first))
        file.write(line(75))
    assert place.run(*RUN).err == ""
    assert place.text() == HEADER + minute(0)


def test_a_hole_in_a_log_that_is_followed(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(line(5) + line(75))
    with following(tmp_path, "app.log") as process:
        assert (next_line(process).decode(), next_line(process).decode()) == (HEADER, minute(0))
        with log.open("ab") as file:
            file.write(bytes(49) + line(140))
        assert next_line(process).decode() == minute(1)
        code, _, err = ended(process, signal.SIGINT)
        assert (code, err.decode()) == (130, TOLD.format(49, 21))


@pytest.mark.parametrize("size", [1, 99, 100, 101, 5000])
@pytest.mark.parametrize("block_bytes", [1, 7, 64, 1 << 20])
@pytest.mark.parametrize("threads", [1, 3])
def test_holes_longer_than_any_line_cost_no_line(size: int, block_bytes: int, threads: int) -> None:
    hole, limit = bytes(size), b'{"ts": 3, "a": "%s"}' % (b"x" * 82)
    assert len(limit) == 100
    parts = [
        line(1),
        hole,
        limit,
        b"\n",
        hole,
        b"\n",
        hole,
        b"oops\n",
        hole,
        b"y" * 101,
        b"\n",
        line(2),
        hole,
    ]
    data = b"".join(parts)
    seen = Seen("UTC")
    feed = ReadOnce(Inputs([bytes_input(data, "a")]), Limits(block_bytes, max_line_bytes=100))
    runner = LocalRunner(job_of(Plan(time="ts")), feed, seen, threads=threads)
    ledger = runner.run()
    assert (ledger.lines, ledger.counted, ledger.blank, ledger.bad) == (6, 3, 1, 2)
    assert [str(place) for place in seen.bad] == ["a:4:1: expected a value", "a:5: longer than 16 MiB"]
    assert seen.bad_lines == [b"oops\n"]
    assert runner.positions == {0: len(data)}
    what = f"{5 * size} NULs in 5 places, first at byte 10"
    assert runner.notes == (f"a: {what}, as if truncated under its writer: skipped",)
