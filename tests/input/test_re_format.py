"""Lines in which a pattern is found: its groups against those of Python's re, where both mean the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import lines
from tools.line_verdicts import Verdict, faults, names, row_of, verdicts
from tools.log_twins import typed

from streamstat.input.events import decode_bytes, decoder_of, padded
from streamstat.input.formats import FormatOptions
from streamstat.input.formats.re import Re
from streamstat.kernels import DecodePool
from streamstat.values.columns import Need

PATTERNS = [
    r"^(?P<a>\S+) (?P<b>\w+)$",
    r"(?P<a>\d+)\.(?P<b>\d+)",
    r"(a|b)(?P<a>[^(]*)[(](?P<b>.)?",
    r"(?P<a>é+)|(?P<b>[[:digit:]]+)",
    r"(?P<a>)x(?P<b>.*)",
    r"(?i)(?P<a>A[]x]?)",
]
TEXTS = [
    b"a",
    b"b",
    b"x",
    b"12",
    b"0.5",
    b"3.25e1",
    b" ",
    b".",
    b"(",
    b"]",
    b"true",
    "é".encode(),
    b"\xff",
    b"\0",
    b"\r",
    b"\n",
]


def python_of(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("[[:digit:]]", "[0-9]"), re.ASCII)


def expected(pattern: str, line: bytes) -> Verdict:
    """What Python finds in a line."""
    if lines.is_blank(line):
        return "blank"
    try:
        found = python_of(pattern).search(line.removesuffix(b"\r").decode())
    except UnicodeDecodeError:
        return "bad"
    return {name: typed(text or "") for name, text in found.groupdict().items()} if found else "bad"


@given(st.sampled_from(PATTERNS), st.lists(st.sampled_from(TEXTS), max_size=24).map(b"".join))
def test_groups_are_those_that_python_finds(pattern: str, data: bytes) -> None:
    groups = list(python_of(pattern).groupindex)
    found = verdicts(Re(pattern), data, groups)
    assert found == [expected(pattern, line) for line in lines.split_lines(data)]
    assert [line for line in verdicts(Re(pattern), data, []) if line == "bad"] == [
        line for line in found if line == "bad"
    ]


def test_a_group_is_typed_and_one_that_took_no_part_is_null() -> None:
    row = row_of(
        Re(r"(?P<n>\d+\.\d)\d* (?P<word>\w+)(?P<rest> .*)?"), b">> 1.257 true", ["rest", "n", "word", "x"]
    )
    assert row == {"n": ("number", "1.2"), "word": ("true", ""), "rest": ("null", "")}


def test_a_time_in_a_group_ends_where_the_group_ends() -> None:
    events = decode_bytes(decoder_of(Re(r"(?P<t>\d+\.\d)"), {"t": Need.TIME}), b"1.257\n2.5e3\n")
    assert events.times("t")[0].tolist() == [1_200_000, 2_500_000]


def test_lines_are_searched_in_parts_that_show_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamstat.input.formats.re._LINES_AT_ONCE", 2)
    data = b"a=1\n\nno\n\0a=2\r\n\xff\na=3\na=4"
    one = {"a": ("number", "1")}, {"a": ("number", "2")}, {"a": ("number", "3")}, {"a": ("number", "4")}
    assert verdicts(Re("a=(?P<a>.)"), data, ["a"]) == [one[0], "blank", "bad", one[1], "bad", one[2], one[3]]
    assert faults(Re("a=(?P<a>.)"), data) == [("the pattern is not found", 1), ("not UTF-8", 1)]


@pytest.mark.parametrize("threads", [0, 2])
def test_a_block_is_decoded_when_its_result_is_asked_for(threads: int) -> None:
    decoding = decoder_of(Re("(?P<a>.)"), {"a": Need.NUMBER}).decode_ahead(
        DecodePool(threads), padded(b"7\n8\n")
    )
    assert decoding.result().numbers("a").tolist() == [7, 8]


def test_names_are_all_groups_of_a_line_that_matches() -> None:
    assert names(Re("(?P<b>x)|(?P<a>y)"), b"no\ny\n") == ["b", "a"]
    assert names(Re("(?P<b>x)"), b"no") == []


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"\d+", "no group has a name"),
        (r"(\d+)", "no group has a name"),
        ("", "no group has a name"),
        (r"(?P<a>\d+", "RE2 cannot read it: missing )"),
        (r"(?P<a>.)\1", "RE2 cannot read it: invalid escape sequence"),
        (r"(?P<a>.)(?P<a>.)", "two groups have the name a"),
        ("(?P<a>\udcff)", "in UTF-8"),
    ],
)
def test_a_pattern_that_tells_no_fields_is_refused(pattern: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        Re.asked(pattern, FormatOptions())
    with pytest.raises(ValueError, match=re.escape(says)):
        Re.from_record({"pattern": pattern})


def test_no_line_tells_a_pattern() -> None:
    assert Re.fitting([b"a=1"]) is None
