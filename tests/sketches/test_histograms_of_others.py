"""Histograms that other programs wrote, of any range, digits and ratio, and bytes that are none; hdrh is the judge."""

import base64
import struct
import tracemalloc
import zlib
from bisect import bisect
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import accumulate

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import example, given
from hypothesis import strategies as st
from tools.filled_hdr import wrapped
from tools.laws_sketches import PATIENT, slots, snapshots

from streamstat.kernels import HdrStates
from streamstat.sketches import hdr

MOST = 2**63 - 1
SETTINGS = (0, 3, 1, MOST, 1.0)
REFUSED = "^no percentile state: [^\n]+$"


def encoded(settings: tuple[int, int, int], ratio: float, values: list[int]) -> bytes:
    histogram = HdrHistogram(*settings)
    histogram.encoder.payload.payload.conversion_ratio_bits = ratio
    for value in values:
        assert histogram.record_value(value)
    state: bytes = histogram.encode()
    return state


def restored(positive: list[bytes | None], negative: list[bytes | None] | None = None) -> HdrStates:
    made, states = HdrStates(), HdrStates()
    for each in (made, states):
        each.resize(len(positive))
    hdr.restore(made, positive, negative or [None] * len(positive))
    every = np.arange(len(positive), dtype=np.int32)
    states.restore(every, *made.snapshot(every))
    return states


def counters(state: bytes) -> list[tuple[float, float, int]]:
    """The lowest and the highest value of each counter that is not zero, and its count, as hdrh has them."""
    histogram = HdrHistogram.decode(state)
    counts = np.ctypeslib.as_array(histogram.counts)
    ratio = histogram.get_int_to_double_conversion_ratio()
    found = []
    for index in np.flatnonzero(counts).tolist():
        lowest = histogram.get_value_from_index(index)
        highest = histogram.get_highest_equivalent_value(lowest)
        found.append((lowest * ratio, highest * ratio, int(counts[index])))
    return found


def reads_at(states: HdrStates, ranks: Iterable[int], n: int, slot: int = 0) -> list[float]:
    return [states.quantile(slots(slot), rank, n)[1].tolist()[0] for rank in ranks]


def reads(states: HdrStates, n: int, slot: int = 0) -> list[float]:
    """The value at every rank."""
    return reads_at(states, range(1, n + 1), n, slot)


def total(states: HdrStates, slot: int = 0) -> int:
    """As it is in the snapshot: how often each bucket was counted."""
    _, data = states.snapshot(slots(slot))
    pairs = np.frombuffer(data[18:].tobytes(), [("bucket", "<i4"), ("count", "<u8")])
    return sum(pairs["count"].tolist())


LOWEST = st.sampled_from([1, 2, 7, 1000, 1 << 20])
HIGHEST = st.sampled_from([1 << 22, 3_600_000_000, 1 << 53])
DIGITS = st.sampled_from([3, 4])
RATIOS = st.sampled_from([1.0, 2.0**-20, 2.0**-60, 1e-3, 1e6, 8.0, 1 / 3, 2.0**960, 2.0**-1022])
VALUES = st.lists(st.integers(0, 5000) | st.integers(0, 1 << 22), min_size=1, max_size=12)


@PATIENT
@given(st.tuples(LOWEST, HIGHEST, DIGITS), RATIOS, VALUES)
@example((1, MOST, 3), 1.0, [MOST, MOST - 1, 2**62, 2**53 + 1, 2**53 - 1])
@example((1, MOST, 3), 1 / 3, [MOST, MOST - 1, 2**62, 2**53 + 1, 2**53 - 1])
@example((1 << 52, MOST, 3), 1.0, [MOST, 1 << 52, 1 << 40, 0])
@example((1, 2, 3), 1.0, [0, 1, 2, 1000, 2047])
@example((1, 3_600_000_000, 5), 0.001, [3_600_000_000, 262_143, 262_144, 131_071, 131_072])
def test_values_are_what_the_histogram_reads_or_a_thousandth_above(
    settings: tuple[int, int, int], ratio: float, values: list[int]
) -> None:
    state = encoded(settings, ratio, values)
    states = restored([state])
    expected = [highest for _, highest, count in counters(state) for _ in range(count)]
    assert total(states) == len(values)
    for found, read in zip(reads(states, len(values)), expected, strict=True):
        assert read <= found <= read * 1.001
    assert found == read


