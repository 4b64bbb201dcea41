"""Expressions against a twin that goes row by row through Python's own values."""

import ast
import math
import re
import subprocess
import sys
from dataclasses import dataclass
from operator import add, mul, sub, truediv
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.batch import Kind, Need, Texts, Values
from streamstat.errors import UsageError
from streamstat.expressions import (
    Expression,
    compile_condition,
    compile_expression,
    compile_field_or_expression,
)


@dataclass(frozen=True)
class Odd:
    """A value Python has no own type for here: an object, or a number beyond double."""

    kind: Kind
    spelling: str


OBJECT = Odd(Kind.JSON, '{"a":1}')
HUGE = Odd(Kind.HUGE, "1e999")
Cell = None | bool | int | float | str | Odd
Row = dict[str, Cell]


def column(cells: list[Cell]) -> Values:
    kinds, numbers, spellings = [], [], []
    for cell in cells:
        kind, number, spelling = Kind.NULL, 0, ""
        match cell:
            case bool():
                kind = Kind.TRUE if cell else Kind.FALSE
            case int():
                kind, number, spelling = Kind.INTEGER, cell, str(cell)
            case float():
                kind, number, spelling = Kind.DOUBLE, int(np.float64(cell).view(np.int64)), repr(cell)
            case str():
                kind, spelling = Kind.TEXT, cell
            case Odd():
                kind, spelling = cell.kind, cell.spelling
        kinds.append(kind)
        numbers.append(number)
        spellings.append(spelling.encode())
    offsets = np.cumsum([0, *map(len, spellings)], dtype=np.int64)
    data = np.frombuffer(b"".join(spellings), np.uint8)
    return Values(np.array(kinds, np.uint8), np.array(numbers, np.int64), Texts(offsets, data))


def cells_of(values: Values) -> list[Cell]:
    cells: list[Cell] = []
    for i, kind in enumerate(values.kinds.tolist()):
        match Kind(kind):
            case Kind.NULL:
                cells.append(None)
            case Kind.FALSE | Kind.TRUE:
                cells.append(kind == Kind.TRUE)
            case Kind.INTEGER:
                cells.append(int(values.numbers[i]))
            case Kind.DOUBLE:
                cells.append(float(values.numbers.view(np.float64)[i]))
            case Kind.TEXT:
                assert values.texts is not None
                cells.append(values.texts[i].decode())
            case odd:
                assert values.texts is not None
                cells.append(Odd(odd, values.texts[i].decode()))
    return cells


def evaluate(text: str, rows: list[Row]) -> list[Cell]:
    expression = compile_expression(text, "--where")
    return cells_of(expression.evaluate(columns_of(expression, rows), len(rows)).values)


def columns_of(expression: Expression, rows: list[Row]) -> dict[str, Values]:
    return {path: column([row.get(path) for row in rows]) for path in expression.fields}


def one(text: str, **row: Cell) -> Cell:
    return evaluate(text, [row])[0]


# ---------------------------------------------------------------- by hand

