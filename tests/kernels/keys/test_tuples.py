"""The table of tuples against a list."""

import doctest
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.kernels import TupleTable

Row = tuple[int, ...]


def columns(rows: list[Row], width: int) -> list[npt.NDArray[np.int32]]:
    return [np.array([row[c] for row in rows], np.int32) for c in range(width)]


def contents(tuples: TupleTable) -> list[Row]:
    return list(
        zip(
            *(column.tolist() for column in tuples.columns(np.arange(len(tuples), dtype=np.int32))),
            strict=True,
        )
    )


def intern_plainly(known: list[Row], rows: list[Row], take: list[bool]) -> list[int]:
    ids = []
    for row, taken in zip(rows, take, strict=True):
        if taken and row not in known:
            known.append(row)
        ids.append(known.index(row) if taken else -1)
    return ids


codes = st.one_of(st.integers(0, 3), st.integers(-(2**31), 2**31 - 1))


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 6), st.data())
def test_rows_are_numbered_as_they_come(width: int, data: st.DataObject) -> None:
    tuples, known = TupleTable(width), list[Row]()
    for _ in range(data.draw(st.integers(0, 5))):
        rows = data.draw(st.lists(st.tuples(*[codes] * width), max_size=80))
        take = data.draw(
            st.one_of(st.none(), st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
        )
        found = tuples.find(columns(rows, width)).tolist()
        assert found == [known.index(row) if row in known else -1 for row in rows]
        ids = tuples.intern(columns(rows, width), None if take is None else np.array(take, np.uint8))
        assert ids.tolist() == intern_plainly(known, rows, [True] * len(rows) if take is None else take)
        if data.draw(st.booleans()):
            live = data.draw(st.lists(st.booleans(), min_size=len(known), max_size=len(known)))
            kept = [row for row, flag in zip(known, live, strict=True) if flag]
            mapping = [kept.index(row) if flag else -1 for row, flag in zip(known, live, strict=True)]
            assert tuples.retain(np.array(live, np.uint8)).tolist() == mapping
            known = kept
        resumed = TupleTable(width)
        resumed.restore(tuples.snapshot())
        tuples = resumed
        assert len(tuples) == len(known)
        assert contents(tuples) == known


def test_the_order_of_columns_matters() -> None:
    tuples = TupleTable(2)
    assert tuples.intern(columns([(1, 2), (2, 1), (1, 2), (0, 0)], 2)).tolist() == [0, 1, 0, 2]


def test_rows_of_one_hash_are_different_rows() -> None:
    # The state after two columns has 64 bits; a third column can undo a difference in the lower 32.
    firsts, seconds = np.random.default_rng(4).integers(0, 2**31, (2, 2**20), dtype=np.uint64)
    states = np.zeros_like(firsts)
    for column in (firsts, seconds):
        states = (states ^ column) * np.uint64(0x9E3779B185EBCA87)
        states ^= states >> np.uint64(32)
    order = np.argsort(states)
    same = np.diff(states[order] >> np.uint64(32)) == 0
    pairs = np.concatenate([order[:-1][same], order[1:][same]])
    thirds = states[pairs].astype(np.uint32)
    rows = [firsts[pairs].astype(np.int32), seconds[pairs].astype(np.int32), thirds.view(np.int32)]
    assert len(pairs) > 50
    assert np.array_equal(TupleTable(3).intern(rows), np.arange(len(pairs)))


def test_many_rows_keep_their_ids() -> None:
    tuples, n = TupleTable(3), 40_000
    rows = [np.arange(n, dtype=np.int32) % 200, np.arange(n, dtype=np.int32) // 200, np.full(n, 7, np.int32)]
    order = np.random.default_rng(2).permutation(n)
    assert np.array_equal(tuples.intern(rows), np.arange(n))
    assert np.array_equal(tuples.intern([column[order] for column in rows]), order)


@pytest.mark.parametrize("width", [0, -1, 4097, 2**62])
def test_a_width_that_cannot_be_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match="width"):
        TupleTable(width)


def test_wrong_arguments_are_refused() -> None:
    tuples, three, two = TupleTable(2), np.zeros(3, np.int32), np.zeros(2, np.int32)
    tuples.intern([two, two])
    doubles: Any = [np.zeros(3), np.zeros(3)]
    for wrong in ([three], [three, three, three], [], [three, two]):
        with pytest.raises(ValueError, match="columns"):
            tuples.intern(wrong)
        with pytest.raises(ValueError, match="columns"):
            tuples.find(wrong)
    with pytest.raises(ValueError, match="take"):
        tuples.intern([three, three], np.ones(2, np.uint8))
    with pytest.raises(TypeError):
        tuples.intern(doubles)
    for ids in ([1], [-1], [2**31 - 1]):
        with pytest.raises(IndexError):
            tuples.columns(np.array(ids, np.int32))
    with pytest.raises(ValueError, match="live"):
        tuples.retain(np.ones(2, np.uint8))
    with pytest.raises(ValueError, match="another width"):
        TupleTable(3).restore(tuples.snapshot())
    assert contents(tuples) == [(0, 0)]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_snapshots_are_refused_or_harmless(data: st.DataObject) -> None:
    tuples = TupleTable(2)
    tuples.intern(columns([(1, 2), (3, 4), (5, 6)], 2))
    good = tuples.snapshot()
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    bad = bad[: data.draw(st.integers(0, len(bad)))]
    try:
        tuples.restore(bytes(bad))
    except ValueError:
        assert tuples.snapshot() == good
    assert len(contents(tuples)) == len(tuples)


def test_the_example_in_the_documentation_runs() -> None:
    example = doctest.DocTestParser().get_doctest(
        TupleTable.__doc__ or "", {"TupleTable": TupleTable}, "t", None, None
    )
    assert doctest.DocTestRunner().run(example) == (0, 3)
