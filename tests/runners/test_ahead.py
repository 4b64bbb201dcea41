"""Times that are too far ahead: refused where now or a received time says so, and told with their places."""

import pytest
from oracle import Options
from tools.engine_run import run_engine
from tools.minute_rows import HEADER, minute
from tools.state_place import RUN, Place

PLACE = "in.ndjson:2: 2099-01-01T00:00:00Z"
TOLD = (
    f"streamstat: lost of 4 lines: 1 future, first {PLACE}; --max-ahead D allows, --lost-file F keeps them\n"
)
AHEAD = '{"ts": "2099-01-01T00:00:00Z"}\n'


def add(place: Place, text: str) -> None:
    with (place.folder / "in.ndjson").open("a") as file:
        file.write(text)


def test_one_line_from_the_far_future_makes_no_other_line_late_under_a_state(place: Place) -> None:
    place.add(5)
    add(place, AHEAD)
    place.add(65, 80)
    ended = place.run(*RUN)
    assert (ended.code, ended.err) == (0, TOLD)
    assert place.text() == HEADER + minute(0)
    place.add(130)
    ended = place.run(*RUN)
    assert (ended.code, ended.err) == (0, "")
    assert place.text() == HEADER + minute(0) + minute(1, 2)


@pytest.mark.parametrize("allowed", ["inf", "1000000h"])
def test_how_far_ahead_may_be_chosen_under_a_state(place: Place, allowed: str) -> None:
    add(place, AHEAD)
    ended = place.run(*RUN, "--max-ahead", allowed, "--flush")
    assert (ended.code, ended.err) == (0, "")
    assert place.text().count("2099-01-01T00:00:00Z") == 1


def test_places_behind_what_former_runs_have_read_say_from_where_lines_are_counted(place: Place) -> None:
    place.add(5)
    place.run(*RUN)
    add(place, "\n" + AHEAD)
    assert ", first in.ndjson from byte 10:2: 2099-01-01T00:00:00Z; " in place.run(*RUN).err


def test_at_most_three_places_are_told(place: Place) -> None:
    add(place, AHEAD * 5)
    place.add(5)
    said = place.run(*RUN).err
    assert [f":{line}: 2099" in said for line in range(1, 6)] == [True] * 3 + [False] * 2
    assert "lost of 6 lines: 5 future" in said


@pytest.mark.parametrize("block_bytes", [1, 30, 1 << 20])
@pytest.mark.parametrize("threads", [1, 3])
def test_places_do_not_depend_on_where_blocks_are_cut(block_bytes: int, threads: int) -> None:
    data = b"\xef\xbb\xbf\n[]\n" + b'{"ts": 4000, "r": 1}\n \n{"ts": 7000, "r": 1}\n{"ts": 1, "r": 1}\n'
    options = Options(window="all", time="ts", received="r")
    found = run_engine([data, data], options, threads=threads, block_bytes=block_bytes)
    assert [str(place) for place in found.ahead] == [
        "in0:3: 1970-01-01T01:06:40Z",
        "in0:5: 1970-01-01T01:56:40Z",
        "in1:3: 1970-01-01T01:06:40Z",
        "in1:5: 1970-01-01T01:56:40Z",
    ]