BIG = 2**53 + 1
HAND = [
    ("x + 1", {"x": 2}, 3),
    ("x + 1", {"x": 2.5}, 3.5),
    ("x + 1", {"x": "2"}, None),
    ("x + 1", {"x": None}, None),
    ("x + 1", {"x": True}, 2),
    ("x + 1", {"x": HUGE}, None),
    ("x + 1", {"x": OBJECT}, None),
    ("x + x", {"x": "a"}, None),
    ("x + 1", {"x": 2**63 - 1}, 2.0**63),
    ("x - 1", {"x": -(2**63)}, -(2.0**63)),
    ("x * x", {"x": 3_037_000_500}, 9.223372037000250000e18),
    ("x * -1", {"x": -(2**63)}, 2.0**63),
    ("x * 1", {"x": -(2**63)}, -(2**63)),
    ("x * 2", {"x": -(2**62)}, -(2**63)),
    ("-x", {"x": -(2**63)}, 2.0**63),
    ("-x", {"x": 5}, -5),
    ("-9223372036854775808", {}, -(2**63)),
    ("9223372036854775808", {}, 2.0**63),
    ("x / 2", {"x": 4}, 2.0),
    ("x / y", {"x": 2**63 - 1, "y": 2**61 + 1}, (2**63 - 1) / (2**61 + 1)),
    ("x / y", {"x": 173069044958999029, "y": 28904648210475746}, 5.987585238843163),
    ("x / 0", {"x": 1}, None),
    ("x / y", {"x": 2**60, "y": 0}, None),
    ("x / 0.0", {"x": 0}, None),
    ("x * 10", {"x": 1e308}, None),
    ("latency_ms / 1000", {"latency_ms": 1500}, 1.5),
    ("2 + 3 * 4", {}, 14),
    ("x > 1", {"x": 2}, True),
    ("x > 1", {"x": "2"}, None),
    ("x > 1", {"x": True}, None),
    ("x > 1", {"x": HUGE}, None),
    ("x == y", {"x": BIG, "y": float(2**53)}, False),
    ("x > y", {"x": BIG, "y": float(2**53)}, True),
    ("y < x", {"x": BIG, "y": float(2**53)}, True),
    ("x < y", {"x": 2**63 - 1, "y": 2.0**63}, True),
    ("x == y", {"x": -(2**63), "y": -(2.0**63)}, True),
    ("x > y", {"x": -(2**63), "y": -1e300}, True),
    ("x < 2.5", {"x": 2}, True),
    ("x > -2.5", {"x": -2}, True),
    ("x == 1.0", {"x": 1}, True),
    ("x == 0", {"x": -0.0}, True),
    ("1 < x < 3", {"x": 2}, True),
    ("1 < x < 3", {"x": 3}, False),
    ("1 < x < y", {"x": 0, "y": None}, False),
    ("1 < x < y", {"x": 2, "y": None}, None),
    ('x == "a"', {"x": "a"}, True),
    ('x == "a"', {"x": "ab"}, False),
    ('x != "a"', {"x": "b"}, True),
    ('x != "a"', {"x": 1}, None),
    ('x == ""', {"x": ""}, True),
    ('x < "b"', {"x": "a"}, True),
    ('"Z" < x', {"x": "a"}, True),
    ("x < y", {"x": "\uffff", "y": "\U00010000"}, True),
    ("x == y", {"x": "한국", "y": "한국"}, True),
    ("x == y", {"x": OBJECT, "y": OBJECT}, None),
    ("x == true", {"x": True}, True),
    ("x == true", {"x": 1}, None),
    ("x < y", {"x": False, "y": True}, True),
    ("x == None", {"x": None}, None),
    ("x is None", {"x": None}, True),
    ("x is null", {}, True),
    ("x is not None", {"x": OBJECT}, True),
    ('x in ("KR", "JP")', {"x": "JP"}, True),
    ('x in ("KR", "JP")', {"x": 1}, False),
    ('x in ("KR", "JP")', {"x": None}, None),
    ('x not in ("KR", "JP")', {"x": "DE"}, True),
    ('x not in ("KR", "JP")', {"x": None}, None),
    ("x in (1, None)", {"x": 2}, None),
    ("x in (1, None)", {"x": 1}, True),
    ("x in [1, 2.0]", {"x": 2}, True),
    ("x in (9007199254740993, 2)", {"x": 2.0**53}, False),
    ("x in (9007199254740992, 1)", {"x": 2.0**53}, True),
    ("x in (-9223372036854775808, 1)", {"x": -(2.0**63)}, True),
    ("x in (9223372036854775807,)", {"x": 2.0**63}, False),
    ("x in (9223372036854775808, 2)", {"x": 2.0**63}, True),
    ("x in (1, 2)", {"x": True}, False),
    ("x in (1, 2)", {"x": "1"}, False),
    ("x in (1, 2)", {"x": 1.5}, False),
    ("x in (0, 1)", {"x": -0.0}, True),
    ('x in ("a", "b", "c", "d", "e")', {"x": "e"}, True),
    ('x in ("a", "b", "c", "d", "e")', {"x": "f"}, False),
    ('x in ("a", "b", "c", "d", "1")', {"x": 1}, False),
    ('x in ("a", "b", "c", "d", "1")', {"x": None}, None),
    ('"e" in ("a", "b", "c", "d", "e")', {}, True),
    ("x in ()", {"x": 2}, False),
    ("x in (y, z)", {"x": 2, "y": "a", "z": 2.0}, True),
    ("x and y", {"x": False, "y": None}, False),
    ("x and y", {"x": True, "y": None}, None),
    ("x or y", {"x": True, "y": None}, True),
    ("x or y", {"x": False, "y": None}, None),
    ("x or y", {"x": 1, "y": False}, None),
    ("not x", {"x": False}, True),
    ("not x", {"x": None}, None),
    ("not x", {"x": 0}, None),
    ('x.startswith("/api")', {"x": "/api/v1"}, True),
    ('x.startswith("/api")', {"x": "/ap"}, False),
    ('startswith(x, "")', {"x": ""}, True),
    ('x.startswith("1")', {"x": 12}, None),
    ('endswith(x, ".js")', {"x": "a.js"}, True),
    ('endswith(x, ".js")', {"x": "js"}, False),
    ('contains(x, "b.c")', {"x": "ab.cd"}, True),
    ('contains(x, "b.c")', {"x": "abxcd"}, False),
    ('contains(x, "")', {"x": ""}, True),
    ('matches(x, "v[0-9]+")', {"x": "/api/v12/x"}, True),
    ('matches(x, "^v[0-9]+$")', {"x": "/api/v12"}, False),
    (r'matches(x, "v\d")', {"x": "v1"}, True),
    ('matches(x, "1")', {"x": 1}, None),
    ("len(x)", {"x": "한국"}, 2),
    ("len(x)", {"x": ""}, 0),
    ("len(x)", {"x": 12}, None),
    ("lower(x)", {"x": "ÄB"}, "äb"),
    ("x.upper().lower()", {"x": "äb"}, "äb"),
    ("lower(x)", {"x": OBJECT}, None),
    ('lower(x) == "a"', {"x": "A"}, True),
    ("lower(x > 1)", {"x": 2}, None),
    ("len(lower(x)) + 1", {"x": "AB"}, 3),
    ('"a" < "b"', {}, True),
    ('x == "\\ud83d\\ude00"', {"x": "😀"}, True),
    ('x == "\\ud83d"', {"x": "\ufffd"}, True),
    ("x", {"x": OBJECT}, OBJECT),
    ("x # a remark", {"x": 1}, 1),
    ("0 * -1.0", {}, -0.0),
]


