"""Any expression over any rows gives what its twin gives, wherever blocks are cut."""

import ast

from hypothesis import given, settings
from hypothesis import strategies as st
from tools.expression_rows import HUGE, OBJECT, Cell, Row, evaluate
from tools.expression_twin import twin

edges = [0, 1, -1, 2**31, 2**53, 2**53 + 1, -(2**53) - 1, 2**62, 2**63 - 1, -(2**63), 3_037_000_500]
integers = st.sampled_from(edges) | st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
doubles = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.5, -0.0, 2.0**53, 2.0**63, -(2.0**63), 1e300, 5e-324, 1.0]
)
words = st.text("aAbBéÉ한/.", max_size=4)
cells = st.none() | st.booleans() | integers | doubles | words | st.sampled_from([OBJECT, HUGE])
fields = st.sampled_from(["x", "y", "z"])
literals = (st.none() | st.booleans() | integers | doubles | words).map(repr)


def composed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    comparisons = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "and", "or"]), inner),
        st.builds("({} {} {})".format, inner, comparisons, inner),
        st.builds("({} {} {} {} {})".format, inner, comparisons, inner, comparisons, inner),
        st.builds("({} {} ({}, {}))".format, inner, st.sampled_from(["in", "not in"]), inner, inner),
        st.builds(
            "({} in {!r})".format,
            inner,
            st.lists(integers | words | doubles, min_size=3, max_size=9).map(tuple),
        ),
        st.builds("({} {} None)".format, inner, st.sampled_from(["is", "is not"])),
        st.builds("({} {})".format, st.sampled_from(["not", "-"]), inner),
        st.builds("{}({})".format, st.sampled_from(["len", "lower", "upper"]), inner),
        st.builds(
            "{}({}, {!r})".format, st.sampled_from(["contains", "startswith", "endswith"]), inner, words
        ),
        st.builds("matches({}, {!r})".format, inner, st.sampled_from(["a", "^A", "[ab]+.$", "é|한"])),
    )


expressions = st.recursive(fields | literals, composed, max_leaves=6)
blocks = st.lists(st.fixed_dictionaries({"x": cells, "y": cells, "z": cells}), max_size=6)


def spelled(cells: list[Cell]) -> list[str]:
    return [repr(cell) for cell in cells]  # tells 1 from 1.0 and True, and -0.0 from 0.0


@settings(max_examples=600, deadline=None)
@given(expressions, blocks)
def test_every_expression_agrees_with_its_twin(text: str, rows: list[Row]) -> None:
    tree = ast.parse(text, mode="eval").body
    assert spelled(evaluate(text, rows)) == spelled([twin(tree, row) for row in rows])


@settings(max_examples=150, deadline=None)
@given(expressions, blocks, st.integers(0, 6))
def test_a_row_gives_the_same_in_any_block(text: str, rows: list[Row], cut: int) -> None:
    assert spelled(evaluate(text, rows)) == spelled(evaluate(text, rows[:cut]) + evaluate(text, rows[cut:]))
