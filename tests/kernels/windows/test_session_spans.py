"""Sessions of other streams are put together as if all their events had come: plainly, by intervals that meet."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.session_calls import admit_times, live, slots_of
from tools.session_twin import Admitted

from streamstat.kernels import Sessions

Span = tuple[int, int, int]
GAP = 10
times = st.one_of(st.integers(-60, 60), st.sampled_from([-(2**62), 2**62]))
spans = st.tuples(st.sampled_from([0, 0, 0, 7, -1]), times, st.sampled_from([0, 0, 1, 9, 30, 100])).map(
    lambda span: (span[0], span[1], span[1] + span[2])
)


def admit_spans(sessions: Sessions, rows: list[Span]) -> Admitted:
    columns = [np.array([row[i] for row in rows], np.int64) for i in range(3)]
    slots, into, source = sessions.admit_spans(columns[0].astype(np.int32), columns[1], columns[2])
    return Admitted(len(rows), slots.tolist(), [], into.tolist(), source.tolist())


def joined(rows: list[Span]) -> list[tuple[int, int, int, Counter[int]]]:
    """Key, first, last, and which rows."""
    found: list[tuple[int, int, int, Counter[int]]] = []
    for row, (key, first, last) in sorted(enumerate(rows), key=lambda each: each[1]):
        if found and found[-1][0] == key and first <= found[-1][2] + GAP:
            before = found.pop()
            found.append((key, before[1], max(before[2], last), before[3] + Counter([row])))
        else:
            found.append((key, first, last, Counter([row])))
    return found


@settings(max_examples=400, deadline=None)
@given(rows=st.lists(spans, max_size=40), data=st.data())
def test_sessions_that_meet_are_one(rows: list[Span], data: st.DataObject) -> None:
    sessions, states = Sessions(GAP, 0, False), dict[int, Counter[int]]()
    cuts = data.draw(st.lists(st.integers(0, len(rows)), max_size=4).map(sorted))
    for lo, hi in pairwise([0, *cuts, len(rows)]):
        done = admit_spans(sessions, rows[lo:hi])
        for into, source in zip(done.into, done.source, strict=True):
            states[into] = states.get(into, Counter()) + states.pop(source, Counter())
        for row, slot in enumerate(done.slots, lo):
            states.setdefault(slot, Counter())[row] += 1
    found = sorted((key, first, last, states[slot]) for slot, key, first, last in live(sessions))
    assert found == joined(rows)


def test_a_crowd_of_sessions_becomes_one() -> None:
    sessions = Sessions(GAP, 0, False)
    apart = [(0, 100 * i, 100 * i + 5) for i in np.random.default_rng(5).permutation(500).tolist()]
    admit_spans(sessions, apart)
    assert len(sessions) == 500
    done = admit_spans(sessions, [(0, -50, 49_890)])
    assert len(done.into) == 500
    assert [each[1:] for each in live(sessions)] == [(0, -50, 49_905)]
    assert sessions.fire(49_916).tolist() == done.slots


def test_what_cannot_be_is_refused() -> None:
    sessions, slot, one = Sessions(GAP, 0, False), slots_of(0), np.ones(1, np.int64)
    with pytest.raises(ValueError, match="row 0 ends before it begins"):
        sessions.admit_spans(slot, one, one - 1)
    with pytest.raises(ValueError, match="2 elements, expected 1"):
        sessions.admit_spans(slot, one, np.ones(2, np.int64))
    admit_times(sessions, [5], watermark=3)
    with pytest.raises(ValueError, match="come before any event only"):
        sessions.admit_spans(slot, one, one)
