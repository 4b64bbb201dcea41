"""Patterns through the whole runner against the twin: inputs, deliveries, threads, groups, and what is left out."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle.pattern_texts import text_of
from oracle.patterns import Event, Match, Pattern, matches
from tools.engine_run import Outcome, Seen, run_job
from tools.patterns import patterns, plan_of, streams
from tools.strategies import cut, cuts, threads

from streamstat.common.units import format_time
from streamstat.engine.engine import Engine
from streamstat.engine.sizes import Sizes
from streamstat.input.sources.inputs import pieces_input
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners import local

thorough = settings(max_examples=500, deadline=None, print_blob=True)
GROUPS = {"none": (), "one": ("g",), "two": ("g", "side")}


@pytest.fixture(autouse=True, scope="module")
def few_events_are_many() -> Iterator[None]:
    """What waits is worked on in parts, which few events are not worth in use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "Engine", partial(Engine, sizes=Sizes(worked_at_once=2, many_updated=1)))
        yield


@dataclass(frozen=True)
class Run:
    """What is asked for beside a pattern. by: which groups; delay None: inf."""

    by: str
    delay: int | None
    where: bool
    unique: bool

    def left_out(self, event: Event) -> bool:
        return self.where and event.value == 1


runs = st.builds(
    Run, st.sampled_from(list(GROUPS)), st.none() | st.integers(0, 6), st.booleans(), st.booleans()
)


def delivery_of(event: Event) -> int:
    """What tells an event from others; every third is one that came before, with another content."""
    return event.id - (event.id % 3 == 2)


def fields_of(event: Event) -> dict[str, object]:
    side = "left" if event.id % 2 else "right"
    told = {"ts": event.time, "id": event.id, "g": event.group, "k": event.letters, "v": event.value}
    return {**told, "side": side, "delivery": delivery_of(event)}


def lines_of(events: Sequence[Event]) -> bytes:
    return b"".join(json.dumps(fields_of(each)).encode() + b"\n" for each in events)


def counted(inputs: Sequence[Sequence[Event]], run: Run) -> tuple[list[Event], dict[str, int]]:
    """The events that are counted, and how many of the others went where.

    The watermark waits for the last input, and is that of the last input alone.
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


def in_groups(events: Sequence[Event], by: str) -> list[Event]:
    """Each event with the group that it is of, as a text whose order is that of rows; null comes last."""
    names = GROUPS[by]
    texts = [[fields_of(each)[name] or "~" for name in names] for each in events]
    return [replace(each, group=" ".join(map(str, text))) for each, text in zip(events, texts, strict=True)]


def rows_of(pattern: Pattern, found: Sequence[Match], by: str) -> list[str]:
    lines = []
    for match in found:
        edges = [format_time(each * 1_000_000) for each in (match.start, match.end)]
        groups = ["" if text == "~" else text for text in (match.group or "").split()]
        ids = [",".join(map(str, sorted(match.ids[name]))) for name in pattern.taken]
        cells = [f'"[{text}]"' if "," in text else f"[{text}]" for text in ids]
        lines.append(",".join([*edges, *groups, *cells]))
    return lines


def check(pattern: Pattern, inputs: Sequence[Sequence[Event]], run: Run, outcome: Outcome) -> None:
    kept, lost = counted(inputs, run)
    newest = max((each.time for events in inputs for each in events), default=None)
    found, undecided = matches(pattern, in_groups(kept, run.by), newest)
    assert outcome.report.splitlines() == rows_of(pattern, found, run.by), text_of(pattern)
    assert outcome.changelog == outcome.report
    assert {name: outcome.ledger[name] for name in lost} == lost
    assert (outcome.ledger["counted"], outcome.ledger.get("undecided", 0)) == (len(kept), undecided)
    assert len(outcome.late) == lost["late"]
    event(f"rows: {min(len(found), 3)}, late: {min(lost['late'], 1)}, inputs: {len(inputs)}")


def plan_for(pattern: Pattern, run: Run) -> Plan:
    plan = plan_of(pattern, run.delay)
    where = "v is None or v != 1" if run.where else None
    return replace(plan, by=list(GROUPS[run.by]), where=where, unique=["delivery"] if run.unique else [])


def numbered(inputs: Sequence[Sequence[Event]]) -> list[list[Event]]:
    """The same events, each with its place among all of them."""
    numbers = iter(range(sum(map(len, inputs))))
    return [[replace(each, id=next(numbers)) for each in events] for events in inputs]


several = st.lists(streams(most=8), min_size=1, max_size=3).map(numbered)


@thorough
@given(patterns(), several, runs, threads(), st.sampled_from([1, 40, 100, 1000, 1 << 22]))
def test_threads_blocks_and_inputs(
    pattern: Pattern, inputs: list[list[Event]], run: Run, workers: int, block_bytes: int
) -> None:
    data = [lines_of(each) for each in inputs]
    plan = plan_for(pattern, run)
    check(pattern, inputs, run, run_job(data, job_of(plan), Seen("UTC"), workers, block_bytes))


@thorough
@given(st.data(), patterns(), several, runs)
def test_deliveries(data: st.DataObject, pattern: Pattern, inputs: list[list[Event]], run: Run) -> None:
    lines = [lines_of(each) for each in inputs]
    pieces = [cut(each, data.draw(cuts(len(each)))) for each in lines]
    delivered = [pieces_input(piece, f"in{i}") for i, piece in enumerate(pieces)]
    job = job_of(plan_for(pattern, run))
    check(pattern, inputs, run, run_job(delivered, job, Seen("UTC"), 1, 64))