@PATIENT
@given(st.tuples(LOWEST, HIGHEST, DIGITS), RATIOS, VALUES, VALUES)
def test_magnitudes_of_negatives_are_read_as_their_lowest(
    settings: tuple[int, int, int], ratio: float, positive: list[int], negative: list[int]
) -> None:
    above, below = encoded(settings, ratio, positive), encoded(settings, ratio, negative)
    expected = [-lowest for lowest, _, count in reversed(counters(below)) for _ in range(count)]
    expected += [highest for _, highest, count in counters(above) for _ in range(count)]
    states = restored([above, None], [below, below])
    for slot, n in ((0, len(expected)), (1, len(negative))):
        assert total(states, slot) == n
        for found, read in zip(reads(states, n, slot), expected, strict=False):
            assert read <= found <= read + abs(read) * 0.001


def test_negatives_below_the_unit_stay_on_their_side_of_zero() -> None:
    states = restored([None], [encoded((1, MOST, 3), 2.0**-20, [0, 0, 5])])
    assert reads(states, 3) == [-5 * 2.0**-20, 0.0, 0.0]
    assert hdr.encode(states, slots(0)) == [None]
    assert hdr.encode_negative(states, slots(0)) == [encoded((1, MOST, 3), 2.0**-20, [0, 0, 5])]


@pytest.mark.parametrize("digits", [3, 4, 5])
def test_every_counter_of_a_histogram_is_placed(digits: int) -> None:
    top = 1 << (digits * 3 + 14)
    values = sorted({int(top / 1.0005**k) for k in range(20_000)})
    states = restored([encoded((1, top, digits), 1.0, values)])
    found = reads(states, len(values))
    assert total(states) == len(values)
    assert all(value <= read <= value * 1.002 for value, read in zip(values, found, strict=True))


def test_histograms_of_different_settings_merge() -> None:
    states = restored(
        [
            encoded((1, MOST, 3), 2.0**-20, [5 << 20] * 3),
            encoded((1000, 3_600_000_000, 4), 0.001, [7_000_000]),
            encoded((1, 1 << 30, 5), 1.0, [100, 100_000]),
        ]
    )
    states.absorb(states, slots(0, 0), slots(1, 2))
    assert reads(states, 6) == pytest.approx([5, 5, 5, 100, 7000, 100_000], rel=0.001)


def test_an_empty_histogram_is_no_values() -> None:
    states = restored([encoded((1, 1 << 30, 3), 0.5, []), wrapped(b"\x00\x00\x01"), None])
    assert snapshots(states) == snapshots(restored([None] * 3))


def test_counts_of_nine_bytes_are_kept() -> None:
    large = b"\xfe" + b"\xff" * 8  # 2**63 - 1, of which hdrh loses the highest bit
    states = restored([wrapped(b"\x02" + large + b"\x03" + b"\x04"), None])
    assert total(states) == 2**63 + 2
    assert reads_at(states, [1, 2, 2**63, 2**63 + 1], 2**63 + 2) == [0.0, 1.0, 1.0, 4.0]
    with pytest.raises(ValueError, match=r"more than 2\^64 values"):
        restored([wrapped(large * 3)])
    for count in (2**56 - 1, 2**56, 2**62 - 1):
        histogram = HdrHistogram(1, MOST, 3)
        histogram.record_value(7, count)
        assert total(restored([histogram.encode()])) == count


def test_the_port_to_javascript_shifts_counters_by_one_and_has_a_whole_number_as_ratio() -> None:
    (ratio,) = struct.unpack(">d", struct.pack(">Q", 1))
    theirs = wrapped(b"\x02\x04", (0x1C849313, 2, 1, 3, 1, MOST, ratio))
    assert snapshots(restored([theirs])) == snapshots(restored([wrapped(b"\x02\x04")]))


# Bytes that are no histogram, or are hostile.


