"""The session kernel against its twin: any stream, in any order, in any cuts, going on from any snapshot."""

from collections import Counter
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.session_calls import admit, admit_times, live, slots_of
from tools.session_twin import MINUS_INFINITY, PLUS_INFINITY, Admitted, Row, Twin

from streamstat.kernels import Sessions

Events = dict[int, Counter[int]]  # by slot: the rows that a state has seen


def absorb(states: Events, done: Admitted, begin: int) -> None:
    """What a caller does with its states."""
    for into, source in zip(done.into, done.source, strict=True):
        states[into] = states.get(into, Counter()) + states.get(source, Counter())
    for source in done.source:
        states[source] = Counter()
    for row, slot in enumerate(done.slots, begin):
        if slot >= 0:
            states.setdefault(slot, Counter())[row] += 1


def run(sessions: Sessions, rows: list[Row], cuts: list[int]) -> tuple[Events, list[int]]:
    """All rows, in calls that end at the cuts: which rows share a state, and which are late."""
    states: Events = {}
    late = []
    for lo, hi in pairwise([0, *cuts, len(rows)]):
        done = admit(sessions, rows[:hi], lo)
        assert done.end == hi
        absorb(states, done, lo)
        late += done.late
    return states, late


@st.composite
def streams(draw: st.DrawFn) -> list[Row]:
    """Rows of a few keys in some disorder, with a watermark that follows them."""
    n = draw(st.integers(0, 70))
    span, delay = draw(st.sampled_from([20, 60, 300])), draw(st.sampled_from([0, 3, 20, 80, 1000]))
    keys = st.sampled_from(draw(st.sampled_from([[0], [0, 1], [0, 7, -1, 2**31 - 1]])))
    rows, watermark = [], MINUS_INFINITY
    for i in range(n):
        time = draw(st.integers(0, span)) + i * draw(st.sampled_from([0, 1, 1]))
        rows.append((draw(keys), time, watermark, draw(st.sampled_from([True] * 8 + [False]))))
        watermark = max(watermark, time - delay)
    return rows


ends = [MINUS_INFINITY, MINUS_INFINITY + 1, -1, 0, 1, 2**62, PLUS_INFINITY - 1, PLUS_INFINITY]
any_times = st.one_of(st.integers(-30, 30), st.sampled_from(ends), st.integers(MINUS_INFINITY, PLUS_INFINITY))
wild_rows = st.lists(
    st.tuples(st.sampled_from([0, 0, 0, -5]), any_times, any_times, st.just(True)), max_size=30
)
small = st.integers(0, 12)
limits = st.one_of(small, small, small, st.sampled_from([0, 2**62, PLUS_INFINITY - 1, PLUS_INFINITY]))


@settings(max_examples=600, deadline=None)
@given(st.data(), limits, limits, st.booleans(), st.booleans(), st.booleans())
def test_sessions_are_those_of_the_twin(
    data: st.DataObject, gap: int, lateness: int, stop: bool, promises: bool, each: bool
) -> None:
    how = (gap, lateness, stop, promises, each)
    sessions, twin = Sessions(*how), Twin(*how)
    for _ in range(data.draw(st.integers(1, 4))):
        rows = data.draw(st.one_of(streams(), streams(), wild_rows))
        begin = 0
        while True:
            hi = data.draw(st.integers(begin, len(rows))) if data.draw(st.booleans()) else len(rows)
            done = admit(sessions, rows[:hi], begin)
            assert done == twin.admit(rows[:hi], begin)
            begin = done.end
            assert live(sessions) == twin.live()
            if begin == len(rows):
                break
            if done.end < hi:
                assert sessions.due(rows[begin][2])
                assert sessions.fire(rows[begin][2]).tolist() == twin.fire(rows[begin][2])
        watermark = data.draw(st.one_of(st.just(twin.watermark), any_times, st.integers(0, 400)))
        if data.draw(st.booleans()):
            assert sessions.due(watermark) == twin.due(watermark)
            assert sessions.fire(watermark).tolist() == twin.fire(watermark)
        if (promises or each) and data.draw(st.booleans()):
            assert sessions.least_start(watermark) == twin.least_start(watermark)
        closed = twin.closed(watermark)
        assert sessions.closed(watermark).tolist() == closed
        gone = data.draw(st.sampled_from([closed, closed[1:], list(twin.sessions)[::2], []]))
        sessions.drop(slots_of(*gone))
        twin.drop(gone)
        if data.draw(st.booleans()):
            resumed = Sessions(*how)
            resumed.restore(sessions.snapshot())
            assert resumed.snapshot() == sessions.snapshot()
            sessions = resumed
        assert live(sessions) == twin.live()
        assert (len(sessions), sessions.capacity) == (len(twin.sessions), twin.capacity)


@settings(max_examples=300, deadline=None)
@given(st.data(), streams(), small, small, st.booleans())
def test_cuts_into_calls_change_nothing(
    data: st.DataObject, rows: list[Row], gap: int, lateness: int, promises: bool
) -> None:
    whole, cut = Sessions(gap, lateness, False, promises), Sessions(gap, lateness, False, promises)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=6)))
    states, late = run(whole, rows, [])
    cut_states, cut_late = run(cut, rows, cuts)
    assert cut_late == late
    assert sorted(each[1:] for each in live(cut)) == sorted(each[1:] for each in live(whole))
    members = sorted(sorted(rows) for rows in states.values() if rows)
    assert sorted(sorted(rows) for rows in cut_states.values() if rows) == members


