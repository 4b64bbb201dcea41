"""The session kernel against its twin, and against what a person can work out by hand."""

import doctest
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from session_twin import MINUS_INFINITY, PLUS_INFINITY, Admitted, Row, Twin

from streamstat.kernels import Sessions

Events = dict[int, Counter[int]]  # by slot: the rows that a state has seen


def admit(sessions: Sessions, rows: list[Row], begin: int = 0) -> Admitted:
    keys = np.array([row[0] for row in rows], np.int32)
    times = np.array([row[1] for row in rows], np.int64)
    before = np.array([row[2] for row in rows], np.int64)
    take = np.array([row[3] for row in rows], np.uint8)
    end, slots, late, into, source = sessions.admit(keys, times, before, take, begin)
    return Admitted(end, slots.tolist(), late.tolist(), into.tolist(), source.tolist())


def admit_times(sessions: Sessions, times: list[int], watermark: int = MINUS_INFINITY) -> Admitted:
    return admit(sessions, [(0, time, watermark, True) for time in times])


def live(sessions: Sessions) -> list[tuple[int, int, int, int]]:
    slots = sessions.live()
    return list(zip(slots.tolist(), *(column.tolist() for column in sessions.at(slots)), strict=True))


def slots_of(*slots: int) -> npt.NDArray[np.int32]:
    return np.array(slots, np.int32)


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
@given(st.data(), limits, limits, st.booleans())
def test_sessions_are_those_of_the_twin(data: st.DataObject, gap: int, lateness: int, stop: bool) -> None:
    sessions, twin = Sessions(gap, lateness, stop), Twin(gap, lateness, stop)
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
        closed = twin.closed(watermark)
        assert sessions.closed(watermark).tolist() == closed
        gone = data.draw(st.sampled_from([closed, closed[1:], list(twin.sessions)[::2], []]))
        sessions.drop(slots_of(*gone))
        twin.drop(gone)
        if data.draw(st.booleans()):
            resumed = Sessions(gap, lateness, stop)
            resumed.restore(sessions.snapshot())
            assert resumed.snapshot() == sessions.snapshot()
            sessions = resumed
        assert live(sessions) == twin.live()
        assert (len(sessions), sessions.capacity) == (len(twin.sessions), twin.capacity)


@settings(max_examples=300, deadline=None)
@given(st.data(), streams(), small, small)
def test_cuts_into_calls_change_nothing(
    data: st.DataObject, rows: list[Row], gap: int, lateness: int
) -> None:
    whole, cut = Sessions(gap, lateness, False), Sessions(gap, lateness, False)
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


def test_a_key_with_hundreds_of_sessions_follows_the_twin() -> None:
    random = np.random.default_rng(2)
    sessions, twin = Sessions(3, 4000, True), Twin(3, 4000, True)
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


def test_a_gap_of_exactly_the_gap_joins() -> None:
    sessions = Sessions(10, 0, False)
    assert admit_times(sessions, [0, 10, 21, -10, -21]).slots == [0, 0, 1, 0, 2]
    assert live(sessions) == [(0, 0, -10, 10), (1, 0, 21, 21), (2, 0, -21, -21)]


def test_keys_do_not_meet() -> None:
    sessions = Sessions(10, 0, False)
    assert admit(sessions, [(1, 0, 0, True), (2, 0, 0, True), (1, 5, 0, True)]).slots == [0, 1, 0]


def test_an_event_that_bridges_two_joins_them_in_the_lower_slot() -> None:
    sessions = Sessions(10, 0, False)
    assert admit_times(sessions, [20, 0]).slots == [0, 1]
    assert admit_times(sessions, [10]) == Admitted(1, [0], [0], [0], [1])
    assert live(sessions) == [(0, 0, 0, 20)]


def test_rows_show_the_session_that_theirs_went_into() -> None:
    sessions = Sessions(10, 0, False)
    done = admit_times(sessions, [0, 40, 20, 30, 10])
    assert done == Admitted(5, [0, 0, 0, 0, 0], [0] * 5, [1, 0], [2, 1])


def test_a_slot_freed_by_a_merge_is_used_again_from_the_next_call_on() -> None:
    sessions = Sessions(10, 0, False)
    assert admit_times(sessions, [0, 20, 10, 100]).slots == [0, 0, 0, 2]
    assert admit_times(sessions, [200]).slots == [1]
    sessions.drop(slots_of(0, 2))
    assert admit_times(sessions, [300, 400, 500]).slots == [0, 2, 3]


