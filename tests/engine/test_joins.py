"""Joins against the twin that holds every event against every other: any terms, sides, turns, and restarts."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import event as seen
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.joins import Event, Terms, joined
from tools.engine_run import Seen
from tools.joins import SIDES, expected_rows, line_of, plan_of, sides, terms
from tools.patterns import in_time

from streamstat.common.units import format_time
from streamstat.engine.engine import Engine
from streamstat.engine.sizes import SIZES, Sizes
from streamstat.engine.strategy import Publication
from streamstat.event_time.fields import LOWEST
from streamstat.input.events import decode_bytes
from streamstat.input.formats.ndjson import Ndjson
from streamstat.plan.job import Job
from streamstat.plan.meaning import job_of

thorough = settings(max_examples=500, deadline=None, print_blob=True)
delays = st.sampled_from((None, 0, 0, 1, 3, 6))
places = st.lists(st.integers(1, 10), max_size=6)
SMALL = Sizes(worked_at_once=2)  # so that few events take every path
Block = tuple[int, bytes]  # of which side, and its lines


def restarted(engine: Engine, job: Job) -> Engine:
    """A new engine that has the state of this one, and gives it again."""
    parts = engine.snapshot()
    fresh = Engine(job, sizes=SMALL)
    fresh.restore(parts)
    assert parts == fresh.snapshot()
    return fresh


class Ran:
    """An engine over blocks of its streams: rows as lines of CSV, and each promise with the rows there were before."""

    def __init__(self, job: Job, blocks: Sequence[Block], restarts: bool) -> None:
        self.seen, self.promises = Seen("UTC"), [(LOWEST - 1, 0)]
        engine = Engine(job, sizes=SMALL if restarts else SIZES)
        streams = len(job.each_stream)
        for stream in range(streams):
            engine.begin_input(stream, False, stream)
        last = {stream: place for place, (stream, _) in enumerate(blocks)}
        for stream in set(range(streams)) - set(last):
            self.end(engine, stream)
        for place, (stream, lines) in enumerate(blocks):
            events = decode_bytes(job.each_stream[stream].decoder(Ndjson()), lines)
            self.take(engine.push(events, stream=stream))
            if last[stream] == place:
                self.end(engine, stream)
            engine = restarted(engine, job) if restarts else engine
            self.promises.append((engine.reports[0].promise, len(self.rows)))
        self.take(engine.finish())
        self.ledger = engine.ledger

    def end(self, engine: Engine, stream: int) -> None:
        self.take(engine.end_input(stream, stream))
        self.take(engine.end_stream(stream))

    def take(self, outcomes: object) -> None:
        for each in outcomes:  # type: ignore[attr-defined]
            if isinstance(each, Publication):
                self.seen.published(each)

    @property
    def rows(self) -> list[str]:
        return "".join(self.seen.report).splitlines()


def check_promises(one: Ran) -> None:
    """They grow but for the end, and no later row begins before one."""
    told = [promise for promise, _ in one.promises if promise > LOWEST]
    assert told == sorted(told)
    for promise, rows in one.promises:
        for row in one.rows[rows:] if promise > LOWEST else ():
            assert row.partition(",")[0] >= format_time(promise)


def blocks_of(events: Sequence[Event], cuts: Sequence[int], stream: int) -> list[Block]:
    lines = [line_of(each) for each in events]
    edges = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    return [(stream, b"".join(lines[lo:hi])) for lo, hi in pairwise(edges)]


def mixed(one: list[Block], other: list[Block], turns: Sequence[bool]) -> list[Block]:
    """Blocks of two streams in turns: whose turn it is, as long as it has any."""
    found, sides = [], ([*one], [*other])
    for turn in [*turns, *([False, True] * (len(one) + len(other)))]:
        mine = sides[turn] or sides[not turn]
        found += [mine.pop(0)] if mine else []
    return found


def check(term: Terms, left: list[Event], right: list[Event], delay: int | None, ran: Ran) -> None:
    lost = [in_time(each, delay) for each in (left, right)]  # type: ignore[arg-type]
    (kept_left, late_left), (kept_right, late_right) = lost
    found = joined(term, kept_left, kept_right)  # type: ignore[arg-type]
    assert ran.rows == expected_rows(found), term
    assert ran.ledger.late == late_left + late_right
    assert ran.ledger.lines == len(left) + len(right)
    check_promises(ran)
    seen(f"rows: {min(len(found), 3)}, {'as of' if term.within is None else term.kind}")


@thorough
@given(
    terms(),
    sides(),
    sides(),
    delays,
    places,
    st.lists(st.booleans(), max_size=8),
    st.booleans(),
)
def test_rows_are_those_of_the_twin(
    term: Terms,
    left: list[Event],
    right: list[Event],
    delay: int | None,
    cuts: list[int],
    turns: list[bool],
    restarts: bool,
) -> None:
    job = replace(job_of(plan_of(term, delay)), promises=True)
    blocks = mixed(blocks_of(left, cuts, 0), blocks_of(right, cuts, 1), turns)
    check(term, left, right, delay, Ran(job, blocks, restarts))


@thorough
@given(
    terms(itself=True),
    sides(),
    st.lists(st.sampled_from(("a", "b", "ab", "")), min_size=10, max_size=10),
    delays,
    places,
    st.booleans(),
)
def test_one_input_for_both_sides(
    term: Terms, events: list[Event], on: list[str], delay: int | None, cuts: list[int], restarts: bool
) -> None:
    job = replace(job_of(plan_of(term, delay)), promises=True)
    lines = [line_of(each, side) for each, side in zip(events, on, strict=False)]
    edges = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    ran = Ran(job, [(0, b"".join(lines[lo:hi])) for lo, hi in pairwise(edges)], restarts)
    kept, _ = in_time(events, delay)  # type: ignore[arg-type]
    on_side = [[each for each in kept if name in on[each.number]] for name in SIDES]  # type: ignore[attr-defined]
    assert ran.rows == expected_rows(joined(term, *on_side)), term  # type: ignore[arg-type]
    assert ran.ledger.filtered == sum(not side for side, _ in zip(on, events, strict=False))
    check_promises(ran)
