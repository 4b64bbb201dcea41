"""Positions as texts spell them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.change_twins import column, listed

from streamstat import kernels
from streamstat.values.columns import Texts

NONE = None


def places(arrays: tuple[object, ...]) -> list[tuple[int, int] | None]:
    high, low, valid = (each.tolist() for each in arrays)  # type: ignore[attr-defined]
    return [(a, b) if known else NONE for a, b, known in zip(high, low, valid, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0/1D4C8C0", (0, 30_722_240)),
        ("FFFFFFFF/ffffffff", (0, 2**64 - 1)),
        *(
            (text, NONE)
            for text in ("", "/", "0/", "/0", "0x1/0", "0/0/0", "0/100000000", "-1/0", "0 /1", "g/0")
        ),
    ],
)
def test_lsns(text: str, expected: tuple[int, int] | None) -> None:
    assert places(kernels.lsns(*column([text]))) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["24023119","24023128"]', (24_023_119, 24_023_128)),
        ('[ "1" , 2 ]', (1, 2)),
        ('[null,"7"]', (0, 7)),
        ('["18446744073709551615","18446744073709551615"]', (2**64 - 1, 2**64 - 1)),
        *(
            (text, NONE)
            for text in ('["7",null]', "[]", '["1"]', '["1","2","3"]', '["x","1"]', '["-1","1"]', "", "7")
        ),
        *(
            (text, NONE)
            for text in ('["18446744073709551616","1"]', '["1","2"', '["1","2"]]', '["","1"]', '[1.5,"1"]')
        ),
    ],
)
def test_sequences(text: str, expected: tuple[int, int] | None) -> None:
    assert places(kernels.sequences(*column([text]))) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00000027:00000758:0005", (0x27 << 32 | 0x758, 5)),
        ("0:0:ffffffff", (0, 2**32 - 1)),
        *((text, NONE) for text in ("", "::", "1:2", "1:2:", "1:2:3:4", "100000000:0:0", "1:2:x")),
    ],
)
def test_numbers_of_sql_server(text: str, expected: tuple[int, int] | None) -> None:
    assert places(kernels.hex_lsns(*column([text]))) == [expected]


@pytest.mark.parametrize(
    ("text", "has_place", "base", "expected"),
    [
        ("master.000006:800911", True, "master.", (6, 800_911)),
        ("a:b.7:4", True, "a:b.", (7, 4)),
        ("7:4", True, "", (7, 4)),
        ("binlog.1000", False, "binlog.", (1000, 0)),
        ("a:7", False, "a:", (7, 0)),
        *(
            (text, True, "", NONE)
            for text in ("", "master.000006", "7", ":4", "m:4", "m.1:", "m.1:x", "m.1:-4")
        ),
        *((text, False, "", NONE) for text in ("", "binlog", "b.184467440737095516160")),
    ],
)
def test_files_of_a_log(text: str, has_place: bool, base: str, expected: tuple[int, int] | None) -> None:
    found, bases = kernels.log_places(*column([text]), has_place)
    assert places(found) == [expected]
    assert expected is NONE or listed(bases) == [base]


NUMBERS = st.integers(0, 2**64 - 1) | st.integers(0, 300)


@given(st.lists(st.tuples(st.lists(NUMBERS, min_size=2, max_size=2), st.booleans()), max_size=8))
def test_packed_numbers_compare_as_numbers_do(rows: list[tuple[list[int], bool]]) -> None:
    columns = [np.array([numbers[i] for numbers, _ in rows], np.uint64) for i in (0, 1)]
    known = np.array([is_known for _, is_known in rows], np.uint8)
    texts = Texts(*kernels.packed_numbers(columns, known))
    packed = [texts[i] for i in range(len(rows))]
    assert [len(each) for each in packed] == [16 * is_known for _, is_known in rows]
    said = [(text, numbers) for text, (numbers, is_known) in zip(packed, rows, strict=True) if is_known]
    assert all((a < b) == (one < other) for a, one in said for b, other in said)


def test_columns_of_other_lengths() -> None:
    with pytest.raises(ValueError, match="columns"):
        kernels.packed_numbers([np.zeros(2, np.uint64)], np.ones(1, np.uint8))
