"""Promises of joins: each is true, and joins in a pipe give the rows that they would give over the whole."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import event as seen
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Options
from oracle.joins import Event, Terms
from tools.engine_run import Outcome, Seen, run_engine, run_job
from tools.joins import line_of, plan_of, sides, terms
from tools.promised_run import Told
from tools.strategies import cut, cuts, threads

from streamstat.input.sources import Input
from streamstat.input.sources.inputs import bytes_input, pieces_input
from streamstat.plan.join_options import JoinOptions
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan

thorough = settings(max_examples=150, deadline=None, print_blob=True)
NEXT = ["tumbling:7s", "hopping:20s/5s", "session:4s", "sliding:9s", "all"]
Sides = tuple[list[Event], list[Event]]
both_sides = st.tuples(sides(most=14), sides(most=14))
delays = st.integers(0, 6)


def told_by(term: Terms, both: Sides, delay: int) -> Told:
    """What a join says that promises."""
    told = Told("UTC")
    inputs = [replace(bytes_input(b"".join(map(line_of, each))), stream=i) for i, each in enumerate(both)]
    run_job(inputs, replace(job_of(plan_of(term, delay)), promises=True), told, 1, 100)
    return told


def joined_again(inputs: Sequence[bytes | Input], term: Terms, watcher: Seen, block_bytes: int) -> Outcome:
    """A join whose sides are rows of joins."""
    plan = plan_of(term, None)
    own = plan.own
    assert isinstance(own, JoinOptions)
    own = replace(own, select=[f"{name}_n={name}.{name}_n" for name in ("a", "b")], deleted=None)
    plan = Plan(time=("time",), delay="inf", punctuation="watermark", own=own)
    given = [
        replace(each if isinstance(each, Input) else bytes_input(each, f"in{i}"), stream=i)
        for i, each in enumerate(inputs)
    ]
    return run_job(given, replace(job_of(plan), promises=True), watcher, 1, block_bytes)


@thorough
@given(st.data(), terms(), both_sides, delays, threads(), st.sampled_from([1, 40, 1000, 1 << 22]))
def test_promises_are_true_and_grow_and_the_last_is_the_same_however_input_comes(
    data: st.DataObject, term: Terms, both: Sides, delay: int, workers: int, block_bytes: int
) -> None:
    told, inputs = Told("UTC"), []
    for i, each in enumerate(b"".join(map(line_of, each)) for each in both):
        inputs.append(replace(pieces_input(cut(each, data.draw(cuts(len(each)))), f"in{i}"), stream=i))
    run_job(inputs, replace(job_of(plan_of(term, delay)), promises=True), told, workers, block_bytes)
    assert list(told.broken()) == []
    assert told.promises == sorted(set(told.promises))
    assert told.promises[-1:] == told_by(term, both, delay).promises[-1:]


@thorough
@pytest.mark.parametrize("window", NEXT)
@given(terms(), both_sides, delays, st.sampled_from([1, 1 << 22]))
def test_windows_of_rows_are_those_of_the_whole(
    window: str, term: Terms, both: Sides, delay: int, block_bytes: int
) -> None:
    told = told_by(term, both, delay)
    options = Options(window=window, punctuation="watermark", delay="inf", promises=True)
    piped = run_engine([told.ndjson(promises=True)], options, block_bytes=block_bytes)
    whole = run_engine([told.ndjson(promises=False)], options)
    assert piped.changelog == whole.changelog
    assert piped.ledger["late"] == piped.ledger["late_assignments"] == 0
    assert piped.ledger["punctuation"] == len(told.promises)
    seen(f"promises: {min(len(told.promises), 3)}")


@thorough
@given(terms(), terms(), both_sides, both_sides, delays, st.sampled_from([1, 1 << 22]))
def test_joins_of_joins_are_those_of_the_whole(
    term: Terms, next_term: Terms, one: Sides, other: Sides, delay: int, block_bytes: int
) -> None:
    """Three stages: two joins, one of their rows, and windows of its rows."""
    told = [told_by(term, one, delay), told_by(replace(term, kind="inner"), other, delay)]
    second = Told("UTC")
    piped = joined_again([each.ndjson(promises=True) for each in told], next_term, second, block_bytes)
    whole = joined_again([each.ndjson(promises=False) for each in told], next_term, Seen("UTC"), 1 << 22)
    assert piped.changelog == whole.changelog
    assert piped.ledger["late"] == 0
    assert list(second.broken()) == []
    options = Options(window="session:3s", punctuation="watermark", delay="inf")
    third = run_engine([second.ndjson(promises=True)], options)
    assert third.changelog == run_engine([second.ndjson(promises=False)], options).changelog
    assert third.ledger["late"] == 0
    seen(f"rows: {min(piped.changelog.count(chr(10)), 3)}, promises: {bool(second.promises)}")