def test_an_event_that_alone_would_be_late_joins_a_session_still_open() -> None:
    sessions = Sessions(10, 0, False)
    admit_times(sessions, [20], 20)
    assert admit_times(sessions, [12], 30).late == [0]
    assert admit_times(sessions, [1, 2, 12], 30) == Admitted(3, [-1, 0, 0], [1, 0, 0], [], [])
    assert live(sessions) == [(0, 0, 2, 20)]


def test_a_closed_session_takes_nothing() -> None:
    sessions = Sessions(10, 5, False)
    admit_times(sessions, [0])
    assert admit_times(sessions, [8], 15).slots == [0]
    assert admit_times(sessions, [8, 9], 24) == Admitted(2, [-1, 1], [1, 0], [], [])
    assert live(sessions) == [(0, 0, 0, 8), (1, 0, 9, 9)]
    assert sessions.closed(24).tolist() == [0]


def test_a_session_may_reach_back_over_a_closed_one() -> None:
    sessions = Sessions(10, 0, False)
    admit_times(sessions, [0, 2])
    assert admit_times(sessions, [14, 4, -6, 3], 13).slots == [1, 1, 1, 1]
    assert live(sessions) == [(0, 0, 0, 2), (1, 0, -6, 14)]
    sessions.drop(sessions.closed(13))
    assert admit_times(sessions, [25], 13).slots == [0]
    assert admit_times(sessions, [20], 13) == Admitted(1, [0], [0], [0], [1])


def test_it_stops_before_a_row_behind_the_watermark_that_a_firing_precedes() -> None:
    sessions = Sessions(10, 100, True)
    rows = [(0, 0, -5, True), (1, 3, 10, True), (0, 9, 10, True), (1, 30, 14, False), (0, 12, 20, True)]
    assert admit(sessions, rows) == Admitted(4, [0, 1, 0, -1], [0, 0, 0, 0], [], [])
    assert admit(sessions, rows, 4) == Admitted(4, [], [], [], [])
    assert sessions.fire(20).tolist() == [0, 1]
    assert admit(sessions, rows, 4) == Admitted(5, [0], [0], [], [])
    assert (sessions.due(22), sessions.due(23)) == (False, True)


def test_a_fired_session_fires_again_only_if_it_grows_beyond_the_watermark() -> None:
    sessions = Sessions(10, 100, False)
    admit_times(sessions, [0])
    assert sessions.fire(20).tolist() == [0]
    admit_times(sessions, [9], 20)
    assert not sessions.due(1000)
    admit_times(sessions, [10], 20)
    assert (sessions.due(20), sessions.fire(21).tolist()) == (False, [0])


def test_a_session_made_of_two_has_fired_if_both_had() -> None:
    sessions = Sessions(10, 100, False)
    admit_times(sessions, [0, 20])
    assert sessions.fire(31).tolist() == [0, 1]
    admit_times(sessions, [10], 31)
    assert not sessions.due(1000)
    admit_times(sessions, [-20], 31)
    assert admit_times(sessions, [-10], 31).source == [1]
    assert sessions.fire(32).tolist() == [0]


def test_a_slot_used_again_fires_at_its_new_time() -> None:
    sessions = Sessions(10, 0, False)
    admit_times(sessions, [0])
    for time in range(20, 300, 20):
        assert admit_times(sessions, [time, time - 10]).source == [1]
    assert admit(sessions, [(1, 5, MINUS_INFINITY, True)]).slots == [1]
    for time in range(300, 3000, 20):
        assert admit_times(sessions, [time, time - 10]).source == [2]
    assert (sessions.due(15), sessions.fire(16).tolist()) == (False, [1])


def test_all_sessions_fire_and_close_at_plus_infinity() -> None:
    sessions = Sessions(PLUS_INFINITY, PLUS_INFINITY, False)
    admit(sessions, [(0, PLUS_INFINITY, 0, True), (1, MINUS_INFINITY, 0, True)])
    assert (sessions.fire(PLUS_INFINITY - 1).tolist(), sessions.closed(PLUS_INFINITY - 1).tolist()) == (
        [1],
        [],
    )
    assert (sessions.fire(PLUS_INFINITY).tolist(), sessions.closed(PLUS_INFINITY).tolist()) == ([0], [0, 1])
    assert admit_times(sessions, [PLUS_INFINITY], PLUS_INFINITY).late == [1]


def test_rekey_keeps_slots_and_finds_sessions_by_new_keys() -> None:
    sessions = Sessions(10, 0, False)
    admit(sessions, [(5, 0, 0, True), (2, 0, 0, True), (2, 60, 0, True), (2, 30, 0, True)])
    sessions.drop(slots_of(0))
    sessions.rekey(slots_of(-1, -1, 0))
    assert live(sessions) == [(1, 0, 0, 0), (2, 0, 60, 60), (3, 0, 30, 30)]
    assert admit(sessions, [(0, 61, 0, True), (2, 0, 0, True), (0, 29, 0, True)]).slots == [2, 0, 3]


