"""What lines of a log_format become, and which texts are none."""

import re

import pytest
from tools.line_verdicts import faults, row_of

from streamstat.input.formats import FormatOptions
from streamstat.input.formats.log_format import LogFormat


@pytest.mark.parametrize(
    ("reason", "column", "line"),
    [
        ("other text than the format has here", 2, b"<(1) 2"),
        ("the line ends too early", 2, b"<"),
        ("what ends this field in the format is missing", 3, b"<[12"),
        ("what ends this field in the format is missing", 7, b'<[1] "ab'),
        ("text behind the last field", 9, b'<[1] "a" b'),
    ],
)
def test_a_bad_line_of_a_log_format_is_told(reason: str, column: int, line: bytes) -> None:
    assert faults(LogFormat('<[$a] "$b"'), line) == [(reason, column)]


@pytest.mark.parametrize(
    ("text", "line", "cells"),
    [
        ("$a", b"-", {"a": ("null", "")}),
        ("$a", b"a b", {"a": ("text", "a b")}),
        ("$a $b", b"1 2 3", {"a": ("number", "1"), "b": ("text", "2 3")}),
        ("$a $b", b" 2", {"a": ("null", ""), "b": ("number", "2")}),
        ("${a}ms", b"12ms", {"a": ("number", "12")}),
        ("$a.$b", b"12.34", {"a": ("number", "12"), "b": ("number", "34")}),
        ("${a}e$b", b"1.5e3", {"a": ("number", "1.5"), "b": ("number", "3")}),
        ("$a $a", b"1 2", {"a": ("number", "2")}),
        ("$path $request", b"x GET /p HTTP/1.1", {"path": ("text", "/p"), "a": None, "request": None}),
        ("$request|$path", b"GET /p HTTP/1.1|x", {"path": ("text", "x"), "method": ("text", "GET")}),
        ('"$a"', rb'"\x22\xff"', {"a": ("text", '"\ufffd')}),
        ("$msec", b"1760126136.123", {"msec": ("number", "1760126136.123")}),
        ("é$a\u20ac", "é7\u20ac".encode(), {"a": ("number", "7")}),
    ],
)
def test_what_a_field_of_a_log_format_becomes(
    text: str, line: bytes, cells: dict[str, tuple[str, str] | None]
) -> None:
    found = row_of(LogFormat(text), line, list(cells))
    assert {name: found.get(name) for name in cells} == cells


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("$a$b", "nothing tells where $a ends"),
        ("$a${b}", "nothing tells where $a ends"),
        ("plain", "has names in it"),
        ("$a $", "a name must follow each $"),
        ("$a ${b", "a name must follow each $"),
        ("$a\n$b", "leave out the line break"),
        ("$a\udcff$b", "in UTF-8"),
    ],
)
def test_a_log_format_that_cannot_be_read_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        LogFormat.asked(text, FormatOptions())
    with pytest.raises(ValueError, match=re.escape(says)):
        LogFormat.from_record({"text": text})
