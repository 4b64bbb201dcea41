"""What pairs of key=value become, and what is said of lines that have none."""

import pytest
from tools.line_verdicts import faults, row_of

from streamstat.input.formats.logfmt import Logfmt


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        (
            rb'msg="took \"long\" \u00e9\t\ud83d" a=1',
            {"msg": ("text", 'took "long" \u00e9\t\ufffd'), "a": ("number", "1")},
        ),
        (b"a= b", {"a": ("null", ""), "b": ("true", "")}),
        (b'a="" b="7"', {"a": ("text", ""), "b": ("text", "7")}),
        (
            b"a=true b=false c=null d=01",
            {"a": ("true", ""), "b": ("false", ""), "c": ("text", "null"), "d": ("text", "01")},
        ),
        (b"a=1 a a=2", {"a": ("number", "2")}),
        (b"a=2 a", {"a": ("true", "")}),
        (b"url=http://h/?a=b&c=d", {"url": ("text", "http://h/?a=b&c=d"), "a": None}),
        (b'a=x"y"', {"a": ("text", 'x"y"')}),
        (b"\ta=1\t\tb=-1.5e3 ", {"a": ("number", "1"), "b": ("number", "-1.5e3")}),
        (b'a.b="x\ty"', {"a.b": ("text", "x\ty"), "a": None}),
    ],
)
def test_what_a_pair_becomes(line: bytes, cells: dict[str, tuple[str, str] | None]) -> None:
    found = row_of(Logfmt(), line, list(cells))
    assert {name: found.get(name) for name in cells} == cells


@pytest.mark.parametrize(
    ("reason", "column", "line"),
    [
        ("no key=value in the line", 1, b"plain words"),
        ("no name before '='", 5, b"a=1 =2"),
        ("no closing quote", 7, b'a=1 b="x'),
        ("no closing quote", 7, b'a=1 b="x\\"'),
        ("text behind a closing quote", 10, b'a=1 b="x"y'),
        ("not a JSON escape", 5, rb'a="x\x41"'),
        ("not UTF-8", 6, 'a="\u00e9'.encode() + b'x\xff"'),
    ],
)
def test_a_bad_line_of_logfmt_is_told(reason: str, column: int, line: bytes) -> None:
    assert faults(Logfmt(), line + b"\r\n") == [(reason, column)]
