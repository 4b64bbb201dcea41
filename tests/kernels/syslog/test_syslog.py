"""Syslog lines: by hand, and against the slow reader on hostile input, whatever the blocks."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tools.cut_blocks import seen
from tools.syslog_twin import NAMES, read

from streamstat.input.events import decode_bytes, decoder_of, padded
from streamstat.input.formats.syslog import Syslog
from streamstat.values.columns import Need

# A line, and what it has of the names, in their order, as far as that is not null.
LINES = {
    "RFC 5424": (
        "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su 77 ID47 - \ufeff'su root' failed",
        "34 4 2|2003-10-11T22:14:15.003Z|mymachine.example.com|su|77|ID47|'su root' failed",
    ),
    "RFC 5424 with nothing but nils": ("<165>1 - - - - - -", "165 20 5||||||"),
    "RFC 5424 without a priority": (
        "1 2003-10-11T22:14:15Z h app - - - x",
        "  |2003-10-11T22:14:15Z|h|app|||x",
    ),
    "RFC 5424 with structured data": (
        '<1>1 - h a - - [x@1 k="v"][y] text',
        "1 0 1||h|a|||text",
    ),
    "RFC 3164": (
        "<13>Feb  5 17:32:18 10.0.0.99 su[230]: failed",
        "13 1 5|Feb  5 17:32:18|10.0.0.99|su|230||failed",
    ),
    "a file of rsyslog": (
        "Oct 11 22:14:15 host kernel: [1.5] up",
        "  |Oct 11 22:14:15|host|kernel|||[1.5] up",
    ),
    "a file of rsyslog with ISO times": (
        "2026-05-01T10:00:01.5+02:00 host postfix/smtpd[7]: x",
        "  |2026-05-01T10:00:01.5+02:00|host|postfix/smtpd|7||x",
    ),
    "no app": (
        "Oct 11 22:14:15 host last message repeated 2 times",
        "  |Oct 11 22:14:15|host||||last message repeated 2 times",
    ),
    "no host": ("<0>Oct 11 22:14:15 su: 'su root' failed", "0 0 0|Oct 11 22:14:15||su|||'su root' failed"),
    "no space behind the app": ("Oct 11 22:14:15 host cron[9]:x y", "  |Oct 11 22:14:15|host|cron|9||x y"),
    "words longer than are looked at at once": (
        f"Oct 11 22:14:15 {'h' * 80} {'a' * 130}[{'9' * 64}]: x y",
        f"  |Oct 11 22:14:15|{'h' * 80}|{'a' * 130}|{'9' * 64}||x y",
    ),
    "a host longer than are looked at at once": (
        f"<1>1 - {'h' * 63} {'a' * 64} {'p' * 65} - - m",
        f"1 0 1||{'h' * 63}|{'a' * 64}|{'p' * 65}||m",
    ),
    "no message": ("Oct 11 22:14:15 host", "  |Oct 11 22:14:15|host||||"),
}


@pytest.mark.parametrize("name", LINES)
def test_line_has_its_fields(name: str) -> None:
    line, expected = LINES[name]
    found = seen(line.encode(), Syslog(), NAMES)
    assert found.bad == []
    values = [str(value or "") for value in found.rows[0].values]
    assert " ".join(values[:3]) + "|" + "|".join(values[3:]) == expected


def test_structured_data_is_unescaped_by_its_names() -> None:
    line = rb'<1>1 - - - - - [x@1 k="a\"\\\]\n" k2=""][y k="]["] m'
    paths = ("sd.x@1.k", "sd.x@1.k2", "sd.y.k", "sd.y", "sd.x@1.k3", "sd", "message")
    assert seen(line, Syslog(), paths).rows[0].values == ('a"\\]\\n', "", "][", None, None, None, "m")


def test_numbers_are_numbers() -> None:
    events = decode_bytes(
        decoder_of(Syslog(), dict.fromkeys(NAMES[:3], Need.NUMBER)), b"<191>Oct 11 22:14:15 h a: x\n"
    )
    assert [events.numbers(name).tolist() for name in NAMES[:3]] == [[191], [23], [7]]


BAD = {
    b"<192>Oct 11 22:14:15 host a: x": "not a syslog line",
    b"<01>Oct 11 22:14:15 host a: x": "not a syslog line",
    b"<>Oct 11 22:14:15 host a: x": "not a syslog line",
    b"11 Oct 22:14:15 host a: x": "not a syslog line",
    b"Oct 11 22:14:15host a: x": "not a syslog line",
    b"<1>1 2003-10-11T22:14:15Z host app": "not a syslog line",
    b"<1>1 - - - - - ": "not a syslog line",
    b'<1>1 - - - - - [x k="v] m': "structured data without its end",
    b'<1>1 - - - - - [x k="v"]m': "structured data without its end",
    b"Oct 11 22:14:15 host a: \xff": "not UTF-8",
}


@pytest.mark.parametrize("line", BAD)
def test_other_lines_are_bad_and_harm_no_neighbour(line: bytes) -> None:
    good = b"Oct 11 22:14:15 host a: x\n"
    found = seen(good + line + b"\r\n" + good, Syslog(), ["app"])
    assert ([row.values for row in found.rows], [bad.values[2] for bad in found.bad]) == (
        [("a",)] * 2,
        [BAD[line]],
    )


def test_names_are_those_of_the_first_line_that_is_one() -> None:
    lines = b'x\n\n<1>1 - - - - - [x@1 k="v" j=""] m\n'
    assert decoder_of(Syslog(), {}).names(padded(lines)) == [*NAMES, "sd.x@1.k", "sd.x@1.j"]


PARTS = [
    *[
        b"<34>",
        b"<",
        b">",
        b"<999>",
        b"<00>",
        b"1 ",
        b"2003-10-11T22:14:15.003Z ",
        b"2003-10-11T22:14:15",
        b"- ",
        b"-",
    ],
    *[
        b"Oct 11 22:14:15 ",
        b"Oct  1 22:14:15",
        b"Oct 11 22:14:15.5 ",
        b"host ",
        b"app[1]: ",
        b"app: ",
        b"a[",
        b"]",
        b":",
    ],
    *[
        b'[x k="v"]',
        b'[x@1 k="a\\"" j="\\]"] ',
        b"[x",
        b' k="',
        b'"',
        b"\\",
        b"=",
        b"[]",
        b" ",
        b" ",
        b"\xef\xbb\xbf",
    ],
    *[b"l" * 61, b"l" * 67 + b" ", b"l" * 130],  # words are looked for in 64 bytes at once
    *[b"words", b"\xc3\xa9", b"\xff", b"\0", b"\t", b"\r", b"\n", b"\r\n", b"\n\0"],
]
HEADERS = st.sampled_from(
    [
        b"",
        b"<34>1 - h a 1 m ",
        b"1 2003-10-11T22:14:15Z h a - - [x ",
        b"Oct 11 22:14:15 ",
        b"<1>2003-10-11T22:14:15Z h ",
    ]
)
LINE = st.tuples(HEADERS, st.lists(st.sampled_from(PARTS), max_size=8)).map(
    lambda parts: parts[0] + b"".join(parts[1])
)
PATHS = (*NAMES, "sd.x.k", "sd.x@1.k", "sd.x@1.j")


@settings(max_examples=600, deadline=None)
@given(st.lists(LINE, max_size=4).map(b"\n".join))
@example("<34>1 - h a 1 m -\u00e9".encode())
def test_lines_are_those_of_the_slow_reader(data: bytes) -> None:
    whole = seen(data, Syslog(), PATHS)
    content = [
        line.lstrip(b"\0").removesuffix(b"\r") for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    ]
    fields = [read(line) for line in content if line.strip(b" \t\r")]
    expected = [
        tuple(None if found.get(path) is None else str(found[path]) for path in PATHS)
        for found in fields
        if found
    ]
    assert [row.values for row in whole.rows] == expected
    assert len(whole.bad) == fields.count(None)
    for block_bytes in (1, 7, 64):
        assert seen(data, Syslog(), PATHS, block_bytes) == whole
