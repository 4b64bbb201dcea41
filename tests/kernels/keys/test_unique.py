"""The table of values that were counted before against a dictionary."""

import doctest

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.unique_twin import COUNTS, MAY_BE_LATE, Hash, Row, Twin

from streamstat.kernels import UniqueTable, join_hashes

NEVER = 2**63 - 1
FEW = st.integers(0, 3)
# Alike in one half, in the tag, in the table, in the bucket, but for one bit; zeros, of which no tag can be made.
halves = st.one_of(
    FEW, st.sampled_from([1 << 40, 1 << 47, 1 << 48, (1 << 48) + 1, 1 << 56, 2**64 - 1, 1 << 63])
)
hashes = st.tuples(halves, halves)
marks = st.integers(0, 12)


def run(table: UniqueTable, rows: list[Row], begin: int) -> tuple[int, list[bool]]:
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    low, high = (np.array([value[half] for value in columns[0]], np.uint64) for half in (0, 1))
    forgotten, before = (np.array(column, np.int64) for column in columns[1:3])
    end, duplicates = table.sift(low, high, forgotten, before, np.array(columns[3], np.uint8), begin)
    return end, duplicates.view(np.bool_).tolist()


@settings(max_examples=400, deadline=None, print_blob=True)
@given(forgets=st.booleans(), data=st.data())
def test_tells_what_was_there_before(forgets: bool, data: st.DataObject) -> None:
    table, twin = UniqueTable(forgets), Twin(forgets)
    watermark = 0
    for _ in range(data.draw(st.integers(1, 4))):
        drawn = data.draw(
            st.lists(st.tuples(hashes, marks, st.integers(0, 1), st.integers(0, 3)), max_size=40)
        )
        rows: list[Row] = []
        for value, ahead, step, role in drawn:
            watermark += step
            rows.append((value, watermark + ahead, watermark, role))
        begin, n = 0, len(rows)
        while begin < n:
            end, duplicates = run(table, rows, begin)
            expected_end, expected = twin.sift(rows, begin)
            assert (end, duplicates[begin:end]) == (expected_end, expected[begin:end])
            lost = data.draw(st.lists(st.booleans(), max_size=end))
            table.settle(np.array(lost, np.uint8))
            twin.settle(lost)
            begin = end
        if data.draw(st.booleans()):
            snapshot = table.snapshot()
            table = UniqueTable(forgets)
            table.restore(snapshot)
            assert table.snapshot() == snapshot


def distinct(n: int, seed: int) -> npt.NDArray[np.uint64]:
    return np.random.default_rng(seed).integers(0, 2**64, n, np.uint64)


def sifted(
    table: UniqueTable, low: npt.NDArray[np.uint64], high: npt.NDArray[np.uint64], mark: int, before: int
) -> int:
    """How many of these were there before."""
    n = len(low)
    marks, watermarks = np.full(n, mark), np.full(n, before)
    end, duplicates = table.sift(low, high, marks, watermarks, np.full(n, COUNTS, np.uint8), 0)
    assert end == n
    return int(duplicates.sum())


@pytest.mark.parametrize("forgets", [False, True])
def test_many_values_are_all_known_again(forgets: bool) -> None:
    table, low, high = UniqueTable(forgets), distinct(300_000, 1), distinct(300_000, 2)
    for lo in range(0, 300_000, 10_000):
        part = slice(lo, lo + 10_000)
        assert sifted(table, low[part], high[part], NEVER, 0) == 0
    assert len(table) == 300_000
    assert sifted(table, low, high, NEVER, 0) == 300_000
    assert sifted(table, high, low, NEVER, 0) == 0


def test_what_was_lost_once_is_not_asked_for_again() -> None:
    table, one, other = UniqueTable(True), (1 << 56, 1), (2 << 56, 2)
    assert run(table, [(one, 9, 0, MAY_BE_LATE)], 0) == (1, [False])
    table.settle(np.ones(1, np.uint8))
    assert run(table, [(other, 9, 0, MAY_BE_LATE)], 0) == (1, [False])
    table.settle(np.zeros(1, np.uint8))
    assert run(table, [(one, 9, 0, COUNTS), (other, 9, 0, COUNTS)], 0) == (2, [False, True])


