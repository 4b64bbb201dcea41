"""Some of many texts: as a list of them would give, and nothing beyond them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.kernels import either_texts, take_texts

TEXTS = st.lists(st.binary(max_size=5), min_size=1, max_size=8)


def arrays(texts: list[bytes], ahead: bytes = b"") -> tuple[np.ndarray, np.ndarray]:
    """Offsets and bytes, with something in front that is of none."""
    offsets = np.cumsum([len(ahead), *map(len, texts)], dtype=np.int64)
    return offsets, np.frombuffer(ahead + b"".join(texts), np.uint8)


@given(TEXTS, st.lists(st.integers(0, 7), max_size=12), st.binary(max_size=3))
def test_texts_are_those_at_the_rows(texts: list[bytes], rows: list[int], ahead: bytes) -> None:
    wanted = [row % len(texts) for row in rows]
    offsets, data = take_texts(*arrays(texts, ahead), np.array(wanted, np.int64))
    assert [data[lo:hi].tobytes() for lo, hi in pairwise(offsets)] == [texts[row] for row in wanted]


@pytest.mark.parametrize("row", [-1, 2, 1 << 40])
def test_row_that_there_is_not(row: int) -> None:
    with pytest.raises(IndexError, match="no such row"):
        take_texts(*arrays([b"a", b"b"]), np.array([0, row]))


@pytest.mark.parametrize("offsets", [[], [0, 3], [-1, 1], [2, 1], [0, 1 << 40]])
def test_offsets_that_are_none(offsets: list[int]) -> None:
    with pytest.raises(ValueError, match="text_offsets"):
        take_texts(np.array(offsets, np.int64), np.zeros(2, np.uint8), np.array([0]))


PAIRS = st.lists(st.tuples(st.binary(max_size=5), st.binary(max_size=5)), max_size=8)


@given(PAIRS, st.integers(0, 255), st.binary(max_size=3))
def test_either_of_two_columns(pairs: list[tuple[bytes, bytes]], bits: int, ahead: bytes) -> None:
    where = np.array([bits >> i & 1 for i in range(len(pairs))], np.uint8)
    one, other = [one for one, _ in pairs], [other for _, other in pairs]
    offsets, data = either_texts(where, *arrays(one, ahead), *arrays(other))
    expected = [one if is_first else other for (one, other), is_first in zip(pairs, where, strict=True)]
    assert [data[lo:hi].tobytes() for lo, hi in pairwise(offsets)] == expected


def test_columns_of_other_lengths() -> None:
    one, two, none = arrays([b"a"]), arrays([b"a", b"b"]), (np.zeros(0, np.int64), np.zeros(0, np.uint8))
    for pair in ((one, two), (two, one), (one, none)):
        with pytest.raises(ValueError, match=r"one|other|text_offsets"):
            either_texts(np.ones(1, np.uint8), *pair[0], *pair[1])
