"""Rows that are changed by steps: as the plain twin changes them."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from oracle.changes import Number, spelt
from tools.change_twins import column, edited, listed, values

from streamstat import kernels

NAMES = st.sampled_from(["a", "b", "c", "0", "1", "3"])
LEAVES = st.sampled_from([None, True, "x", Number("7"), Number("1.50")])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
ROWS = st.dictionaries(NAMES, VALUES, max_size=4)
PATHS = st.lists(NAMES | st.sampled_from([Number("0"), Number("2")]), min_size=1, max_size=3)
STEPS = st.lists(
    st.tuples(st.just("="), PATHS, VALUES).map(list)
    | st.tuples(st.just("-"), PATHS).map(list)
    | st.tuples(st.just("<"), PATHS, st.sampled_from([Number("0"), Number("1")])).map(list),
    max_size=5,
)


def edit(row: Any, steps: Any) -> Any:
    text = "" if row is None else spelt(row)
    return values(listed(kernels.rows_edited(*column([text]), *column([spelt(steps)]))))[0]


@given(ROWS, STEPS)
@example({"a": [{"b": Number("1")}]}, [["=", ["a", "0", "b"], Number("2")], ["=", ["a", "3"], None]])
@example({"a": "x"}, [["=", ["a", "b"], Number("1")], ["-", ["a", "c"]]])
def test_steps_change_a_row_deep_inside(row: dict[str, Any], steps: list[Any]) -> None:
    found = edit(row, steps)
    assert found == edited(row, steps)
    assert spelt(found) == spelt(edited(row, steps))


@given(VALUES, VALUES | st.lists(VALUES, max_size=2))
def test_what_is_no_row_or_no_steps_changes_nothing(row: Any, steps: Any) -> None:
    assert edit(row, steps) == (None if row is not None and not isinstance(row, dict) else edited(row, steps))


def test_an_unknown_row_is_made_of_its_steps() -> None:
    assert edit(None, [["=", ["_id"], Number("7")], ["=", ["a", "b"], "x"]]) == {
        "_id": Number("7"),
        "a": {"b": "x"},
    }


def test_spelling_is_kept_where_nothing_changes() -> None:
    rows, steps = column(['{"a": {"x" : 1.50},"b":[ 1 ]}']), column(['[["=",["c"],1.0]]'])
    assert listed(kernels.rows_edited(*rows, *steps)) == ['{"a":{"x" : 1.50},"b":[ 1 ],"c":1.0}']