@pytest.mark.parametrize(("text", "row", "expected"), HAND)
def test_each_row_gives_what_the_contract_says(text: str, row: Row, expected: Cell) -> None:
    blocks: list[list[Row]] = [[row], [{}, row, {"x": 7}], [row] * 20]
    for rows in blocks:
        found = evaluate(text, rows)[rows.index(row)]
        assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("text", sorted({text for text, *_ in HAND}))
def test_no_rows_give_no_rows(text: str) -> None:
    assert evaluate(text, []) == []


def test_a_literal_fills_every_row() -> None:
    assert evaluate('"ab"', [{}, {}, {}]) == ["ab", "ab", "ab"]
    assert evaluate("null", [{}, {}]) == [None, None]


def test_paths_are_dotted_names_or_any_text() -> None:
    expression = compile_expression('user.address.city == field("response-time")', "--where")
    assert sorted(expression.fields) == ["response-time", "user.address.city"]
    assert compile_expression("a.b", "--by").field == "a.b"
    assert compile_expression('field("a b")', "--by").field == "a b"
    assert compile_expression("a + b", "--by").field is None


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("x", Need.NOTHING),
        ("x is None", Need.NOTHING),
        ("not x", Need.NOTHING),
        ("x == true", Need.NOTHING),
        ("x > 1", Need.NUMBER),
        ("1 < x < 3", Need.NUMBER),
        ("x / 2", Need.NUMBER),
        ("-x", Need.NUMBER),
        ('x == "a"', Need.TEXT),
        ('x in ("a", "b")', Need.TEXT),
        ('x in ("a", 1)', Need.TEXT | Need.NUMBER),
        ("len(x)", Need.TEXT),
        ('x.contains("a")', Need.TEXT),
        ("x == y", Need.TEXT | Need.NUMBER),
        ("x == lower(y)", Need.TEXT),
        ('x > 1 or x == "a"', Need.TEXT | Need.NUMBER),
    ],
)
def test_needs_say_what_the_decoder_must_keep(text: str, needs: Need) -> None:
    assert compile_expression(text, "--where").fields["x"] == needs


