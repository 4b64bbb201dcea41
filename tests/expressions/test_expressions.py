"""Expressions by hand: what each row gives, what the decoder must keep, what is told of wrong types."""

import subprocess
import sys

import numpy as np
import pytest
from tools.expression_rows import HUGE, OBJECT, Cell, Row, column, evaluate

from streamstat.expressions import compile_condition, compile_expression
from streamstat.values.columns import Kind, Need, Values

BIG = 2**53 + 1
HAND = [
    ("x + 1", {"x": 2}, 3),
    ("x + 1", {"x": 2.5}, 3.5),
    ("x + 1", {"x": "2"}, None),
    ("x + 1", {"x": None}, None),
    ("x + 1", {"x": True}, 2),
    ("x + 1", {"x": HUGE}, None),
    ("x + 1", {"x": OBJECT}, None),
    ("x + x", {"x": "a"}, "aa"),
    ("x + 1", {"x": 2**63 - 1}, 2.0**63),
    ("x - 1", {"x": -(2**63)}, -(2.0**63)),
    ("x * x", {"x": 3_037_000_500}, 9.223372037000250000e18),
    ("x * -1", {"x": -(2**63)}, 2.0**63),
    ("x * 1", {"x": -(2**63)}, -(2**63)),
    ("x * 2", {"x": -(2**62)}, -(2**63)),
    ("-x", {"x": -(2**63)}, 2.0**63),
    ("-x", {"x": 5}, -5),
    ("-9223372036854775808", {}, -(2**63)),
    ("9223372036854775808", {}, 2**63),
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
    ("x in (None,)", {"x": None}, None),
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
    ("tags[0]", {"tags[0]": 7}, 7),
    ("a.tags[ -1 ].b + 1", {"a.tags[-1].b": 7}, 8),
    ("tags[0][1]", {"tags[0][1]": "x"}, "x"),
    ("x in (2)", {"x": 2}, True),
    ('x in ("KR")', {"x": "JP"}, False),
    ("x in ( y )", {"x": 2, "y": 2}, True),
    ("x in ((2))", {"x": 2}, True),
    ("x not in (2)", {"x": 3}, True),
    ("x == 15878708649682983132", {"x": 15878708649682983132}, True),
    ("x == 15878708649682983132", {"x": 15878708649682983133}, False),
    ("x != 15878708649682983132", {"x": 15878708649682983133}, True),
    ("x < 15878708649682983133", {"x": 15878708649682983132}, True),
    ("x > -9223372036854775809", {"x": -(2**63)}, True),
    ("x < y", {"x": -(2**63) - 1, "y": -(2**63)}, True),
    ("x in (15878708649682983132, 1)", {"x": 15878708649682983133}, False),
    ("x in (-9223372036854775808,)", {"x": -(2**63) - 1}, False),
    ("x in (18446744073709551616,)", {"x": 2.0**64}, True),
    ("x * 1.0 in (18446744073709551616, 5)", {"x": 2**64}, True),
    ("x > 15878708649682983000.0", {"x": 15878708649682982913}, True),
    ("number(x) == 15878708649682983132", {"x": "15878708649682983132"}, True),
    ("number(x) == 15878708649682983132", {"x": "15878708649682983133"}, False),
    ("coalesce(y, x) == 15878708649682983133", {"x": 15878708649682983133}, True),
    ("x + y", {"x": "a", "y": None}, None),
    ("x + y", {"x": "a", "y": 1}, None),
    ('x + "-" + y', {"x": "é", "y": "한"}, "é-한"),
    ('"v" + text(x)', {"x": 12}, "v12"),
    ("1 if x else 2", {"x": None}, 2),
    ("1 if x else 2", {"x": 1}, 2),
    ('"a" if x > 1 else None', {"x": 1}, None),
    ("coalesce(x, y, 0)", {"y": False}, False),
    ("x // 2", {"x": -7}, -4),
    ("x % -2", {"x": 7}, -1),
    ("x // 0", {"x": 7}, None),
    ("x % 0.0", {"x": 7}, None),
    ("x // y", {"x": 1e308, "y": 1e-308}, None),
    (r'extract(x, "\bv(\d+)")', {"x": "a v12"}, "12"),
    (r'extract(x, "\\bv(\\d+)")', {"x": "a v12"}, "12"),
    (r'extract(x, r"\bv(\d+)")', {"x": "a v12"}, "12"),
    (r'replace(x, "(a)(b)", "\2\1")', {"x": "ab-ab"}, "ba-ba"),
    (r'replace(x, "a", "<\0>")', {"x": "aba"}, "<a>b<a>"),
    ('extract(x, "^b|c$")', {"x": "abc"}, "c"),
    ('extract(x, "a.b")', {"x": "a\nb"}, None),
    ('extract(x, "a(z)?")', {"x": "a"}, ""),
    ('extract(x, "(?i)B")', {"x": "ab"}, "b"),
    ('split(x, "XX", -1)', {"x": "aXXXb"}, "Xb"),
    ("event_time", {}, None),
    ("hour(x)", {"x": 1}, None),
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
        ("x > 9223372036854775807", Need.NUMBER),
        ("x > 9223372036854775808", Need.NUMBER | Need.TEXT),
        ("x > 1e19", Need.NUMBER | Need.TEXT),
        ("x > y + 1", Need.NUMBER | Need.TEXT),
        ("x in (9223372036854775808, 1)", Need.NUMBER | Need.TEXT),
        ("x + 1", Need.NUMBER),
        ("x + y", Need.NUMBER | Need.TEXT),
        ('x + "a"', Need.TEXT),
        ("x % y", Need.NUMBER),
        ("abs(x)", Need.NUMBER),
        ("number(x)", Need.NUMBER | Need.TEXT),
        ("hour(x)", Need.TIME),
        ("hour(coalesce(x, y))", Need.NUMBER | Need.TEXT),
        ("coalesce(x, 0) > 5", Need.NUMBER | Need.TEXT),
        ("1 if x > 2 else 0", Need.NUMBER),
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


def test_values_that_are_not_read_are_told_by_call() -> None:
    cells: list[Cell] = [1, "1", "one", None, True, OBJECT, HUGE]
    text = '(duration(x) if y == "d" else 0) > 1 or number(x) + 1 > 9 or size( lower(x) ) is None or number(x) > 0'
    found = compile_expression(text, "--agg").evaluate({"x": column(cells), "y": column(["d", *"nnnnnn"])}, 7)
    assert {call: mask.tolist() for call, mask in found.unread.items()} == {
        "number(x)": [False, False, True, False, False, True, True],
        "size( lower(x) )": [False, False, True, False, False, False, False],
        "duration(x)": [True, False, False, False, False, False, False],
    }


def test_a_literal_that_is_not_read_is_told_in_every_row() -> None:
    found = compile_expression('number("x")', "--agg").evaluate({}, 2)
    assert {call: mask.tolist() for call, mask in found.unread.items()} == {'number("x")': [True, True]}


def test_texts_joined_are_no_wrong_operands() -> None:
    x, y = column(["a", "a", 1]), column(["b", 1, "b"])
    found = compile_expression("x + y", "--agg").evaluate({"x": x, "y": y}, 3)
    assert {path: mask.tolist() for path, mask in found.bad.items()} == {
        "x": [False, True, False],
        "y": [False, False, True],
    }


def test_a_condition_holds_only_where_true() -> None:
    x = column([True, False, None, 1, "true", OBJECT])
    assert compile_condition("x", "--where").condition({"x": x}, 6).tolist() == [True] + [False] * 5


def test_importing_it_loads_no_pyarrow() -> None:
    code = "import sys, streamstat.expressions, streamstat.plan.calls; print({'pyarrow', 'typer'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"set()\n"
