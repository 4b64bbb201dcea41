"""Objects that are made of what logs say: as the plain twins make them, and from any bytes without harm."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.changes import Number, parsed, plain, spelt, with_numbers
from tools import change_twins as twins
from tools.change_twins import column, listed, values

from streamstat import kernels
from streamstat.values.columns import I64, U8, Kind

NAMES = st.sampled_from(
    ["a", "b", "name", "value", "__op", 'q"', "é", "", "$oid", "$date", "$numberLong", "base64"]
)
NUMBERS = st.sampled_from(["0", "-1", "7", "1.50", "1e400", "12345678901234567890"]).map(Number)
SCALARS = (
    st.none() | st.booleans() | NUMBERS | st.sampled_from(["", "x", "7", "1.50", "NaN", '"\\', "2024-01-01"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=5)
COLUMNS = st.lists(
    st.fixed_dictionaries({"name": NAMES}, optional={"value": VALUES, "type": SCALARS}), max_size=4
)
MADE = (
    *(kernels.objects_of_named, kernels.member_names, kernels.plain_json),
    *(kernels.lsns, kernels.sequences, kernels.hex_lsns, kernels.array_elements),
)


def differing_texts(offsets: I64, data: U8, other_offsets: I64, other_data: U8) -> U8:
    kinds, others = (np.full(len(each) - 1, Kind.TEXT, np.uint8) for each in (offsets, other_offsets))
    return kernels.differing(kinds, offsets, data, others, other_offsets, other_data)


MADE_OF_TWO = (
    *(kernels.objects_of_pairs, kernels.objects_overlaid, kernels.steps_of_updates, kernels.rows_edited),
    differing_texts,
)


@given(
    st.lists(
        st.tuples(st.lists(NAMES, max_size=4, unique=True) | VALUES, st.lists(VALUES, max_size=4)), max_size=4
    )
)
def test_two_lists_are_an_object(rows: list[tuple[Any, Any]]) -> None:
    names, given_values = (
        [spelt(each) for each in side] for side in (zip(*rows, strict=True) if rows else ([], []))
    )
    found = values(listed(kernels.objects_of_pairs(*column(names), *column(given_values))))
    assert found == [twins.pairs(*row) for row in rows]


@given(st.lists(COLUMNS | VALUES, max_size=4))
def test_a_list_of_names_is_an_object(rows: list[Any]) -> None:
    found = values(listed(kernels.objects_of_named(*column([spelt(each) for each in rows]))))
    assert found == [twins.named(each) for each in rows]


@given(st.lists(st.tuples(OBJECTS | VALUES, OBJECTS | VALUES), max_size=4))
def test_the_members_of_one_object_are_laid_over_those_of_another(rows: list[tuple[Any, Any]]) -> None:
    below, above = ([spelt(row[i]) for row in rows] for i in (0, 1))
    found = values(listed(kernels.objects_overlaid(*column(below), *column(above))))
    assert found == [twins.overlaid(*row) for row in rows]
    order = [list(each) if each is not None else None for each in found]
    assert order == [None if (each := twins.overlaid(*row)) is None else list(each) for row in rows]


@given(st.lists(VALUES, max_size=4))
def test_names_and_members_are_those_of_objects_alone(rows: list[Any]) -> None:
    texts = column([spelt(each) for each in rows])
    assert values(listed(kernels.objects_without(*texts, "__"))) == [
        twins.without(each, "__") for each in rows
    ]
    names = values(listed(kernels.member_names(*texts)))
    assert names == [list(each) if isinstance(each, dict) else None for each in rows]


@given(st.lists(VALUES, max_size=4))
def test_elements_are_those_of_arrays(rows: list[Any]) -> None:
    of, texts, valid = kernels.array_elements(*column([spelt(each) for each in rows]))
    assert valid.tolist() == [isinstance(each, list) for each in rows]
    expected = [(i, each) for i, row in enumerate(rows) if isinstance(row, list) for each in row]
    assert list(zip(of.tolist(), values(listed(texts)), strict=True)) == expected


@given(st.lists(VALUES, max_size=4))
def test_extended_json_loses_its_wrappers(rows: list[Any]) -> None:
    found = listed(kernels.plain_json(*column([spelt(each) for each in rows])))
    assert [parsed(each) for each in found] == [plain(each) for each in rows]


@given(
    st.lists(
        st.tuples(OBJECTS, st.dictionaries(NAMES, st.sampled_from(["int", "DECIMAL(1,2)", "text", None])))
    )
)
def test_texts_are_numbers_by_their_types(rows: list[tuple[Any, Any]]) -> None:
    objects, types = ([spelt(row[i]) for row in rows] for i in (0, 1))
    of = np.arange(len(rows), dtype=np.int64)
    found = values(listed(kernels.numbers_by_type(*column(objects), *column(types), of)))
    assert found == [with_numbers(*row) for row in rows]


@pytest.mark.parametrize("kernel", MADE)
@given(
    st.lists(st.binary(max_size=40) | st.text('[]{}",:\\u017a \n', max_size=20).map(str.encode), max_size=4)
)
def test_any_bytes_do_no_harm(kernel: Any, texts: list[bytes]) -> None:
    kernel(*column(texts))


@pytest.mark.parametrize("kernel", MADE_OF_TWO)
@given(st.lists(st.tuples(*[st.text('[]{}",:\\=-<u017a \n', max_size=20).map(str.encode)] * 2), max_size=4))
def test_any_bytes_of_two_columns_do_no_harm(kernel: Any, rows: list[tuple[bytes, bytes]]) -> None:
    kernel(*column([one for one, _ in rows]), *column([other for _, other in rows]))


@pytest.mark.parametrize("kernel", MADE)
def test_offsets_that_are_none_are_refused(kernel: Any) -> None:
    for offsets in ([], [1, 0], [0, 9], [-1, 1]):
        with pytest.raises(ValueError, match="text_offsets"):
            kernel(np.array(offsets, np.int64), np.zeros(3, np.uint8))


@pytest.mark.parametrize("kernel", MADE_OF_TWO)
def test_columns_of_two_lengths_are_refused(kernel: Any) -> None:
    with pytest.raises(ValueError, match="texts: 1 elements, expected 2"):
        kernel(*column(["{}", "{}"]), *column(["{}"]))


NUMERIC = (Kind.INTEGER, Kind.DOUBLE)
KEYS = st.sampled_from(
    [(Kind.TEXT, "7"), (Kind.INTEGER, "7"), (Kind.DOUBLE, "7"), (Kind.INTEGER, "8"), (Kind.NULL, "")]
)


@given(st.lists(st.tuples(KEYS, KEYS)))
def test_keys_differ_by_spelling_and_texts_from_numbers(
    pairs: list[tuple[tuple[Kind, str], tuple[Kind, str]]],
) -> None:
    sides = [[pair[i] for pair in pairs] for i in (0, 1)]
    columns = [
        (np.array([kind for kind, _ in side], np.uint8), *column([text for _, text in side]))
        for side in sides
    ]
    told_apart = [
        [(text, Kind.INTEGER if kind in NUMERIC else kind) for kind, text in side] for side in sides
    ]
    expected = [one != other for one, other in zip(*told_apart, strict=True)]
    assert kernels.differing(*columns[0], *columns[1]).tolist() == expected


def test_kinds_of_another_length_are_refused() -> None:
    one = np.zeros(1, np.uint8)
    for kinds in ((one, one[:0]), (one[:0], one)):
        with pytest.raises(ValueError, match="kinds: 0 elements, expected 1"):
            kernels.differing(kinds[0], *column(["a"]), kinds[1], *column(["a"]))
