"""`match` under `--state`: what it holds from run to run, what a flush tells, what is shown, and what is refused."""

import json
from collections.abc import Sequence

import pytest
from tools.state_place import RUN, Place

PATTERN = "ask -> !answer"
STEPS = ("-d", "ask=e == 1", "-d", "answer=e == 2")
REST = ("-b", "k", "-t", "ts", "--time-unit", "s", "--state", "state", "-o", "report.csv", "in.ndjson")
MATCH = ["match", PATTERN, *STEPS, "--within", "30s", *REST]
HEADING = "match_start,match_end,k,count_ask\n"


def add(place: Place, *events: tuple[int, str, int]) -> None:
    with (place.folder / "in.ndjson").open("a") as file:
        file.writelines(f'{{"ts": {ts}, "k": "{k}", "e": {e}}}\n' for ts, k, e in events)


def row(second: int, key: str) -> str:
    return f"1970-01-01T00:00:{second:02}Z,1970-01-01T00:00:{second + 30:02}Z,{key},1\n"


@pytest.fixture
def begun(place: Place) -> Place:
    """Three ask; b has an answer, which waits for the watermark as do c and what it asks."""
    add(place, (0, "a", 1), (5, "b", 1), (7, "b", 2), (12, "c", 1))
    ended = place.run(*MATCH)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert place.text() == HEADING
    return place


def test_absences_are_decided_by_a_later_run(begun: Place) -> None:
    add(begun, (30, "a", 2), (45, "x", 0))
    assert begun.run(*MATCH).code == 0
    assert begun.text() == HEADING
    add(begun, (53, "c", 0))
    assert begun.run(*MATCH).code == 0
    assert begun.text() == HEADING + row(12, "c")


def test_flush_tells_matches_and_absences_and_what_still_comes_for_them_is_late(begun: Place) -> None:
    assert begun.run(*MATCH, "--flush").code == 0
    assert begun.text() == HEADING + row(0, "a") + row(12, "c")
    add(begun, (42, "c", 2), (43, "d", 1))
    ended = begun.run(*MATCH, "--flush", "--stats", "stats.json")
    assert "1 late, first in.ndjson from byte" in ended.err
    assert begun.text() == HEADING + row(0, "a") + row(12, "c") + row(43, "d").replace("00:73", "01:13")
    assert json.loads(begun.text("stats.json"))["counted"] == 5


def test_state_tells_events_and_absences_that_are_open(begun: Place) -> None:
    facts = json.loads(begun.run("state", "state", "--json").out)
    assert (facts["verb"], facts["open_events"], facts["open_absences"]) == ("match", 4, 1)
    assert "open_windows" not in facts
    shown = begun.run("state", "state").out.splitlines()
    assert {"verb       match", f"plan       PATTERN {PATTERN}", "plan       --within 30s"} < set(shown)
    assert {"events     4 open", "absences   1 open"} < set(shown)
    assert not [line for line in shown if "window" in line or "--late" in line]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            ["match", "ask{2} -> !answer", *STEPS, "--within", "30s"],
            "PATTERN: is ask{2} -> !answer, but state was",
        ),
        (["match", PATTERN, *STEPS, "--within", "31s"], "--within: is 31s, but state was begun with 30s; "),
        (
            ["match", PATTERN, *STEPS[:3], "answer=e == 3", "--within", "30s"],
            "--define: is ask=e == 1, answer=",
        ),
        (
            ["match", PATTERN, *STEPS, "--within", "30s", "--overlap"],
            "--overlap: is given, but state was begun ",
        ),
        (
            ["match", PATTERN, *STEPS, "--within", "30s", "--events"],
            "--events: is given, but state was begun ",
        ),
        (
            ["run"],
            "--state: state was begun by streamstat match, but this is streamstat run; use a new --state ",
        ),
    ],
    ids=["pattern", "within", "define", "overlap", "events", "run"],
)
def test_another_question_is_refused_by_its_option(begun: Place, changed: Sequence[str], said: str) -> None:
    before = begun.text()
    ended = begun.run(*changed, *REST)
    assert (ended.code, ended.out, ended.err.count("\n")) == (78, "", 1)
    assert ended.err.startswith(f"streamstat: {said}")
    assert begun.text() == before
    assert begun.run(*MATCH).code == 0


def test_a_state_of_run_is_none_for_match(place: Place) -> None:
    add(place, (0, "a", 1))
    assert place.run(*RUN).code == 0
    ended = place.run(*MATCH)
    assert ended.code == 78
    assert ended.err.startswith(
        "streamstat: --state: state was begun by streamstat run, but this is streamstat match; use a new --state"
    )
