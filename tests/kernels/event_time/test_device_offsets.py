"""The offsets of devices, against a plain twin."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.clock_twins import HOUR, least_offsets

from streamstat.kernels import DeviceOffsets

Row = tuple[int | None, int, int, bool, bool]


def least(offsets: DeviceOffsets, rows: list[Row]) -> list[int]:
    devices, received, differences, known, anew = zip(*rows, strict=True) if rows else [()] * 5
    hashes = np.array([device or 0 for device in devices], np.uint64)
    kinds = np.array([0 if device is None else 5 for device in devices], np.uint8)
    masks = np.array(known, np.uint8), np.array(anew, np.uint8)
    times = np.array(received, np.int64), np.array(differences, np.int64)
    found: list[int] = offsets.least(hashes, kinds, *times, *masks).tolist()
    return found


@st.composite
def streams(draw: st.DrawFn) -> list[Row]:
    """Rows in the order in which they were received, but for up to 32 places."""
    seed = draw(st.integers(0, 2**32))
    random = np.random.default_rng(seed)
    n, places = draw(st.integers(0, 400)), draw(st.sampled_from([0, 3, 32]))
    step = draw(st.sampled_from([0, 1, HOUR // 1000, HOUR // 20, HOUR // 3]))
    received = np.cumsum(random.integers(0, step + 1, n))
    order = np.argsort(np.arange(n) + random.uniform(0, places + 1, n), kind="stable")
    drift = draw(st.sampled_from([-1000, 0, 1000]))
    offsets = random.integers(0, draw(st.sampled_from([1, 100, 10**9])), n) + drift * np.arange(n)
    devices = random.integers(0, draw(st.sampled_from([1, 2, 7])), n)
    rare = random.random((3, n)) < draw(st.sampled_from([0, 0.02, 0.2]))
    return [
        (
            None if rare[0, i] else int(devices[i]),
            int(received[i]),
            int(offsets[i]),
            not rare[1, i],
            bool(rare[2, i]),
        )
        for i in order.tolist()
    ]


@given(streams(), st.integers(0, 400))
def test_the_least_within_an_hour_wherever_blocks_are_cut(rows: list[Row], cut: int) -> None:
    expected = least_offsets(rows)
    assert least(DeviceOffsets(), rows) == expected
    first, second = DeviceOffsets(), DeviceOffsets()
    found = least(first, rows[:cut])
    second.restore(first.snapshot())
    assert found + least(second, rows[cut:]) == expected
    least(first, rows[cut:])
    assert first.snapshot() == second.snapshot()


def test_what_has_fallen_silent_is_forgotten() -> None:
    offsets = DeviceOffsets()
    least(offsets, [(device, 0, 5, True, False) for device in range(1024)])
    assert offsets.devices == 1024
    least(offsets, [(2000, 2 * HOUR, 5, True, False)])
    assert offsets.devices == 1025  # two hours ago is not too long ago
    least(offsets, [(device, 3 * HOUR, 5, True, False) for device in range(3000, 4023)])
    assert offsets.devices == 2048
    least(offsets, [(5000, 3 * HOUR, 5, True, False)])
    assert offsets.devices == 1025  # those of three hours, and that of two


def test_samples_are_few_however_many_there_were() -> None:
    offsets = DeviceOffsets()
    random = np.random.default_rng(1).integers(0, 10**6, 20_000).tolist()
    least(offsets, [(1, i * 1000, offset, True, False) for i, offset in enumerate(random)])
    assert len(offsets.snapshot()) < 2000


def test_one_time_from_far_ahead_does_no_harm() -> None:
    offsets = DeviceOffsets()
    rows: list[Row] = [(1, 0, 7, True, False), (1, 10**15, 3, True, False), (1, 1, 9, True, False)]
    assert least(offsets, rows) == [7, 3, 7]


def packed(*words: int) -> bytes:
    return b"offsets1" + np.array(words, np.int64).tobytes()


@pytest.mark.parametrize(
    "snapshot",
    [
        b"",
        b"offsets2" + packed(1024, 0)[8:],
        packed(1023, 0),
        packed(1024, 1),
        packed(1024, 0, 0),
        packed(1024, 1, 7, 0, 0),  # a device without a sample
        packed(1024, 1, 7, 2, 1, 0, 0),  # more stairs than samples
        packed(1024, 1, 7, 0, 2, 5, 0, 4, 0),  # received in another order
        packed(1024, 1, 7, 2, 2, 4, 1, 5, 1),  # stairs that do not ascend
        packed(1024, 1, 7, 0, 1, 2**62, 0),  # beyond the calendar
        packed(1024, 1, 7, 0, 1, 0, -(2**63)),
        packed(1024, 2, 7, 0, 1, 0, 0, 7, 0, 1, 0, 0),  # a device twice
    ],
)
def test_a_snapshot_that_is_none_is_refused(snapshot: bytes) -> None:
    offsets = DeviceOffsets()
    least(offsets, [(1, 0, 7, True, False)])
    before = offsets.snapshot()
    with pytest.raises(ValueError, match="snapshot"):
        offsets.restore(snapshot)
    assert offsets.snapshot() == before


def test_what_does_not_fit_is_refused() -> None:
    hashes, times, masks = np.zeros(2, np.uint64), np.zeros(2, np.int64), np.zeros(2, np.uint8)
    arguments: list[Any] = [hashes, masks, times, times, masks, masks]
    for i, name in enumerate(["kinds", "received", "offsets", "among", "anew"], 1):
        wrong = [*arguments[:i], arguments[i][:1], *arguments[i + 1 :]]
        with pytest.raises(ValueError, match=f"{name}: 1 elements, expected 2"):
            DeviceOffsets().least(*wrong)
