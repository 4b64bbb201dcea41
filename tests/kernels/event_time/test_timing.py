"""The plain cases of event time against NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat import kernels
from streamstat.event_time.fields import HIGHEST, LOWEST

TIMES = st.integers(LOWEST, HIGHEST) | st.integers(-200, 200)
STEPS = st.integers(1, 50) | st.integers(1, HIGHEST - LOWEST)
KINDS = st.just(1) | st.integers(0, 3)
EVENTS = st.lists(st.tuples(TIMES, KINDS, TIMES, KINDS, TIMES, KINDS), max_size=20)


@given(st.lists(TIMES), TIMES, STEPS)
def test_quotients_are_floored(times: list[int], origin: int, step: int) -> None:
    found = kernels.quotients(np.array(times, np.int64), origin, step)
    assert found.tolist() == [(time - origin) // step for time in times]
    starts = kernels.cell_starts(np.array(times, np.int64), origin, step)
    assert starts.tolist() == [time - (time - origin) % step for time in times]


@given(EVENTS, st.booleans(), st.none() | st.tuples(st.integers(0, 99), st.sampled_from((1, 3, 5))))
def test_times_are_corrected_if_nothing_is_unusual(
    events: list[tuple[int, ...]], usual: bool, odd: tuple[int, int] | None
) -> None:
    if usual:  # as most are: instants, sent soon after, received by a clock that is not far off
        events = [(a // 4, 1, a // 4 + b % 100, 1, a // 4 + c % 1000, 1) for a, _, b, _, c, _ in events]
    if usual and odd is not None and events:  # but for one time, which is no instant
        row, column = odd[0] % len(events), odd[1]
        events[row] = (*events[row][:column], 2, *events[row][column + 1 :])
    columns = [np.array(column, np.int64) for column in zip(*events, strict=True)] or [
        np.zeros(0, np.int64)
    ] * 6
    fields = [each if i % 2 == 0 else each.astype(np.uint8) for i, each in enumerate(columns)]
    found = kernels.corrected_times(*fields, LOWEST, HIGHEST)  # type: ignore[call-arg, arg-type]
    expected = [a + c - b for a, _, b, _, c, _ in events]
    unusual = [
        (k1, k2, k3) != (1, 1, 1) or sent < occurred or not LOWEST <= time <= HIGHEST
        for time, (occurred, k1, sent, k2, _, k3) in zip(expected, events, strict=True)
    ]
    assert (None if found is None else found.tolist()) == (None if any(unusual) else expected)
    assert any(unusual) == (odd is not None and bool(events)) or not usual


def test_what_does_not_fit_is_refused() -> None:
    times, kinds = np.zeros(2, np.int64), np.ones(2, np.uint8)
    with pytest.raises(ValueError, match="received_kinds: 1 elements, expected 2"):
        kernels.corrected_times(times, kinds, times, kinds, times, kinds[:1], LOWEST, HIGHEST)
    with pytest.raises(ValueError, match="step: not positive"):
        kernels.quotients(times, 0, 0)
