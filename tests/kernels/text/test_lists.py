"""Columns of cells read again: which kinds are in them, and their lists taken apart, or refused."""

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.cell_columns import NULL, Cell, array, column, double, integer

from streamstat.kernels import read_lists, survey_column
from streamstat.values.columns import ColumnType


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([NULL, integer(5, b"5")], 1 << 0 | 1 << 3),
        ([double(2.0**64, b"18446744073709551616"), double(1e300, b"1e300")], 1 << 4),
        ([double(2.0**64, b"18446744073709551617")], 1 << 4 | 1 << 8),
        ([double(-1e25, b"-10000000000000000905969664")], 1 << 4),
        ([double(-1e25, b"-10000000000000000000000000")], 1 << 4 | 1 << 8),
        ([integer((1 << 53) + 1, b"9007199254740993")], 1 << 3 | 1 << 9),
        ([integer((1 << 53) + 1)], 1 << 3),
        ([integer((1 << 63) - 1, b"9223372036854775807")], 1 << 3 | 1 << 9),
        ([integer(-(1 << 63), b"-9223372036854775808")], 1 << 3),
    ],
)
def test_survey_tells_kinds_and_what_doubles_would_lose(cells: list[Cell], expected: int) -> None:
    assert survey_column(column(cells), 0, len(cells)) == expected


def test_lists_are_taken_apart() -> None:
    texts = [array(b"[[1.5, 3],[null,4]]"), NULL, array(b"[]"), array(b" [ [ -2 , 7 ] ] ")]
    starts, uppers, counts, *_ = read_lists(column(texts, ColumnType.HISTOGRAM), 0, 4)
    assert (starts.tolist(), counts.tolist()) == ([0, 2, 2, 2, 3], [3, 4, 7])
    assert [None if math.isnan(upper) else upper for upper in uppers.tolist()] == [1.5, None, -2.0]


def test_values_of_tops_are_plain_strings_or_json() -> None:
    values = ["", 'a,]"\\', "\n\u20ac😀", 1.5, True, [1, ["]"], {"a": "}"}], {"b": []}]
    listed = json.dumps([[value, 5, 1] for value in values]).encode()
    starts, _, counts, errors, offsets, data = read_lists(column([array(listed)], ColumnType.TOP), 0, 1)
    shown = [data.tobytes()[a:b].decode() for a, b in pairwise(offsets)]
    assert shown == [value if isinstance(value, str) else json.dumps(value) for value in values]
    assert (starts.tolist(), set(counts.tolist()), set(errors.tolist())) == ([0, 7], {5}, {1})


def test_values_of_lists_are_plain_strings_or_json() -> None:
    texts = [array(b'["a,]\\"",1.50,{"b": [2]}]'), NULL, array(b"[]"), array(b' [ "" , true ] ')]
    starts, *_, offsets, data = read_lists(column(texts, ColumnType.LIST), 0, 4)
    assert starts.tolist() == [0, 3, 3, 3, 5]
    shown = [data.tobytes()[a:b].decode() for a, b in pairwise(offsets)]
    assert shown == ['a,]"', "1.50", '{"b": [2]}', "", "true"]


@settings(deadline=None)
@given(
    st.lists(
        st.text()
        | st.integers()
        | st.booleans()
        | st.lists(st.text())
        | st.dictionaries(st.text(), st.none())
    )
)
def test_any_value_of_a_top_reads_back(values: list[object]) -> None:
    listed = json.dumps([[value, 1, 0] for value in values]).encode()
    *_, offsets, data = read_lists(column([array(listed)], ColumnType.TOP), 0, 1)
    shown = [data.tobytes()[a:b].decode() for a, b in pairwise(offsets)]
    lone = [
        v.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(v, str) else v
        for v in values
    ]
    assert shown == [value if isinstance(value, str) else json.dumps(value) for value in lone]


@pytest.mark.parametrize(
    "listed",
    [b"", b"[", b"]", b"[[", b"[[1]]", b"[[1,2]", b"[[1,2]]x", b"[1,2]", b"[[1,2,3,4]]", b'[["a,1,0]]',
     b"[[,1,0]]", b'[["\\u12",1,0]]', b'[["\\x",1,0]]', b'[["\\", 1,0]]', b"[[1,99999999999999999999,0]]",
     b"[[}},1,0]]", b"{}", b'[["a"b,1,0]]', b"null"],
)  # fmt: skip
@pytest.mark.parametrize("kind", [ColumnType.HISTOGRAM, ColumnType.TOP])
def test_other_texts_are_no_lists(listed: bytes, kind: ColumnType) -> None:
    with pytest.raises(ValueError, match="not a list"):
        read_lists(column([array(listed)], kind), 0, 1)


@pytest.mark.parametrize(
    "listed", [b"", b"[", b"]", b"[1", b"[1]x", b"[,]", b"[1,]", b'["a]', b'["a"b]', b"{}", b"1", b"[{]"]
)
def test_other_texts_are_no_lists_of_values(listed: bytes) -> None:
    with pytest.raises(ValueError, match="not a list"):
        read_lists(column([array(listed)], ColumnType.LIST), 0, 1)


@settings(deadline=None)
@given(st.binary(max_size=40), st.sampled_from([ColumnType.HISTOGRAM, ColumnType.TOP, ColumnType.LIST]))
def test_random_bytes_never_crash_the_list_reader(listed: bytes, kind: ColumnType) -> None:
    try:
        read_lists(column([array(listed)], kind), 0, 1)
    except ValueError as error:
        assert "not a list" in str(error)
