"""What is kept for patterns: never more than can still be part of a match, however long the stream is."""

from collections.abc import Callable, Sequence

import pytest
from tools.engine_run import fed

from streamstat.engine.engine import Engine
from streamstat.plan.match_options import MatchOptions
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan

EVENTS, BLOCK = 6000, 250
SECONDS = 90  # so many events can be part of a match at most, with those that wait


def few(number: int) -> int:
    return number % 10


def new(number: int) -> int:
    """A group that comes once, for three events."""
    return number // 3


def engine_of(pattern: str, define: Sequence[str], **options: bool) -> Engine:
    own = MatchOptions(pattern=pattern, define=define, within="60s", **options)
    return Engine(job_of(Plan(time="ts", by="k", delay="5s", own=own)))


def lines(begin: int, group: Callable[[int], int]) -> bytes:
    """An event a second."""
    return b"".join(
        b'{"ts": %d, "k": %d, "v": %d}\n' % (each, group(each), each * 7919 % 100)
        for each in range(begin, begin + BLOCK)
    )


@pytest.mark.parametrize("events", [False, True], ids=["numbers", "events"])
@pytest.mark.parametrize("group", [few, new])
@pytest.mark.parametrize(
    ("pattern", "define"),
    [
        ("low{2,} -> high", ["low=v < 50", "high=v > 95"]),
        ("low -> high", ["low=v < 50", "high=v > 100"]),
        ("[low{2,} high]", ["low=v < prev.v", "high=v > prev.v"]),
        ("low -> high", ["low=v < 50", "high=v == low.v + 1"]),
        ("low -> !high", ["low=v < 50", "high=v > 95"]),
        ("!high -> low{2}", ["low=v < 50", "high=v > 50"]),
    ],
    ids=["counts", "never", "prev", "reference", "absence", "absence before"],
)
def test_a_snapshot_holds_what_can_still_be_part_of_a_match(
    pattern: str, define: list[str], group: Callable[[int], int], events: bool
) -> None:
    engine, sizes = engine_of(pattern, define, events=events), []
    for begin in range(0, EVENTS, BLOCK):
        fed(engine, lines(begin, group))
        sizes.append(len(engine.snapshot()["patterns"]))
        assert engine.still_open["events"] <= SECONDS
    assert max(sizes) < 80 * SECONDS + (60 * SECONDS if events else 0)


def test_what_an_event_is_compared_with_is_forgotten_with_its_time() -> None:
    """The event before it in its group, of which others may have none for ever."""
    engine = engine_of("[low high]", ["low=v < prev.v", "high=v > prev.v"])
    sizes = []
    for begin in range(0, EVENTS, BLOCK):
        fed(engine, lines(begin, int))
        sizes.append(len(engine.snapshot()["patterns"]))
    assert max(sizes) < 1.1 * sizes[1]