@pytest.mark.parametrize("half", [7, 1 << 55, 2**64 - 1])
def test_values_of_one_half_are_told_apart(half: int) -> None:
    """Those that share the half that places them all want the same bucket: a first one, a middle one, a last one."""
    table, low = UniqueTable(False), distinct(5_000, 3)
    same = np.full(5_000, half, np.uint64)
    assert sifted(table, low, same, NEVER, 0) == 0
    assert sifted(table, same, low, NEVER, 0) == 0
    assert (sifted(table, low, same, NEVER, 0), sifted(table, same, low, NEVER, 0)) == (5_000, 5_000)


def test_what_is_forgotten_takes_no_room() -> None:
    table, low, high = UniqueTable(True), distinct(1_000_000, 4), distinct(1_000_000, 5)
    for second in range(100):
        part = slice(10_000 * second, 10_000 * (second + 1))
        assert sifted(table, low[part], high[part], second + 2, second) == 0
    assert len(table) < 150_000
    assert sifted(table, low[:10_000], high[:10_000], 200, 100) == 0
    assert sifted(table, low[990_000:], high[990_000:], 200, 100) == 10_000


def test_sweep_drops_what_is_forgotten_and_nothing_else() -> None:
    table, low, high = UniqueTable(True), distinct(400_000, 8), distinct(400_000, 9)
    old, kept, more = slice(100_000), slice(100_000, 200_000), slice(200_000, 400_000)
    assert sifted(table, low[old], high[old], 5, 0) == 0
    assert sifted(table, low[kept], high[kept], 6, 0) == 0
    one = int(low[100_000]), int(high[100_000])
    assert run(table, [(one, 9, 5, COUNTS), (one, 9, 6, COUNTS)], 0) == (2, [True, False])
    assert len(table) == 100_000
    assert sifted(table, low[more], high[more], 9, 6) == 0
    assert len(table) == 300_000
    assert sifted(table, low[:1], high[:1], 9, 6) == 0
    assert len(table) == 200_002
    restored = UniqueTable(True)
    restored.restore(table.snapshot())
    assert sifted(restored, low[more], high[more], 9, 6) == 200_000


@pytest.mark.parametrize("other", [(3 << 56, 1), (2 << 56, 2 << 56)], ids=["of one part", "of another part"])
def test_entries_that_no_table_has_are_refused(other: Hash) -> None:
    """Twice the same, not in their order, of a tag that stands for nothing: each would be counted and never found."""
    table = UniqueTable(True)
    run(table, [((2 << 56, 1), 5, 0, COUNTS), (other, 5, 0, COUNTS)], 0)
    good = table.snapshot()
    head, first, second = good[:-48], good[-48:-24], good[-24:]
    untagged = second[:8] + bytes(8) + second[16:]
    for bad in (head + first + first, head + second + first, head + first + untagged):
        with pytest.raises(ValueError, match="snapshot: "):
            table.restore(bad)
    table.restore(good)


def test_rows_of_other_sizes_are_refused() -> None:
    three, two = np.zeros(3, np.uint64), np.zeros(2, np.uint64)
    times, roles = np.zeros(3, np.int64), np.zeros(3, np.uint8)
    with pytest.raises(ValueError, match="high"):
        UniqueTable(True).sift(three, two, times, times, roles, 0)
    with pytest.raises(ValueError, match="columns"):
        join_hashes([three, two])
    with pytest.raises(ValueError, match="none"):
        join_hashes([])


def test_hashes_are_joined_row_by_row_in_their_order() -> None:
    one, other = distinct(3, 6), distinct(3, 7)
    assert join_hashes([one, other])[1:].tolist() == join_hashes([one[1:], other[1:]]).tolist()
    assert join_hashes([one, other]).tolist() != join_hashes([other, one]).tolist()


def test_example() -> None:
    example = doctest.DocTestParser().get_doctest(
        UniqueTable.__doc__ or "", {"UniqueTable": UniqueTable}, "UniqueTable", None, 0
    )
    assert doctest.DocTestRunner().run(example) == (0, 5)
