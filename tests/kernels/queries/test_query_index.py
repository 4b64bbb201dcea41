"""The index of queries on hostile programs and columns; that it finds what holds is for the tests of the engine."""

import struct
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.expression_rows import column

from streamstat.kernels import QueryIndex
from streamstat.values.columns import I64, U8, arrays_of

Column = tuple[U8, I64, I64, U8]
NOTHING: I64 = np.zeros(0, np.int64)


def index_of(programs: list[bytes], fields: int) -> QueryIndex:
    offsets = np.cumsum([0, *map(len, programs)], dtype=np.int64)
    return QueryIndex(offsets, np.frombuffer(b"".join(programs), np.uint8), fields)


def text(value: str) -> bytes:
    return struct.pack("<I", len(value.encode())) + value.encode()


def equals(field: int, value: str | int) -> bytes:
    literal = b"\3" + struct.pack("<q", value) if isinstance(value, int) else b"\5" + text(value)
    return b"c\0" + struct.pack("<I", field) + literal


def words(field: int, phrase: str) -> bytes:
    return b"w" + struct.pack("<I", field) + text(phrase)


def both(*parts: bytes) -> bytes:
    return b"a" + struct.pack("<H", len(parts)) + b"".join(parts)


def either(*parts: bytes) -> bytes:
    return b"o" + struct.pack("<H", len(parts)) + b"".join(parts)


def values(cells: list[bool | int | float | str | None]) -> Column:
    kinds, numbers, offsets, data = arrays_of(column(list(cells)))
    return kinds, numbers, offsets, data


def hits(index: QueryIndex, columns: list[Column], rows: int, most: int = 100) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    begin = 0
    while begin < rows:
        end, at, queries, _, _ = index.search(columns, None, None, None, begin, rows, most)
        assert begin < end <= rows
        found += zip(at.tolist(), queries.tolist(), strict=True)
        begin = end
    return found


def test_a_search_ends_behind_the_row_that_gives_hits_enough() -> None:
    index = index_of([equals(0, 1), equals(0, 1), equals(0, 2)], 1)
    found = index.search([values([1, 2, 1, 3])], None, None, None, 0, 4, 2)
    assert (found[0], found[1].tolist(), found[2].tolist()) == (1, [0, 0], [0, 1])
    assert hits(index, [values([1, 2, 1, 3])], 4, 1) == [(0, 0), (0, 1), (1, 2), (2, 0), (2, 1)]


def test_of_parts_that_must_all_hold_the_rarest_is_looked_up() -> None:
    index = index_of([both(b"c\0\0\0\0\0\2", words(1, "disk full"))], 2)
    assert hits(index, [values([True, True]), values(["disk full", "ok"])], 2) == [(0, 0)]
    assert index.evaluated().tolist() == [1]


def test_a_query_of_several_parts_is_evaluated_once_for_an_event() -> None:
    index = index_of([either(equals(0, "a"), words(0, "a"), b"s\0\0\0\0" + text("a"))], 1)
    assert hits(index, [values(["a", "a b", "b a", "b"])], 4) == [(0, 0), (1, 0), (2, 0)]
    assert index.evaluated().tolist() == [3]


def test_queries_that_nothing_can_be_looked_up_of_are_told() -> None:
    programs = [
        equals(0, 1),
        b"c\4\0\0\0\0\3" + bytes(8),
        either(equals(0, 1), b"?"),
        b"n" + equals(0, 1),
        b"z\0\0\0\0",
    ]
    assert index_of(programs, 1).always().tolist() == [1, 2, 3, 4]


def test_what_is_not_known_is_left_open() -> None:
    index = index_of([both(equals(0, 1), b"?"), either(equals(0, 1), b"?"), b"n?"], 1)
    _, rows, queries, open_rows, open_queries = index.search([values([1, 2])], None, None, None, 0, 2, 100)
    assert list(zip(rows.tolist(), queries.tolist(), strict=True)) == [(0, 1)]
    assert list(zip(open_rows.tolist(), open_queries.tolist(), strict=True)) == [
        (0, 0),
        (0, 2),
        (1, 1),
        (1, 2),
    ]