def test_without_texts_nothing_but_numbers_is_touched() -> None:
    numbers_only = Values(np.array([Kind.INTEGER, Kind.TEXT], np.uint8), np.array([5, 0]))
    expression = compile_expression("x > 1 and x + 1 > 2 and x in (5, 6) and x is not None", "--where")
    assert expression.condition({"x": numbers_only}, 2).tolist() == [True, False]


def test_wrong_types_under_arithmetic_are_told_by_field() -> None:
    cells: list[Cell] = [1, "1", None, True, OBJECT, HUGE, 2.5]
    found = compile_expression("x + y * 2 > 0 or lower(z) is None", "--agg").evaluate(
        {"x": column(cells), "y": column([1] * 7), "z": column(cells)}, 7
    )
    assert {path: mask.tolist() for path, mask in found.bad.items()} == {
        "x": [False, True, False, False, True, True, False],
        "y": [False] * 7,
    }


def test_a_condition_holds_only_where_true() -> None:
    x = column([True, False, None, 1, "true", OBJECT])
    assert compile_condition("x", "--where").condition({"x": x}, 6).tolist() == [True] + [False] * 5


# ---------------------------------------------------------------- refusals

REFUSED = [
    ("", "for example"),
    ("response-time > 5", 'field("response-time")'),
    ("a.response-time-ms + 1", 'field("a.response-time-ms")'),
    ("2 * response-time", 'field("response-time")'),
    ("response-time/1000", 'field("response-time")'),
    ("@timestamp", 'field("@timestamp")'),
    ("user.class", 'field("user.class")'),
    ("is-bot == true", 'field("is-bot")'),
    ("status = 500", "=="),
    ("a && b", "and"),
    ("!a", "not"),
    ("status >=", "for example"),
    ("x % 2", "+ - * /"),
    ("x // 2", "+ - * /"),
    ("x ** 2", "+ - * /"),
    ("x | y", "and or not"),
    ("~x", "and or not"),
    ("x if y else z", "there are"),
    ("lambda: x", "there are"),
    ("[x for x in y]", "there are"),
    ("(x := 1)", "there are"),
    ("f'{x}'", "there are"),
    ("x['a']", 'field("user.id")'),
    ("(1, 2)", "in"),
    ("x == (1, 2)", "in"),
    ('x in "KR"', "contains"),
    ("x in y", "contains"),
    ("x is 5", "=="),
    ("x is None is None", "and"),
    ("1j", "for example"),
    ("b'a'", "for example"),
    ("...", "for example"),
    ("1e400", "beyond double"),
    ("1" + "0" * 400, "beyond double"),
    ("9" * 5000, "no expression"),
    ("open('/etc/passwd')", "unknown function open"),
    ("x.__class__()", "unknown function __class__"),
    ('startwith(x, "a")', "did you mean startswith?"),
    ("x.field('a')", "unknown function field"),
    ("contains(x)", "for example contains(path"),
    ("contains(x, y)", "in quotes"),
    ("contains(x, 1)", "in quotes"),
    ("len(x, y)", "for example len"),
    ("len(*x)", "for example len"),
    ("len(x=1)", "for example len"),
    ("field(x)", "in quotes"),
    ("f(x)(y)", "there are"),
    ('matches(x, "(")', "RE2"),
    (r'matches(x, "(a)\\1")', "RE2"),
    ('matches(x, "((a{999}){999}){999}")', "RE2"),
    ("lower(x).y", "names and dots"),
    ("ﬁeld1 > 1", "spelt otherwise"),
    ("x; y", "for example"),
    ("x\ny", "for example"),
    ("x\0", "for example"),
    ("\ud800", "UTF-8"),
    ("a" * 500 + "-b", "response-time"),
    ('matches(x, "(' + "a" * 500 + '")', "RE2"),
]


