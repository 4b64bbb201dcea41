"""The order of values in result rows against Python's sort."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.kernels import rank_values
from streamstat.values.columns import Kind

Value = tuple[Kind, bytes]
CLASSES = (
    (Kind.INTEGER, Kind.DOUBLE, Kind.HUGE),
    (Kind.TEXT,),
    (Kind.FALSE,),
    (Kind.TRUE,),
    (Kind.JSON,),
    (Kind.NULL,),
)


def rank_key(value: Value) -> tuple[int, Decimal, bytes]:
    kind, text = value
    place = next(place for place, kinds in enumerate(CLASSES) if kind in kinds)
    return place, Decimal(text.decode()) if place == 0 else Decimal(0), text


def ranks(values: list[Value]) -> list[int]:
    offsets = np.cumsum([0, *(len(text) for _, text in values)], dtype=np.int64)
    data = np.frombuffer(b"".join(text for _, text in values), np.uint8)
    found: list[int] = rank_values(np.array([kind for kind, _ in values], np.uint8), offsets, data).tolist()
    return found


def expected(values: list[Value]) -> list[int]:
    order = sorted({rank_key(value) for value in values})
    places = {key: place for place, key in enumerate(order)}
    return [places[rank_key(value)] for value in values]


TEXTS = st.one_of(
    st.text("ab\0\x7fé", max_size=4),
    st.text("ab", min_size=7, max_size=20),
    st.sampled_from(["prefix-of-many/", "prefix-of-many/x" * 9]).flatmap(
        lambda prefix: st.text("ab\0", max_size=10).map(lambda rest: prefix + rest)
    ),
).map(str.encode)
WHOLE = st.integers(-50, 50) | st.integers(-(2**70), 2**70)
NUMBERS = st.one_of(
    WHOLE.map(lambda n: (Kind.INTEGER if -(2**63) <= n < 2**63 else Kind.HUGE, b"%d" % n)),
    st.floats(-1e6, 1e6).map(lambda x: (Kind.DOUBLE, repr(x).encode())),
    st.sampled_from(
        [(Kind.DOUBLE, b"1.0"), (Kind.DOUBLE, b"-0.0"), (Kind.INTEGER, b"-0"), (Kind.DOUBLE, b"1e0")]
    ),
)
VALUES = st.one_of(
    TEXTS.map(lambda text: (Kind.TEXT, text)),
    TEXTS.map(lambda text: (Kind.JSON, text)),
    NUMBERS,
    st.sampled_from([(Kind.NULL, b""), (Kind.TRUE, b""), (Kind.FALSE, b"")]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(VALUES, max_size=60))
def test_values_rank_as_rows_are_ordered(values: list[Value]) -> None:
    assert ranks(values) == expected(values)


@pytest.mark.parametrize("pattern", [b"d%06d", b"%d", b"device/%010d/main", b"%d" + b"x" * 30])
def test_many_texts_rank_by_their_bytes(pattern: bytes) -> None:
    random = np.random.default_rng(8)
    values = [(Kind.TEXT, pattern % n) for n in random.integers(0, 3000, 4000).tolist()]
    assert ranks(values) == expected(values)


def test_texts_that_begin_alike_again_and_again_rank_by_their_bytes() -> None:
    values = [(Kind.TEXT, b"a" * n + end) for n in range(300) for end in (b"", b"b", b"\0")]
    shuffled = [values[i] for i in np.random.default_rng(9).permutation(len(values))]
    assert ranks(shuffled) == expected(shuffled)
