"""The watermark kernel against its twin: any rows, in any cuts, with any producers."""

from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.watermark_calls import advance
from tools.watermark_twin import (
    EVENT,
    MINUS_INFINITY,
    NOTHING,
    PLUS_INFINITY,
    PROMISE,
    PROMISE_FOR_ALL,
    Row,
    Twin,
)

from streamstat.kernels import Watermark


def assert_same_state(watermark: Watermark, twin: Twin) -> None:
    assert watermark.watermark == twin.watermark
    assert watermark.max_lateness == twin.max_lateness
    assert watermark.held == twin.held
    assert watermark.newest == max(twin.newest.values(), default=MINUS_INFINITY)
    codes, newest, watermarks = (column.tolist() for column in watermark.producers())
    assert dict(zip(codes, newest, strict=True)) == twin.newest
    assert dict(zip(codes, watermarks, strict=True)) == twin.watermarks
    assert codes == list(twin.newest)


times = st.one_of(
    st.integers(0, 40),
    st.integers(0, 400),
    st.integers(MINUS_INFINITY, PLUS_INFINITY),
    st.sampled_from([MINUS_INFINITY, MINUS_INFINITY + 1, PLUS_INFINITY - 1, PLUS_INFINITY]),
)
small_times = st.integers(0, 300)
roles = st.sampled_from([EVENT] * 8 + [NOTHING, PROMISE, PROMISE_FOR_ALL])
producers = st.sampled_from([0, 1, 2, 3, 4, 5, 1023, 1024, 2**31 - 1])
delays = st.one_of(st.none(), st.integers(0, 50), st.just(PLUS_INFINITY))
idles = st.one_of(st.none(), st.integers(0, 80), st.just(PLUS_INFINITY))


def steps(times: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple[str, list[Row]]]]:
    rows = st.lists(st.tuples(times, producers, roles), max_size=25)
    calls = st.tuples(st.sampled_from(["rows"] * 6 + ["single"] * 3), rows)
    nothing: list[Row] = []
    others = st.tuples(
        st.sampled_from(["forget_promises", "hold", "release", "finish", "resume"]), st.just(nothing)
    )
    return st.lists(st.one_of(calls, calls, calls, others), max_size=12)


@settings(max_examples=400, deadline=None)
@given(delays, idles, st.one_of(steps(small_times), steps(times)))
def test_watermark_follows_the_rules(
    delay: int | None, idle: int | None, script: list[tuple[str, list[Row]]]
) -> None:
    watermark, twin = Watermark(delay, idle), Twin(delay, idle)
    for step, rows in script:
        if step in ("rows", "single"):
            told = [(time, 0 if step == "single" else producer, role) for time, producer, role in rows]
            assert advance(watermark, told, step == "single") == [twin.take(*row) for row in told]
        elif step == "resume":
            resumed = Watermark(delay, idle)
            resumed.restore(watermark.snapshot())
            watermark = resumed
        elif step in ("hold", "release"):
            watermark.held = step == "hold"
            twin.hold(step == "hold")
        else:
            getattr(watermark, step)()
            getattr(twin, step)()
        assert_same_state(watermark, twin)


@settings(max_examples=100, deadline=None)
@given(delays, idles, st.lists(st.tuples(small_times, producers, roles), max_size=60), st.data())
def test_cuts_into_calls_change_nothing(
    delay: int | None, idle: int | None, rows: list[Row], data: st.DataObject
) -> None:
    whole, cut = Watermark(delay, idle), Watermark(delay, idle)
    edges = [0, *sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=6))), len(rows)]
    pieces = [advance(cut, rows[lo:hi]) for lo, hi in pairwise(edges)]
    assert list(chain.from_iterable(pieces)) == advance(whole, rows)
    assert cut.snapshot() == whole.snapshot()


@pytest.mark.parametrize("idle", [None, 30, 400])
def test_hundreds_of_producers_follow_the_rules(idle: int | None) -> None:
    random = np.random.default_rng(5)
    n = 4000
    rows = list(
        zip(
            (np.arange(n) - random.integers(0, 200, n)).tolist(),
            (random.zipf(1.3, n) % 300).tolist(),
            random.choice([EVENT, EVENT, EVENT, PROMISE, NOTHING], n).tolist(),
            strict=True,
        )
    )
    watermark, twin = Watermark(20, idle), Twin(20, idle)
    assert advance(watermark, rows) == [twin.take(*row) for row in rows]
    assert_same_state(watermark, twin)


@settings(max_examples=200, deadline=None)
@given(
    delays,
    idles,
    st.lists(
        st.tuples(
            st.lists(st.tuples(small_times, st.integers(0, 5), roles), max_size=12),
            st.permutations([0, 1, 2, 3, 4, 5]),
            st.sets(st.integers(0, 5)),
        ),
        max_size=6,
    ),
)
def test_producers_that_are_renumbered_or_forgotten(
    delay: int | None, idle: int | None, script: list[tuple[list[Row], list[int], set[int]]]
) -> None:
    watermark, twin = Watermark(delay, idle), Twin(delay, idle)
    for rows, order, forgotten in script:
        assert advance(watermark, rows) == [twin.take(*row) for row in rows]
        codes = [-1 if old in forgotten else new for old, new in enumerate(order)]
        watermark.renumber(np.array(codes, np.int32))
        twin.renumber(codes)
        assert_same_state(watermark, twin)