@settings(max_examples=300, deadline=None)
@given(st.data(), streams(), small)
def test_states_hold_the_rows_of_their_sessions(data: st.DataObject, rows: list[Row], gap: int) -> None:
    sessions = Sessions(gap, PLUS_INFINITY, False)
    states, late = run(sessions, rows, sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=6))))
    assert not any(late)
    spans = {
        slot: (rows[min(seen)][0], min(rows[i][1] for i in seen), max(rows[i][1] for i in seen))
        for slot, seen in states.items()
        if seen
    }
    assert spans == {slot: (key, first, last) for slot, key, first, last in live(sessions)}
    taken = [i for seen in states.values() for i in seen.elements()]
    assert sorted(taken) == [i for i, row in enumerate(rows) if row[3]]


def islands(
    keys: npt.NDArray[np.int32], times: npt.NDArray[np.int64], gap: int
) -> list[tuple[int, int, int]]:
    """Sessions when all events are known: sort, and cut where the gap is exceeded."""
    found: list[tuple[int, int, int]] = []
    for key, time in sorted(zip(keys.tolist(), times.tolist(), strict=True)):
        if found and found[-1][0] == key and time - found[-1][2] <= gap:
            found[-1] = (key, found[-1][1], time)
        else:
            found.append((key, time, time))
    return found


@settings(max_examples=300, deadline=None)
@given(streams(), small, small)
def test_no_session_begins_before_what_is_promised(rows: list[Row], gap: int, lateness: int) -> None:
    sessions, promised = Sessions(gap, lateness, False, True), MINUS_INFINITY
    for row in rows:
        admit(sessions, [row])
        watermark = max(row[2], promised)
        promise = min(watermark, sessions.least_start(watermark))
        opened = [first for _, _, first, last in live(sessions) if last + gap + lateness >= watermark]
        assert promise >= promised
        assert min(opened, default=promise) >= promise
        promised = promise


@pytest.mark.parametrize(("keys", "span", "gap"), [(1, 400_000, 5), (3, 300_000, 9), (3000, 9_000, 300)])
@pytest.mark.parametrize("order", ["random", "ascending", "descending", "nearly"])
def test_many_sessions_in_any_order_are_gaps_and_islands(keys: int, span: int, gap: int, order: str) -> None:
    random = np.random.default_rng(11)
    n = 30_000
    times = random.integers(0, span, n)
    if order != "random":
        times.sort()
    if order == "descending":
        times = times[::-1].copy()
    if order == "nearly":
        times = np.maximum(times - random.integers(0, 100, n), 0)
    codes = random.integers(-(2**31), 2**31, keys).astype(np.int32)[random.integers(0, keys, n)]
    before, take = np.full(n, MINUS_INFINITY), np.ones(n, np.uint8)
    expected = islands(codes, times, gap)
    sessions = Sessions(gap, 0, True)
    admit(sessions, [(-(2**31), 0, MINUS_INFINITY, True)])
    for kept in (1, 0):  # one session stays in the first round, so that others go one by one
        for lo, hi in pairwise(range(0, n + 1, n // 5)):
            end, *_ = sessions.admit(codes[:hi], times[:hi], before[:hi], take[:hi], lo)
            assert end == hi
        assert sorted(each[1:] for each in live(sessions)) == [(-(2**31), 0, 0), *expected]
        slots = sessions.live()
        sessions.fire(PLUS_INFINITY)
        assert slots.tolist() == sessions.closed(PLUS_INFINITY).tolist()
        half = np.append(0, random.permutation(slots[1:])[: len(slots) // 2]).astype(np.int32)[kept:]
        sessions.drop(half)
        assert sessions.live().tolist() == np.setdiff1d(slots, half).tolist()
        sessions.admit(codes, times, before, take, 0)
        assert sorted(each[1:] for each in live(sessions))[-len(expected) :] == expected
        sessions.drop(sessions.live()[kept:])
        assert len(sessions) == kept
    assert admit_times(sessions, [5]).slots == [0]


@pytest.mark.parametrize("promises", [False, True])
def test_a_key_with_hundreds_of_sessions_follows_the_twin(promises: bool) -> None:
    random = np.random.default_rng(2)
    sessions, twin = Sessions(3, 4000, True, promises), Twin(3, 4000, True, promises)
    watermark = 0
    for step in range(12):
        rows = []
        for time in (random.integers(0, 6000, 250) + step * 500).tolist():
            rows.append((int(random.integers(0, 2)), time, watermark, True))
            watermark = max(watermark, time - 5000)
        begin = 0
        while begin < len(rows):
            done = admit(sessions, rows, begin)
            assert done == twin.admit(rows, begin)
            if done.end < len(rows):
                assert sessions.fire(rows[done.end][2]).tolist() == twin.fire(rows[done.end][2])
            begin = done.end
        assert live(sessions) == twin.live()
        gone = sorted({*twin.closed(watermark), *random.choice(list(twin.sessions), 40).tolist()})
        sessions.drop(slots_of(*gone))
        twin.drop(gone)
    assert len(sessions) > 600
