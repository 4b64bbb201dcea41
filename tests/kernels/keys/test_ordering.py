"""Orders of events and rows against Python's own sort."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat import kernels
from streamstat.values.columns import I32, I64

LEAST, GREATEST = -(2**63), 2**63 - 1
TIMES = st.integers(-5, 5) | st.integers(0, 10**7) | st.integers(LEAST, GREATEST)
Event = tuple[int, int]
EVENTS = st.lists(st.tuples(st.integers(0, 3) | st.integers(0, 2**31 - 1), TIMES), max_size=40)


def arranged(events: list[Event], settled: int, size: int) -> tuple[list[int], list[int], list[int]]:
    keys: I32 = np.array([key for key, _ in events], np.int32)
    times: I64 = np.array([time for _, time in events], np.int64)
    order, ends, lo = kernels.arrange_trail(keys, times, settled, size)
    return order.tolist(), ends.tolist(), lo.tolist()


def expected(events: list[Event], size: int) -> tuple[list[int], list[int], list[int]]:
    order = sorted(range(len(events)), key=lambda i: events[i])
    inside = [events[i] for i in order]
    ends = [i for i, event in enumerate(inside) if inside[i + 1 : i + 2] != [event]]
    starts = [
        next(i for i, (k, t) in enumerate(inside) if k == key and t >= time - size)
        for key, time in (inside[end] for end in ends)
    ]
    return order, ends, starts


@given(EVENTS, EVENTS, st.integers(0, 20) | st.integers(0, GREATEST))
def test_trail_is_ordered_and_its_windows_found(old: list[Event], new: list[Event], size: int) -> None:
    events = sorted(old) + new
    assert arranged(events, len(old), size) == expected(events, size)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from([3, 2**20, 2**40, 2**62]), st.integers(0, 3000))
def test_many_are_ordered_as_few_are(seed: int, spread: int, n: int) -> None:
    random = np.random.default_rng(seed)
    keys, times = random.integers(0, 1000, n), random.integers(-spread, spread, n)
    order, _, _ = kernels.arrange_trail(keys.astype(np.int32), times, 0, 0)
    assert np.array_equal(order, np.lexsort((times, keys)))
    assert np.array_equal(kernels.stable_order(times), np.argsort(times, kind="stable"))


@given(st.lists(TIMES, max_size=40))
def test_numbers_are_ordered_and_equal_ones_stay(numbers: list[int]) -> None:
    order = kernels.stable_order(np.array(numbers, np.int64)).tolist()
    assert order == sorted(range(len(numbers)), key=lambda i: numbers[i])


@pytest.mark.parametrize(
    ("keys", "times", "settled", "size", "problem"),
    [
        ([0], [], 0, 1, "elements, expected"),
        ([0], [1], 2, 1, "more than there are"),
        ([0], [1], 0, -1, "size: negative"),
        ([-1], [1], 0, 1, "keys: negative"),
        ([1, 0], [1, 1], 2, 1, "not in order"),
        ([0, 0], [2, 1], 2, 1, "not in order"),
    ],
)
def test_what_cannot_be_is_refused(
    keys: list[int], times: list[int], settled: int, size: int, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        kernels.arrange_trail(np.array(keys, np.int32), np.array(times, np.int64), settled, size)