@pytest.mark.parametrize(
    ("digits", "lowest", "highest", "ratio", "problem"),
    [
        (2, 1, MOST, 1.0, "has not 3 to 5 digits"),
        (0, 1, MOST, 1.0, "has not 3 to 5 digits"),
        (6, 1, MOST, 1.0, "has not 3 to 5 digits"),
        (2**32 - 1, 1, MOST, 1.0, "has not 3 to 5 digits"),
        (3, 0, MOST, 1.0, "has no range"),
        (3, 1, MOST + 1, 1.0, "has no range"),
        (3, 5, 4, 1.0, "has no range"),
        (3, 1 << 53, MOST, 1.0, "has no range"),
        (5, 1 << 46, MOST, 1.0, "has no range"),
        (3, 1, MOST, 0.0, "beyond a double"),
        (3, 1, MOST, -1.0, "beyond a double"),
        (3, 1, MOST, 1e-320, "beyond a double"),
        (3, 1, MOST, 2.0**961, "beyond a double"),
        (3, 1, MOST, float("inf"), "beyond a double"),
        (3, 1, MOST, float("nan"), "beyond a double"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    digits: int, lowest: int, highest: int, ratio: float, problem: str
) -> None:
    state = wrapped(b"\x02", (0x1C849313, 1, 0, digits, lowest, highest, ratio))
    with pytest.raises(ValueError, match=f"^no percentile state: .*{problem}"):
        restored([state])
    with pytest.raises(ValueError, match=problem):
        restored([None], [state])


GOOD = encoded((1, MOST, 3), 2.0**-20, [7 << 20, 9 << 20, 1 << 40])


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"AAAA",
        b"not base64!",
        GOOD[:-8],
        GOOD[4:],
        base64.b64encode(struct.pack(">II", 0x1C849303, 8) + bytes(8)),
        base64.b64encode(base64.b64decode(GOOD)[:-1]),
        base64.b64encode(base64.b64decode(GOOD) + b"\0"),
        wrapped(b"\x02", (0x1C849301, 1, *SETTINGS)),
        wrapped(b"\x02", (0x1C849313, 2, *SETTINGS)),
        wrapped(b"\x80"),
        wrapped(b"\xff" * 8),
        wrapped(b"\xff" * 9),  # a run of 2**63 zeros
        wrapped(b"\x02" * (hdr.COUNTERS + 1)),
        wrapped(b"\x7f" * 865),
        *(base64.b64encode(struct.pack(">II", 0x1C849314, 8 + n) + zlib.compress(bytes(n))) for n in (0, 3)),
    ],
)
def test_bytes_that_are_no_histogram_are_refused(state: bytes) -> None:
    with pytest.raises(ValueError, match=REFUSED):
        restored([GOOD, state])
    with pytest.raises(ValueError, match=REFUSED):
        restored([GOOD], [state])


def test_a_run_of_zeros_to_the_very_end_is_a_histogram() -> None:
    counters = b"\x02" + b"\x7f" * 863  # a counter, and runs of 64 zeros: 63 places are left
    assert reads(restored([wrapped(counters)]), 1) == [0.0]
    assert reads(restored([wrapped(counters + b"\x7b" + b"\x02")]), 2) == [0.0, float(2**63)]
    for more in (b"\x7f", b"\x7d\x02"):
        with pytest.raises(ValueError, match="a counter beyond its highest value"):
            restored([wrapped(counters + more + b"\x01")])


@PATIENT
@given(st.data())
def test_damaged_histograms_are_refused_or_read_as_hdrh_reads_them(data: st.DataObject) -> None:
    fields = struct.pack(">IIIIQQd", 0x1C849313, 6, 0, 3, 1, 1 << 40, 0.5)
    payload = bytearray(fields + b"\x02\x0d\x04\x81\x10\x02")
    for at in data.draw(st.lists(st.integers(8, len(payload) - 1), min_size=1, max_size=3)):
        payload[at] = data.draw(st.sampled_from([0, 1, 2, 3, 4, 5, 0x7F, 0x80, 0xFF]))
    packed = zlib.compress(payload)
    state = base64.b64encode(struct.pack(">II", 0x1C849314, len(packed)) + packed)
    try:
        states = restored([state])
    except ValueError as error:
        assert str(error).startswith(("no percentile state: ", "percentiles: more than"))
        return
    expected = counters(state)
    assert total(states) == sum(count for _, _, count in expected)
    ends = [*accumulate(count for _, _, count in expected)]
    for rank in {1, *ends} if expected else set():
        read = expected[bisect([end + 1 for end in ends], rank)][1]
        assert read <= reads_at(states, [rank], ends[-1])[0] <= read * 1.001


@PATIENT
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.booleans())
def test_damaged_texts_are_refused_or_the_same(at: int, byte: int, is_cut: bool) -> None:
    damaged = GOOD[:at] if is_cut else GOOD[:at] + bytes([byte]) + GOOD[at + 1 :]
    try:
        states = restored([damaged])
    except ValueError as error:
        assert str(error).startswith("no percentile state: ")
        return
    assert snapshots(states) == snapshots(restored([GOOD]))


@contextmanager
def at_most(most: int) -> Iterator[None]:
    """What runs takes no more bytes at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def test_what_inflates_without_end_takes_no_more_than_the_largest_histogram() -> None:
    state = wrapped(bytes(300_000_000))
    with at_most(150_000_000), pytest.raises(ValueError, match="cut short, too long"):
        restored([state])


def test_many_that_inflate_to_much_are_not_held_together() -> None:
    zeros = bytes(3_000_000)
    five_digits = (0x1C849313, len(zeros) + 1, 0, 5, 1, MOST, 1.0)
    rows: list[bytes | None] = [wrapped(zeros + bytes([2 * count]), five_digits) for count in range(1, 21)]
    with at_most(30_000_000):
        states = restored(rows)
    assert [total(states, slot) for slot in range(20)] == [*range(1, 21)]
