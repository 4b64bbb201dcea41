"""Percentile states that hold what a test wants, and values for them."""

import base64
import struct
import zlib

import numpy as np
from hypothesis import strategies as st

from streamstat.kernels import HdrStates
from tools.twins_sketches import Number, as_kind

NORMAL = st.floats(2.3e-308, 1.7976931348623157e308) | st.floats(0.001, 5000)
VALUES: st.SearchStrategy[Number] = st.one_of(
    st.integers(-50, 5000),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.sampled_from([0.0, -0.0, 0.5, 3.0, -3.0, 2.0**53, -(2.0**60)]),
    NORMAL,
    NORMAL.map(lambda value: -value),
)
Rows = list[tuple[int, Number]]


def fill(states: HdrStates, rows: Rows) -> None:
    cells = [as_kind(value) for _, value in rows]
    states.update(
        np.array([slot for slot, _ in rows], np.int32),
        np.array([kind for kind, _ in cells], np.uint8),
        np.array([number for _, number in cells], np.int64),
    )


def holding(values: list[Number]) -> HdrStates:
    states = HdrStates()
    states.resize(1)
    fill(states, [(0, value) for value in values])
    return states


def wrapped(counters: bytes, header: tuple[float, ...] | None = None) -> bytes:
    """A state with these counters, and with this header or that of ours."""
    fields = header or (0x1C849313, len(counters), 0, 3, 1, 2**63 - 1, 1.0)
    packed = zlib.compress(struct.pack(">IIIIQQd", *fields) + counters)
    return base64.b64encode(struct.pack(">II", 0x1C849314, len(packed)) + packed)