@pytest.mark.parametrize(("text", "hint"), REFUSED)
def test_what_is_not_in_the_language_is_refused_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        compile_expression(text, "--where")
    message = str(refusal.value)
    assert message.startswith("--where: ") and hint in message
    assert "\n" not in message and len(message) < 400


@pytest.mark.parametrize(
    "text",
    [
        "(" * 60_000,
        "(" * 100 + "x" + ")" * 100,
        "-" * 60_000 + "1",
        "not " * 16_000 + "x",
        "a+" * 30_000 + "a",
        "a." * 30_000 + "a",
        "f(" * 30_000,
        "a<" * 30_000 + "a",
        "[" * 65_000,
        "lambda:" * 9_000 + "1",
        "'" * 65_001,
        "x" * 65_537,
        "한" * 30_000,
        "x" + " or x" * 70 + " < 1" * 70 + ")",
        "not " * 64 + "x",
    ],
)
def test_hostile_texts_end_in_one_line(text: str) -> None:
    try:
        compile_expression(text, "--where")
    except UsageError as refusal:
        assert "\n" not in str(refusal) and len(str(refusal)) < 400


def test_depth_is_bounded() -> None:
    assert compile_expression("not " * 63 + "x", "--where").fields == {"x": Need.NOTHING}
    with pytest.raises(UsageError, match="deeper than 64"):
        compile_expression("not " * 64 + "x", "--where")


@pytest.mark.parametrize("text", ["status + 1", '"abc"', "lower(x)", "5", "len(x)"])
def test_a_condition_that_can_never_be_true_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not true or false"):
        compile_condition(text, "--where")


@pytest.mark.parametrize("text", ["status", "not ok", "x is None", "true", "x and y"])
def test_a_condition_that_may_be_true_passes(text: str) -> None:
    assert compile_condition(text, "--where").text == text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("response-time", "response-time"),
        ("@timestamp", "@timestamp"),
        ("user.id", "user.id"),
        ("user.class", "user.class"),
        ("is-bot", "is-bot"),
        ("http-2", "http-2"),
        ("a:b", "a:b"),
        ("$schema", "$schema"),
        ("404", "404"),
        ("true", "true"),
        (' field("a b") ', "a b"),
        ("a/b", None),
        ("latency_ms/1000", None),
        ("a - b", None),
        ("-x", None),
        ("lower(x)", None),
    ],
)
def test_one_word_of_a_group_is_a_field(text: str, path: str | None) -> None:
    assert compile_field_or_expression(text, "--by").field == path


@pytest.mark.parametrize("text", ["user agent", "a-b/2", "", "a,b"])
def test_a_group_that_could_be_two_things_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--by: "):
        compile_field_or_expression(text, "--by")


