"""Any expression over any rows gives what its twin gives, wherever blocks are cut."""

import ast

from hypothesis import given, settings
from hypothesis import strategies as st
from tools.expression_rows import HUGE, OBJECT, Cell, Row, evaluate
from tools.expression_twin import twin

edges = [0, 1, -1, 2**31, 2**53, 2**53 + 1, -(2**53) - 1, 2**62, 2**63 - 1, -(2**63), 3_037_000_500]
large = [2**63, 2**63 + 1, 2**64 - 1, 2**64, -(2**63) - 1, 10**20, 15878708649682983132, 15878708649682983133]
integers = st.sampled_from(edges + large) | st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
doubles = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.5, -0.0, 2.0**53, 2.0**63, -(2.0**63), 1e300, 5e-324, 1.0]
)
words = st.text("aAbBéÉ한/.", max_size=4)
spellings = st.sampled_from(
    ["503", " 12 ", "-1.5", "1h2m", "165.3ms", "PT26.4S", "1.5GiB", "20k", "1e999", "b=c=d"]
)
cells = st.none() | st.booleans() | integers | doubles | words | spellings | st.sampled_from([OBJECT, HUGE])
fields = st.sampled_from(["x", "y", "z"])
literals = (st.booleans() | integers | doubles | words).map(repr)
places = st.integers(-3, 3)
phrases = st.sampled_from(["a", "A b", "é", "한", "ab/A"])
patterns = st.sampled_from(["a", "^A", "[ab]+.$", "é|한", "a(b)?", "(a)|b", "[0-9]+", "(.)(.)"])


def composed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    comparisons = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return st.one_of(
        st.builds(
            "({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "and", "or"]), inner
        ),
        st.builds("({} {} {})".format, inner, comparisons, inner),
        st.builds("({} {} {} {} {})".format, inner, comparisons, inner, comparisons, inner),
        st.builds(
            "({} {} ({}, {}))".format,
            inner,
            st.sampled_from(["in", "not in"]),
            inner,
            inner | st.just("None"),
        ),
        st.builds("({} in ({}))".format, inner, inner),
        st.builds(
            "({} in {!r})".format,
            inner,
            st.lists(integers | words | doubles, min_size=3, max_size=9).map(tuple),
        ),
        st.builds("({} {} None)".format, inner, st.sampled_from(["is", "is not"])),
        st.builds("({} {})".format, st.sampled_from(["not", "-"]), inner),
        st.builds(
            "{}({})".format, st.sampled_from(["len", "lower", "upper", "text", "number", "duration"]), inner
        ),
        st.builds("{}({})".format, st.sampled_from(["size", "abs", "floor", "ceil", "round"]), inner),
        st.builds("round({}, {})".format, inner, places),
        st.builds("coalesce({}, {})".format, inner, inner),
        st.builds("coalesce({}, {}, {})".format, inner, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner | st.just("None")),
        st.builds("substring({}, {}, {})".format, inner, places, places),
        st.builds("substring({}, {})".format, inner, places),
        st.builds("split({}, {!r}, {})".format, inner, st.sampled_from(["/", "a", "한", "aa", "="]), places),
        st.builds("replace({}, {!r}, {!r})".format, inner, patterns, st.sampled_from(["", "x", "한"])),
        st.builds("extract({}, {!r})".format, inner, patterns),
        st.builds(
            "{}({}, {!r})".format, st.sampled_from(["contains", "startswith", "endswith"]), inner, words
        ),
        st.builds("matches({}, {!r})".format, inner, patterns),
        st.builds("words({}, {!r})".format, inner, phrases),
    )


expressions = st.recursive(fields | literals, composed, max_leaves=6)
blocks = st.lists(st.fixed_dictionaries({"x": cells, "y": cells, "z": cells}), max_size=6)


def spelled(cells: list[Cell]) -> list[str]:
    return [repr(cell) for cell in cells]  # tells 1 from 1.0 and True, and -0.0 from 0.0


@settings(max_examples=800, deadline=None)
@given(expressions, blocks)
def test_every_expression_agrees_with_its_twin(text: str, rows: list[Row]) -> None:
    tree = ast.parse(text, mode="eval").body
    assert spelled(evaluate(text, rows)) == spelled([twin(tree, row) for row in rows])


@settings(max_examples=150, deadline=None)
@given(expressions, blocks, st.integers(0, 6))
def test_a_row_gives_the_same_in_any_block(text: str, rows: list[Row], cut: int) -> None:
    assert spelled(evaluate(text, rows)) == spelled(evaluate(text, rows[:cut]) + evaluate(text, rows[cut:]))
