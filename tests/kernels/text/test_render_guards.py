"""What the renderer keeps from terminals, from readers of UTF-8 and from spreadsheets."""

import csv
import io
import json

import pytest
from tools.cell_columns import array, as_csv, as_json, double, integer, text

from streamstat.values.columns import Kind


def test_ndjson_escapes_what_steers_a_terminal() -> None:
    hostile = text('a"\\\n\t\x00\x1b\x7f\x9b\u202e\u2066\u200f서')
    assert as_json(hostile).decode() == (
        '{"x":"a\\"\\\\\\n\\t\\u0000\\u001b\\u007f\\u009b\\u202e\\u2066\\u200f서"}\n'
    )
    assert as_json(array('{"\u202e":\t1}'.encode())) == b'{"x":{"\\u202e": 1}}\n'


def test_bytes_that_are_no_utf8_do_not_crash_and_do_not_pass() -> None:
    hostile = text(b"a\xff\xc3(\xed\xa0\x80\xe2\x82\xf5\xc0\xaf")
    replaced = json.loads(as_json(hostile))["x"]
    assert replaced == "a" + "\ufffd" * 2 + "(" + "\ufffd" * 8
    assert as_csv(hostile, terminal=True) == b"a\\xff\\xc3(\\xed\\xa0\\x80\\xe2\\x82\\xf5\\xc0\\xaf\n"


def test_terminal_shows_control_characters_as_escapes() -> None:
    hostile = "\x1b[2J\t\n\r\x00\x7f\x85\x9b\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u2028é서😀"
    assert as_csv(text(hostile), terminal=True).decode() == (
        "\\x1b[2J\\x09\\x0a\\x0d\\x00\\x7f\\x85\\x9b\\u202a\\u202e\\u2066\\u2069\\u200e\\u200f\\u061c\\u2028é서😀\n"
    )


FORMULAS = {
    "=1+1": True,
    "=": True,
    "+1+1": True,
    "-1+1": True,
    "@SUM(A1)": True,
    "@": True,
    "\t=1": True,
    "\tx": True,
    "\r=1": True,
    "\n=1": True,
    '=HYPERLINK("x")': True,
    "=cmd|' /C calc'!A0": True,
    "-2+3+cmd|' /C calc'!A0": True,
    "+82 10 1234": True,
    "--1": True,
    "-a": True,
    "+a": True,
    "-1,000": True,
    "-1e": True,
    "-.": True,
    "-1 ": True,
    " =1": True,
    "  @x": True,
    " -x": True,
    "\uff1d1": True,
    "\uff0b1": True,
    "\uff0d1": True,
    "\uff20x": True,
    "-": False,
    "+": False,
    "-12.5": False,
    "+12": False,
    "-.5": False,
    "-1e-5": False,
    "12": False,
    "": False,
    " ": False,
    "a=1": False,
    "'=1": False,
    '"=1"': False,
    "서울=": False,
}


@pytest.mark.parametrize("cell", FORMULAS)
def test_formula_guard_quotes_what_a_spreadsheet_would_run(cell: str) -> None:
    (read,) = csv.reader(io.StringIO(as_csv(text(cell), guard=True).decode(), newline=""))
    assert read == ["'" + cell if FORMULAS[cell] else cell]
    (untouched,) = csv.reader(io.StringIO(as_csv(text(cell)).decode(), newline=""))
    assert untouched == [cell]


def test_formula_guard_leaves_numbers_and_lists_alone() -> None:
    cells = [integer(-5), double(-0.5), double(-10.0, b"-1e1"), (Kind.HUGE, 0, b"-1e999"), array(b"[]")]
    assert as_csv(*cells, guard=True) == b"-5,-0.5,-1e1,-1e999,[]\n"
