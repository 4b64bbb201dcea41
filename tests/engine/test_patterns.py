"""Patterns against the twin that tries all fits: any pattern, stream, cut of blocks, and restart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hypothesis import event as seen
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.pattern_texts import text_of
from oracle.patterns import Event, Pattern, matches
from tools.engine_run import Seen, fed
from tools.patterns import (
    expected_rows,
    in_time,
    line_of,
    long_patterns,
    long_streams,
    patterns,
    plan_of,
    streams,
)

from streamstat.common.units import format_time
from streamstat.engine.engine import Engine
from streamstat.engine.sizes import SIZES, Sizes
from streamstat.event_time.fields import LOWEST
from streamstat.plan.job import Job
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan

thorough = settings(max_examples=600, deadline=None, print_blob=True)
delays = st.none() | st.integers(0, 6)


SMALL = Sizes(worked_at_once=2)  # so that few events take every path


def restarted(engine: Engine, job: Job) -> Engine:
    """A new engine that has the state of this one, and gives it again."""
    parts = engine.snapshot()
    fresh = Engine(job, sizes=SMALL)
    fresh.restore(parts)
    assert parts == fresh.snapshot()
    return fresh


@dataclass(frozen=True)
class Ran:
    """Rows as lines of CSV, the ledger, and each promise with how many rows there were before it."""

    rows: list[str]
    ledger: dict[str, object]
    promises: list[tuple[int, int]]


def ran(job: Job, blocks: Sequence[bytes], restarts: bool) -> Ran:
    """The engine over blocks."""
    seen, engine, promises = Seen("UTC"), Engine(job, sizes=SMALL if restarts else SIZES), []
    engine.begin_input(0, False)
    for block in blocks:
        engine, published, _ = fed(engine, block)
        for each in published:
            seen.published(each)
        if restarts:
            engine = restarted(engine, job)
        promises.append((engine.reports[0].promise, len("".join(seen.report).splitlines())))
    for each in [*engine.end_input(0), *engine.finish()]:
        seen.published(each)
    return Ran("".join(seen.report).splitlines(), engine.ledger.as_dict(), promises)


def check_promises(one: Ran, other: Ran) -> None:
    """They grow, no later row begins before one, and the last is that of any other cut."""
    assert one.promises == sorted(one.promises)
    for promise, rows in one.promises:
        assert all(
            row.partition(",")[0] >= format_time(promise) for row in one.rows[rows:] if promise > LOWEST
        )
    assert [each for each, _ in one.promises[-1:]] == [each for each, _ in other.promises[-1:]]


NEXT = Plan(window="tumbling:3s", time=("match_start",), punctuation="watermark")


def counted_next(lines: Sequence[str]) -> tuple[list[str], object]:
    """The rows of a next command over these lines, each a block, and how many were late."""
    one = ran(job_of(NEXT), [line.encode() + b"\n" for line in lines], False)
    return one.rows, one.ledger["late"]


def check_next(one: Ran) -> None:
    """A command behind this one gives with promises what it gives over all rows."""
    rows = [f'{{"match_start":"{row.partition(",")[0]}"}}' for row in one.rows]
    mixed, told = [], 0
    for promise, before in one.promises:
        mixed += rows[told:before]
        mixed += [f'{{"watermark":"{format_time(promise)}"}}'] if promise > LOWEST else []
        told = before
    found = counted_next([*mixed, *rows[told:]])
    assert found == counted_next(rows)
    assert found[1] == 0


def check(
    pattern: Pattern, events: Sequence[Event], delay: int | None, cuts: Sequence[int], restarts: bool
) -> None:
    kept, late = in_time(events, delay)
    newest = max((each.time for each in events), default=None)
    found, undecided = matches(pattern, kept, newest)
    lines = [line_of(each) for each in events]
    edges = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    blocks = [b"".join(lines[lo:hi]) for lo, hi in pairwise(edges)]
    job = replace(job_of(plan_of(pattern, delay)), promises=True)
    one = ran(job, blocks, restarts)
    assert one.rows == expected_rows(pattern, found), text_of(pattern)
    assert (one.ledger["late"], one.ledger.get("undecided", 0)) == (late, undecided)
    check_promises(one, ran(job, lines, False))
    if found:
        check_next(one)
    seen(f"rows: {min(len(found), 3)}")


@thorough
@given(patterns(), streams(), delays, st.lists(st.integers(1, 12), max_size=4), st.booleans())
def test_matches_are_those_of_the_twin(
    pattern: Pattern, events: list[Event], delay: int | None, cuts: list[int], restarts: bool
) -> None:
    check(pattern, events, delay, cuts, restarts)


@thorough
@given(long_patterns(), long_streams(), delays, st.lists(st.integers(1, 14), max_size=3), st.booleans())
def test_steps_of_many_events_are_those_of_the_twin(
    pattern: Pattern, events: list[Event], delay: int | None, cuts: list[int], restarts: bool
) -> None:
    check(pattern, events, delay, cuts, restarts)
