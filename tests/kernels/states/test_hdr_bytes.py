"""The bytes of percentile states: those that hdrh encodes; read, merged, and refused where they are none."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import example, given
from hypothesis import strategies as st
from tools import laws_sketches as laws
from tools.filled_hdr import NORMAL, VALUES, holding, wrapped
from tools.twins_sketches import Number

from streamstat.sketches import hdr

RECORDED_MOST = 2**63 - 1


def recorded(values: list[Number], scale: int, sign: int) -> bytes | None:
    """What hdrh itself encodes after recording each value of one sign."""
    histogram = HdrHistogram(1, RECORDED_MOST, 3)
    histogram.encoder.payload.payload.conversion_ratio_bits = 1 / scale
    for value in values:
        exact = Fraction(value)
        if (exact < 0) == (sign < 0):
            assert histogram.record_value(min(math.floor(abs(exact) * scale), RECORDED_MOST))
    return histogram.encode() if histogram.get_total_count() else None


@laws.PATIENT
@given(
    st.lists(VALUES | NORMAL.filter(lambda value: value < 1e-3), max_size=30), st.sampled_from([1, 1 << 20])
)
@example(
    [1 / 1024, 1 / 1024 - 2**-60, 2.0**43, 2.0**43 - 1, 2.0**44, 2.0**-20, 2.0**-21, 1023.999 / 2**20],
    1 << 20,
)
@example([5e-324, -5e-324, 1.7e308, -1.7e308, 2**63 - 1, -(2**63)], 1 << 20)
@example([5e-324, -5e-324, 1.7e308, -1.7e308, 2**63 - 1, -(2**63), 2047.9, 2048.9], 1)
def test_states_are_what_hdrh_encodes_after_recording_each_value(values: list[Number], scale: int) -> None:
    states = holding(values)
    assert hdr.encode(states, laws.slots(0), scale) == [recorded(values, scale, 1)]
    assert hdr.encode_negative(states, laws.slots(0), scale) == [recorded(values, scale, -1)]


def test_states_of_a_long_stream_are_what_hdrh_encodes() -> None:
    values: list[Number] = np.random.default_rng(6).lognormal(0, 4, 20_000).tolist()
    assert hdr.encode(holding(values), laws.slots(0)) == [recorded(values, 1 << 20, 1)]
    integers: list[Number] = np.random.default_rng(7).integers(0, 10**7, 20_000).tolist()
    assert hdr.encode(holding(integers), laws.slots(0), scale=1) == [recorded(integers, 1, 1)]


@laws.PATIENT
@given(st.lists(VALUES, max_size=20), st.lists(VALUES, max_size=20))
def test_merging_two_states_gives_the_state_of_the_whole(left: list[Number], right: list[Number]) -> None:
    for encode in (hdr.encode, hdr.encode_negative):
        ours, theirs, whole = (
            encode(holding(part), laws.slots(0))[0] for part in (left, right, left + right)
        )
        if ours and theirs:
            assert hdr.merge(ours, theirs) == whole
        else:
            assert (ours or theirs) == whole


def test_reads_as_an_hdrh_histogram_of_scaled_values() -> None:
    state = hdr.encode(holding([1.5, 2.5, 1000.0]), laws.slots(0))[0]
    assert state is not None
    histogram = hdr.read(state)
    assert histogram.get_total_count() == 3
    ratio = histogram.get_int_to_double_conversion_ratio()
    assert ratio == 2**-20
    assert histogram.get_value_at_percentile(50) * ratio == pytest.approx(2.5, rel=1e-3)
    assert histogram.encode() == state


def test_states_of_different_scale_do_not_merge() -> None:
    states = holding([5])
    fine, coarse = (hdr.encode(states, laws.slots(0), scale)[0] for scale in (1 << 20, 1))
    assert fine is not None and coarse is not None
    with pytest.raises(ValueError, match="different scale"):
        hdr.merge(fine, coarse)
    for scale in (0, -1, 3, 1 << 53):
        with pytest.raises(ValueError, match="power of two"):
            hdr.encode(states, laws.slots(0), scale)


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"AAAA",
        b"not base64!",
        wrapped(b"\x02")[:-8],
        wrapped(b"\x02", (0x1C849313, 2, 0, 3, 1, 2**63 - 1, 1.0)),
        wrapped(b"\x02", (0x1C849313, 1, 0, 2, 1, 2**63 - 1, 1.0)),
        wrapped(b"\x02", (0x1C849313, 1, 0, 3, 1, 2**40, 1.0)),
        wrapped(b"\x02", (0x1C849313, 1, 0, 3, 1, 2**63 - 1, math.nan)),
        wrapped(b"\x80"),
        wrapped(b"\xff" * 9 + b"\x02"),
        wrapped(b"\x02" * (hdr.COUNTERS + 1)),
        wrapped(bytes(100_000_000)),
    ],
)
def test_bytes_that_are_no_state_are_refused(state: bytes) -> None:
    with pytest.raises(ValueError, match="no percentile state"):
        hdr.read(state)
