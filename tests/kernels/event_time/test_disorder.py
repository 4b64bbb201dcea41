"""How far events come behind the newest of their producer, against a plain loop."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.kernels import Disorder

Row = tuple[int, bool, int]  # time, whether it has one, producer
HASHES = (0, 16, 2**63, 2**64 - 1)  # two of them at one place of a small table
TIMES = st.one_of(st.integers(-50, 50), st.sampled_from([-(2**63), 2**63 - 1]))
BLOCKS = st.lists(st.lists(st.tuples(TIMES, st.booleans(), st.integers(0, 3)), max_size=12), max_size=5)


@given(blocks=BLOCKS, new_inputs=st.sets(st.integers(0, 4)))
def test_lateness_is_that_of_a_plain_loop(blocks: list[list[Row]], new_inputs: set[int]) -> None:
    disorder, newest = Disorder(), dict[int, int]()
    figures: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        if number in new_inputs:
            disorder.begin_input()
            newest.clear()
        expected = []
        for time, dated, producer in block:
            if not dated:
                expected.append(-1)
                continue
            newest[producer] = max(newest.get(producer, time), time)
            expected.append(min(newest[producer] - time, 2**63 - 1))
            found = figures.setdefault(producer, [0, 0, 0])
            found[:] = found[0] + 1, found[1] + (expected[-1] > 0), max(found[2], expected[-1])
        columns = [[row[i] for row in block] for i in range(3)]
        hashes = np.array([HASHES[code] for code in columns[2]], np.uint64)
        names = [f"p{code}".encode() for code in columns[2]]
        offsets = np.cumsum([0, *map(len, names)], dtype=np.int64)
        data = np.frombuffer(b"".join(names), np.uint8)
        times, marks = np.array(columns[0], np.int64), np.array(columns[1], np.uint8)
        got = disorder.take(times, marks, hashes, offsets, data)
        assert got.tolist() == expected
    told = list(zip(*(column.tolist() for column in disorder.producers()), strict=True))
    offsets, data = disorder.names(np.arange(len(told)))
    shown = [data[lo:hi].tobytes().decode() for lo, hi in pairwise(offsets.tolist())]
    assert dict(zip(shown, map(list, told), strict=True)) == {f"p{code}": figures[code] for code in figures}


def test_without_producers_all_are_one() -> None:
    disorder = Disorder()
    assert disorder.take(np.array([5, 3, 9, 1]), None).tolist() == [0, 2, 0, 8]


def test_what_cannot_be_is_refused_and_nothing_has_moved() -> None:
    disorder, times = Disorder(), np.array([1, 2])
    nothing = np.zeros(0, np.uint8)
    with pytest.raises(ValueError, match="dated"):
        disorder.take(times, np.ones(1, np.uint8))
    with pytest.raises(ValueError, match="hashes"):
        disorder.take(times, None, np.zeros(3, np.uint64), np.zeros(4, np.int64), nothing)
    with pytest.raises(ValueError, match="there are no names"):
        disorder.take(times, None, np.zeros(2, np.uint64))
    with pytest.raises(ValueError, match="text_offsets"):
        disorder.take(times, None, np.zeros(2, np.uint64), np.array([0, 1, 2]), nothing)
    assert [len(each) for each in disorder.producers()] == [0, 0, 0]
    with pytest.raises(IndexError):
        disorder.names(np.zeros(1, np.int64))