@pytest.mark.parametrize(
    ("mapping", "kind"),
    [([0, 1], IndexError), ([0, 1, -1], ValueError), ([0, 7, 7], ValueError), ([], IndexError)],
)
def test_a_mapping_that_loses_sessions_is_refused(mapping: list[int], kind: type[Exception]) -> None:
    sessions = Sessions(10, 0, False)
    admit(sessions, [(1, 0, 0, True), (2, 0, 0, True)])
    before = sessions.snapshot()
    with pytest.raises(kind, match="mapping"):
        sessions.rekey(slots_of(*mapping))
    assert sessions.snapshot() == before
    assert admit(sessions, [(2, 0, 0, True), (1, 0, 0, True)]).slots == [1, 0]


@pytest.mark.parametrize("slots", [[3], [-1], [0, 0], [0, 1, 2], [2**31 - 1], [0, -(2**31)]])
def test_dropping_what_is_not_live_is_refused_and_changes_nothing(slots: list[int]) -> None:
    sessions = Sessions(10, 0, False)
    admit_times(sessions, [0, 100, 200])
    sessions.drop(slots_of(1))
    before = sessions.snapshot()
    with pytest.raises(IndexError, match="slots"):
        sessions.drop(slots_of(*slots))
    with pytest.raises(IndexError, match="slots"):
        sessions.at(slots_of(1, *slots))
    assert sessions.snapshot() == before
    assert admit_times(sessions, [0, 200]).slots == [0, 2]


def test_wrong_arguments_are_refused_and_change_nothing() -> None:
    sessions = Sessions(10, 0, False)
    keys, two, three, take = (
        slots_of(0, 0),
        np.zeros(2, np.int64),
        np.zeros(3, np.int64),
        np.ones(2, np.uint8),
    )
    for columns in [(three, two, take), (two, three, take), (two, two, np.ones(3, np.uint8))]:
        with pytest.raises(ValueError, match="3 elements, expected 2"):
            sessions.admit(keys, *columns, 0)
    for begin in (-1, 3, MINUS_INFINITY, PLUS_INFINITY):
        with pytest.raises(IndexError, match="begin"):
            sessions.admit(keys, two, two, take, begin)
    wide: Any = two
    with pytest.raises(TypeError):
        sessions.admit(wide, two, two, take, 0)
    assert (len(sessions), sessions.capacity, live(sessions)) == (0, 0, [])
    assert admit(sessions, [(0, 0, 0, True)], 1) == Admitted(1, [], [], [], [])


@pytest.mark.parametrize("limits_", [(-1, 0), (0, -1), (MINUS_INFINITY, 0)])
def test_negative_settings_are_refused(limits_: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        Sessions(*limits_, False)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_snapshots_are_refused_or_harmless(data: st.DataObject) -> None:
    sessions = Sessions(3, 5, False)
    admit(sessions, [(key % 3, time * 7, 20, True) for key, time in enumerate(range(70))])
    sessions.fire(50)
    sessions.drop(slots_of(*range(4, 60, 2)))
    good = sessions.snapshot()
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    bad = bad[: data.draw(st.integers(len(bad) - 9, len(bad)))]
    try:
        sessions.restore(bytes(bad))
    except ValueError:
        assert sessions.snapshot() == good
    assert len(live(sessions)) == len(sessions)
    admit(sessions, [(key, time, 30, True) for key in range(3) for time in range(0, 500, 3)])
    assert sessions.fire(PLUS_INFINITY).tolist() != []
    sessions.drop(sessions.live())
    assert live(sessions) == []


def test_a_snapshot_of_sessions_that_should_be_one_is_refused() -> None:
    apart, near = Sessions(3, 5, False), Sessions(3, 5, False)
    admit_times(apart, [0, 4])
    bad = apart.snapshot()
    assert bad.count((4).to_bytes(8, "little")) == 2
    with pytest.raises(ValueError, match="should be one"):
        near.restore(bad.replace((4).to_bytes(8, "little"), (3).to_bytes(8, "little")))
    with pytest.raises(ValueError, match="another gap or lateness"):
        Sessions(4, 5, False).restore(bad)


def test_the_example_in_the_documentation_runs() -> None:
    example = doctest.DocTestParser().get_doctest(
        Sessions.__doc__ or "", {"Sessions": Sessions}, "Sessions", None, None
    )
    assert doctest.DocTestRunner().run(example) == (0, 6)
