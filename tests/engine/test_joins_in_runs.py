"""Joins through the whole runner against the twin: inputs of both sides, read in turns; deliveries, threads, blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import event as seen
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.joins import Event, Terms, joined
from tools.engine_run import Outcome, Seen, run_job
from tools.joins import expected_rows, line_of, plan_of, sides, terms
from tools.strategies import cut, cuts, threads

from streamstat.engine import kept as kept_events
from streamstat.engine.engine import Engine
from streamstat.engine.joins import joining
from streamstat.engine.sizes import Sizes
from streamstat.input.sources import Input
from streamstat.input.sources.inputs import bytes_input, pieces_input
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners import local

thorough = settings(max_examples=250, deadline=None, print_blob=True)


@pytest.fixture(autouse=True, scope="module")
def few_events_are_many() -> Iterator[None]:
    """What waits is worked on, told and forgotten in parts, which few events are not worth in use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "ROWS_AT_ONCE", 2)
        patch.setattr(kept_events, "FEW_EVENTS", 1)
        patch.setattr(kept_events, "FEW_IN_PART", 3)
        patch.setattr(local, "Engine", partial(Engine, sizes=Sizes(worked_at_once=2, many_updated=1)))
        yield


@dataclass(frozen=True)
class Run:
    """What is asked for beside the terms. delay None: inf."""

    delay: int | None
    where: bool
    unique: bool

    def left_out(self, event: Event) -> bool:
        return self.where and event.number % 4 == 1


runs = st.builds(Run, st.none() | st.integers(0, 6), st.booleans(), st.booleans())
Sides = tuple[list[list[Event]], list[list[Event]]]  # of each side its inputs


def delivery_of(event: Event) -> int:
    """What tells an event of a side from others; every third is one that came before, with another content."""
    return event.number - (event.number % 3 == 2)


def counted(inputs: Sequence[Sequence[Event]], run: Run) -> tuple[list[Event], dict[str, int]]:
    """The events of a side that are counted, and how many of the others went where.

    The watermark of a side waits for its last input, and is that of the last input alone.
    """
    kept: list[Event] = []
    lost = {"filtered": 0, "duplicate": 0, "late": 0}
    watermark = -(1 << 60)
    for number, events in enumerate(inputs):
        for each in events:
            known = [other for other in kept if other.time >= watermark]
            if run.left_out(each):
                lost["filtered"] += 1
            elif run.unique and any(delivery_of(each) == delivery_of(other) for other in known):
                lost["duplicate"] += 1
            elif each.time < watermark:
                lost["late"] += 1
            else:
                kept.append(each)
            if number == len(inputs) - 1 and run.delay is not None:
                watermark = max(watermark, each.time - run.delay)
    return kept, lost


def numbered(inputs: Sequence[Sequence[Event]]) -> list[list[Event]]:
    """The same events, each with its place among all of its side."""
    numbers = iter(range(sum(map(len, inputs))))
    return [[replace(each, number=next(numbers)) for each in events] for events in inputs]


def plan_for(term: Terms, run: Run) -> Plan:
    where = "n % 4 != 1" if run.where else None
    return replace(plan_of(term, run.delay), where=where, unique=["u"] if run.unique else [])


def lines_of(events: Sequence[Event]) -> bytes:
    return b"".join(line_of(each)[:-2] + b',"u":%d}\n' % delivery_of(each) for each in events)


def check(term: Terms, both: Sides, run: Run, outcome: Outcome) -> None:
    (left, lost_left), (right, lost_right) = (counted(each, run) for each in both)
    found = joined(term, left, right)
    assert outcome.report.splitlines() == expected_rows(found), term
    assert outcome.changelog == outcome.report
    lost = {name: lost_left[name] + lost_right[name] for name in lost_left}
    assert {name: outcome.ledger[name] for name in lost} == lost
    assert outcome.ledger["counted"] == len(left) + len(right)
    assert len(outcome.late) == lost["late"]
    seen(f"rows: {min(len(found), 3)}, late: {min(lost['late'], 1)}")


several = st.lists(sides(most=7), min_size=1, max_size=2).map(numbered)
both_sides = st.tuples(several, several)


def inputs_of(both: Sides, of: "dict[int, list[Input]]") -> list[Input]:
    """The inputs of both sides, those of the right one first: their order on the command line says nothing."""
    return [replace(each, stream=side) for side in (1, 0) for each in of[side]]


@thorough
@given(terms(), both_sides, runs, threads(), st.sampled_from([1, 40, 100, 1000, 1 << 22]))
def test_threads_blocks_and_inputs(
    term: Terms, both: Sides, run: Run, workers: int, block_bytes: int
) -> None:
    of = {
        side: [bytes_input(lines_of(each), f"in{side}{i}") for i, each in enumerate(both[side])]
        for side in (0, 1)
    }
    job = job_of(plan_for(term, run))
    check(term, both, run, run_job(inputs_of(both, of), job, Seen("UTC"), workers, block_bytes))


@thorough
@given(st.data(), terms(), both_sides, runs)
def test_deliveries(data: st.DataObject, term: Terms, both: Sides, run: Run) -> None:
    of: dict[int, list[Input]] = {0: [], 1: []}
    for side, name in ((0, "left"), (1, "right")):
        for each in map(lines_of, both[side]):
            of[side].append(pieces_input(cut(each, data.draw(cuts(len(each)))), name))
    job = job_of(plan_for(term, run))
    check(term, both, run, run_job(inputs_of(both, of), job, Seen("UTC"), 1, 64))