def test_importing_it_loads_no_pyarrow() -> None:
    code = (
        "import sys, streamstat.expressions, streamstat.calls; print({'pyarrow', 'typer'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"set()\n"


# ---------------------------------------------------------------- the twin


def twin(tree: ast.expr, row: Row) -> Cell:
    match tree:
        case ast.Constant():
            return cast(Cell, tree.value)
        case ast.Name():
            return row.get(tree.id)
        case ast.UnaryOp(op=ast.Not()):
            value = twin(tree.operand, row)
            return not value if isinstance(value, bool) else None
        case ast.UnaryOp():
            return number_twin("*", -1, twin(tree.operand, row))
        case ast.BinOp():
            op = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}[type(tree.op)]
            return number_twin(op, twin(tree.left, row), twin(tree.right, row))
        case ast.BoolOp():
            parts = [twin(value, row) for value in tree.values]
            deciding = isinstance(tree.op, ast.Or)
            if any(part is deciding for part in parts):
                return deciding
            return (not deciding) if all(isinstance(part, bool) for part in parts) else None
        case ast.Compare():
            return compare_twin(tree, row)
        case ast.Call(func=ast.Name(id=name)):
            return text_twin(name, [twin(argument, row) for argument in tree.args])
    raise AssertionError(ast.dump(tree))


def number_twin(op: str, left: Cell, right: Cell) -> Cell:
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return None
    if op == "/" and not right:
        return None
    if not (isinstance(left, int) and isinstance(right, int)):
        left, right = float(left), float(right)
    result: float = {"+": add, "-": sub, "*": mul, "/": truediv}[op](left, right)
    if isinstance(result, int) and -(2**63) <= result < 2**63:
        return result
    return float(result) if math.isfinite(result) else None


def pair_twin(op: str, left: Cell, right: Cell) -> bool | None:
    def sort(value: Cell) -> str:
        return (
            "boolean" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "other"
        )

    if isinstance(left, str) and isinstance(right, str):
        order = (left.encode() > right.encode()) - (left.encode() < right.encode())
    elif sort(left) == sort(right) != "other":
        first, second = cast(float, left), cast(float, right)
        order = (first > second) - (first < second)
    else:
        return None
    return {
        "Eq": order == 0,
        "NotEq": order != 0,
        "Lt": order < 0,
        "LtE": order <= 0,
        "Gt": order > 0,
        "GtE": order >= 0,
    }[op]


def compare_twin(tree: ast.Compare, row: Row) -> Cell:
    left = twin(tree.left, row)
    if isinstance(tree.ops[0], ast.Is | ast.IsNot):
        return (left is None) == isinstance(tree.ops[0], ast.Is)
    if isinstance(tree.ops[0], ast.In | ast.NotIn):
        listed = tree.comparators[0]
        assert isinstance(listed, ast.Tuple)
        elements = [twin(element, row) for element in listed.elts]
        found: bool | None = any(pair_twin("Eq", left, element) for element in elements)
        if not found and (left is None or None in elements):
            return None
        return found == isinstance(tree.ops[0], ast.In)
    truths = []
    for op, comparator in zip(tree.ops, tree.comparators, strict=True):
        right = twin(comparator, row)
        truths.append(pair_twin(type(op).__name__, left, right))
        left = right
    return False if False in truths else None if None in truths else True


def text_twin(name: str, arguments: list[Cell]) -> Cell:
    subject, sought = arguments[0], arguments[-1]
    if not isinstance(subject, str):
        return None
    if len(arguments) == 1:
        return len(subject) if name == "len" else subject.lower() if name == "lower" else subject.upper()
    assert isinstance(sought, str)
    if name == "matches":
        return re.search(sought, subject) is not None
    return {
        "contains": sought in subject,
        "startswith": subject.startswith(sought),
        "endswith": subject.endswith(sought),
    }[name]


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


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text("ax1.-+*/<>=!()[]'\", \\fint", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for compile_text in (compile_expression, compile_field_or_expression):
        try:
            compile_text(text, "--by")
        except UsageError as refusal:
            assert "\n" not in str(refusal)
