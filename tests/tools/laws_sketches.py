"""What must hold for every grouped sketch state: one check a law, used by the tests of each sketch."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from streamstat.values.columns import I32

Fill = Callable[[Any, list[tuple[int, Any]]], None]  # update the states with rows of (slot, value)
Use = Callable[[Any], object]  # ask the states for everything they can tell
SLOTS = 4
# Twins in fractions take their time, and a busy machine takes more.
PATIENT = settings(deadline=None, max_examples=60)
ALL: I32 = np.arange(SLOTS, dtype=np.int32)


def slots(*indexes: int) -> I32:
    return np.array(indexes, np.int32)


def snapshots(states: Any) -> list[bytes]:
    offsets, data = states.snapshot(np.arange(len(states), dtype=np.int32))
    return [data[lo:hi].tobytes() for lo, hi in pairwise(offsets)]


def made(make: Callable[[], Any], fill: Fill, rows: list[tuple[int, Any]]) -> Any:
    states = make()
    states.resize(SLOTS)
    fill(states, rows)
    return states


def check_absorbing_equals_updating(make: Callable[[], Any], fill: Fill, rows: list[Any], cut: int) -> None:
    whole = made(make, fill, rows)
    left, right = made(make, fill, rows[:cut]), made(make, fill, rows[cut:])
    left.absorb(right, ALL, ALL)
    assert snapshots(left) == snapshots(whole)


def check_absorbing_within_itself(make: Callable[[], Any], fill: Fill, rows: list[Any]) -> None:
    states = made(make, fill, rows)
    states.absorb(states, slots(0, 0, 1), slots(1, 0, 0))
    merged = [*rows, *((0, value) for slot, value in rows if slot == 1)]
    merged += [(0, value) for slot, value in merged if slot == 0]
    merged += [(1, value) for slot, value in merged if slot == 0]
    assert snapshots(states) == snapshots(made(make, fill, merged))


def check_snapshot_restores(make: Callable[[], Any], fill: Fill, rows: list[Any], more: list[Any]) -> None:
    states = made(make, fill, rows)
    other = made(make, fill, more)
    other.restore(ALL[::-1].copy(), *states.snapshot(ALL[::-1].copy()))
    assert snapshots(other) == snapshots(states)
    fill(other, more)
    fill(states, more)
    assert snapshots(other) == snapshots(states)


def check_clear_reuses_slots(make: Callable[[], Any], fill: Fill, rows: list[Any]) -> None:
    states = made(make, fill, rows)
    states.clear(slots(0, 2))
    fill(states, [row for row in rows if row[0] in (0, 2)])
    assert snapshots(states) == snapshots(made(make, fill, rows))


def check_resize_never_shrinks(states: Any) -> None:
    states.resize(3)
    for n in (1, -1, 2**31, 2**40):
        with pytest.raises(ValueError):
            states.resize(n)
    assert len(states) == 3


def check_refuses_slots_out_of_range(states: Any) -> None:
    states.resize(2)
    for bad in (2, -1, 2**31 - 1, -(2**31)):
        with pytest.raises(IndexError):
            states.clear(slots(0, bad))
        with pytest.raises(IndexError):
            states.snapshot(slots(bad))
        with pytest.raises(IndexError):
            states.absorb(states, slots(0), slots(bad))
        with pytest.raises(IndexError):
            states.absorb(states, slots(bad), slots(0))
    with pytest.raises(ValueError):
        states.absorb(states, slots(0, 1), slots(0))


def check_refuses_cut_states(make: Callable[[], Any], fill: Fill, rows: list[Any]) -> None:
    states = made(make, fill, rows)
    good = snapshots(states)[0]
    for offsets in ([0], [0, 1, 2], [5, 0], [0, len(good) + 1], [-1, len(good)], [2**62, 2**63 - 1]):
        with pytest.raises(ValueError):
            states.restore(slots(0), np.array(offsets, np.int64), np.frombuffer(good, np.uint8))
    assert snapshots(states)[0] == good


def check_survives_forged_states(make: Callable[[], Any], fill: Fill, rows: list[Any], use: Use) -> None:
    """Forged bytes are refused, or a state that can be used like any other."""
    good = snapshots(made(make, fill, rows))[0]
    random = np.random.default_rng(11)
    for _ in range(300):
        forged = bytearray(good[: random.integers(1, len(good) + 1)] if random.random() < 0.3 else good)
        for at in random.integers(1, max(2, len(forged)), random.integers(1, 4)):
            forged[at % len(forged)] = random.choice(np.array([0, 1, 0x7F, 0x80, 0xFF, random.integers(256)]))
        states = made(make, fill, rows)
        try:
            states.restore(slots(1), np.array([0, len(forged)]), np.frombuffer(forged, np.uint8))
            fill(states, rows + [(1, value) for _, value in rows])
            states.absorb(states, ALL, slots(1, 1, 1, 0))
        except ValueError:
            continue
        use(states)
        snapshots(states)
