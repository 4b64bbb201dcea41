"""What the session kernel refuses, after which it is as before; and damaged snapshots."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.session_calls import admit, admit_times, live, slots_of
from tools.session_twin import MINUS_INFINITY, PLUS_INFINITY, Admitted

from streamstat.kernels import Sessions


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