def test_rows_that_are_not_wanted_and_queries_that_are_muted_are_left_out() -> None:
    index = index_of([equals(0, 1), equals(0, 1)], 1)
    found = index.search(
        [values([1, 1, 1])], None, np.array([1, 0, 1], np.uint8), np.array([1, 0], np.uint8), 0, 3, 100
    )
    assert (found[1].tolist(), found[2].tolist()) == ([0, 2], [1, 1])


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        (b"", "ends too early"),
        (b"x", "not of this kind"),
        (equals(0, 1) + b"?", "bytes after its end"),
        (equals(1, 1), "not of this kind"),
        (b"a\0\0", "not of this kind"),
        (b"a\2\0" + equals(0, 1), "ends too early"),
        (words(0, "--"), "a phrase without a word"),
        (b"c\7\0\0\0\0\3" + bytes(8), "not of this kind"),
        (b"c\0\0\0\0\0\6", "not of this kind"),
        (b"c\0\0\0\0\0\4" + struct.pack("<d", float("nan")), "not of this kind"),
        (b"i\0\0\0\0\0\xff\xff\xff\xff\3", "ends too early"),
        (b"n" * 300 + b"?", "not of this kind"),
    ],
)
def test_what_is_no_program_is_refused_with_its_number(program: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=f"query 1: snapshot: .*{problem}"):
        index_of([b"?", program], 1)


def test_columns_that_do_not_fit_are_refused() -> None:
    index = index_of([equals(0, 1)], 1)
    for columns in ([], [values([1])], [values([1, 2]), values([1, 2])]):
        with pytest.raises(ValueError, match="columns"):
            index.search(columns, None, None, None, 0, 2, 10)
    kinds, numbers, offsets, data = values([1, 2])
    with pytest.raises(ValueError, match="numbers"):
        index.search([(kinds, numbers[:1].copy(), offsets, data)], None, None, None, 0, 2, 10)
    with pytest.raises(ValueError, match="text_offsets"):
        index.search([(kinds, numbers, offsets[:2].copy(), data)], None, None, None, 0, 2, 10)
    with pytest.raises(ValueError, match="wanted"):
        index.search([values([1, 2])], None, np.ones(1, np.uint8), None, 0, 2, 10)
    with pytest.raises(ValueError, match="muted"):
        index.search([values([1, 2])], None, None, np.ones(2, np.uint8), 0, 2, 10)
    with pytest.raises(ValueError, match="written"):
        index.search([values([1, 2])], (np.zeros(2, np.int64), np.zeros(0, np.uint8)), None, None, 0, 2, 10)


def test_columns_without_numbers_or_texts_hold_no_value() -> None:
    index = index_of([equals(0, 1), equals(0, "a"), words(0, "a"), b"z\0\0\0\0"], 1)
    kinds = np.array([3, 5, 0], np.uint8)
    assert hits(index, [(kinds, NOTHING, NOTHING, np.zeros(0, np.uint8))], 3) == [(2, 3)]


pieces = st.sampled_from(
    [
        b"a\2\0",
        b"o\2\0",
        b"n",
        b"?",
        equals(0, 1),
        equals(0, "a"),
        words(0, "a"),
        b"y" + text("a"),
        b"i\0\0\0\0\0\2\0\0\0",
    ]
)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.binary(max_size=30) | st.lists(pieces, max_size=6).map(b"".join), max_size=4),
    st.binary(max_size=12),
)
def test_no_program_and_no_bytes_do_harm(programs: list[bytes], data: bytes) -> None:
    try:
        index = index_of(programs, 1)
    except ValueError:
        return
    kinds = np.array([kind % 8 for kind in data], np.uint8)
    offsets = np.arange(len(data) + 1, dtype=np.int64)
    numbers = np.full(len(data), -1, np.int64)
    columns = [(kinds, numbers, offsets, np.frombuffer(data, np.uint8))]
    index.search(columns, (offsets, np.frombuffer(data, np.uint8)), None, None, 0, len(data), 10)


def test_threads_that_share_an_index_lose_no_count() -> None:
    index = index_of([equals(0, 1)], 1)
    cells = values([1] * 1000)
    threads = [
        threading.Thread(
            target=lambda: [index.search([cells], None, None, None, 0, 1000, 10**6) for _ in range(20)]
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert index.evaluated().tolist() == [80_000]
