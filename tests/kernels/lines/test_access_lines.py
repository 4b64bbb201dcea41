"""What access lines become, and what is said of those that are none."""

import pytest
from tools.line_verdicts import faults, row_of, verdicts

from streamstat.input.formats.combined import Combined
from streamstat.input.formats.common import Common

ACCESS = "host ident user time method path query protocol status bytes referer agent".split()
LINE = b'192.0.2.7 - ann [10/Oct/2025:13:55:36 -0700] "GET /a?x=1 HTTP/1.1" 200 2326'
TAIL = b' "http://h/start" "Mozilla/5.0 (X11)"'


def test_an_access_line_in_its_parts() -> None:
    assert row_of(Combined(), LINE + TAIL, ACCESS) == {
        "host": ("text", "192.0.2.7"),
        "ident": ("null", ""),
        "user": ("text", "ann"),
        "time": ("text", "10/Oct/2025:13:55:36 -0700"),
        "method": ("text", "GET"),
        "path": ("text", "/a"),
        "query": ("text", "x=1"),
        "protocol": ("text", "HTTP/1.1"),
        "status": ("number", "200"),
        "bytes": ("number", "2326"),
        "referer": ("text", "http://h/start"),
        "agent": ("text", "Mozilla/5.0 (X11)"),
    }


@pytest.mark.parametrize(
    "behind", [b"", b" ", b" 1532", b' 1532 "a"', TAIL, TAIL + b" 0.012 junk", TAIL + b'"']
)
def test_combined_ignores_what_is_behind(behind: bytes) -> None:
    found = row_of(Combined(), LINE + behind, ["bytes", "referer"])
    assert found["bytes"] == ("number", "2326")
    assert ("referer" in found) == behind.startswith(TAIL)


@pytest.mark.parametrize(
    ("old", "new", "name", "cell"),
    [
        (b"192.0.2.7", b"2001:db8::1", "host", ("text", "2001:db8::1")),
        (b"192.0.2.7", b"crawl.example.com", "host", ("text", "crawl.example.com")),
        (b"ann", b"Ann Smith x[y]", "user", ("text", "Ann Smith x[y]")),
        (b"ann", b"", "user", ("text", "")),
        (b"/a?", b"/\xc3\xa9\xff?", "path", ("text", "/\u00e9\ufffd")),
        (b"/a?", rb"/\xC3\xA9\x22\"\\\n?", "path", ("text", '/\u00e9""\\\\n')),
        (b"?x=1", b"?", "query", ("text", "")),
        (b"?x=1", b"", "query", ("null", "")),
        (b"?x=1", b"?a?b", "query", ("text", "a?b")),
        (b"?x=1", b"?-", "query", ("text", "-")),
        (b"/a?x=1", b"/a b c", "path", ("text", "/a b c")),
        (b"HTTP/1.1", b"HTTP/3", "protocol", ("text", "HTTP/3")),
        (b" 200 ", b" - ", "status", ("null", "")),
        (b" 2326", b" -", "bytes", ("null", "")),
        (b" 2326", b" 1.5", "bytes", ("number", "1.5")),
        (b" 2326", b" 1x", "bytes", ("text", "1x")),
        (b"http://h/start", b"-", "referer", ("null", "")),
        (b"http://h/start", b"", "referer", ("text", "")),
        (b"Mozilla/5.0 (X11)", rb"a \"b\" \\", "agent", ("text", 'a "b" \\')),
    ],
)
def test_what_a_part_of_an_access_line_becomes(
    old: bytes, new: bytes, name: str, cell: tuple[str, str]
) -> None:
    assert row_of(Combined(), (LINE + TAIL).replace(old, new, 1), [name])[name] == cell


@pytest.mark.parametrize(
    "request_line",
    [
        b"-",
        b"",
        rb"\x16\x03\x01\x02 \x00 a/1",
        b"\x16\x03\x01",
        b"GET /",
        b"HELP",
        b"GET  HTTP/1.1",
        b"GET /a b",
        b"/ / /1",
    ],
)
def test_a_request_that_is_none_has_no_parts_and_the_line_is_good(request_line: bytes) -> None:
    line = LINE.replace(b"GET /a?x=1 HTTP/1.1", request_line)
    parts = ["method", "path", "query", "protocol"]
    assert row_of(Combined(), line, parts) == dict.fromkeys(parts, ("null", ""))
    assert row_of(Combined(), line, ["status"]) == {"status": ("number", "200")}


@pytest.mark.parametrize(
    ("reason", "column", "line"),
    [
        ("the line ends too early", 15, b"192.0.2.7 - an"),
        ("expected a value", 1, b" - - [t] "),
        ("expected a value", 3, b"h  - [t]"),
        ("the line ends too early", 5, b"h - "),
        ("expected '[' before the time", 9, b'h - ann 10/Oct/2025:13:55:36 "GET / HTTP/1.1" 200 5'),
        (
            "expected '[' before the time",
            14,
            b'vhost:80 h - ann [t] "GET / HTTP/1.1" 200 5'.replace(b"h - ann", b"h - - x"),
        ),
        ("no ']' behind the time", 7, b'h - - [10/Oct/2025:13:55:36 "GET / HTTP/1.1" 200 5'),
        ("expected a space", 10, b'h - - [t]"GET / HTTP/1.1" 200 5'),
        ("expected a double quote", 11, b"h - - [t] GET / HTTP/1.1 200 5"),
        ("no closing quote", 11, b'h - - [t] "GET /a'),
        ("no closing quote", 11, b'h - - [t] "GET /a\\'),
        ("no closing quote", 11, 'h - - [t] "GET /\u00e9\\" HTTP/1.1 200 5'.encode()),
        ("expected a space", 27, b'h - - [t] "GET / HTTP/1.1"200 5'),
        ("the line ends too early", 27, b'h - - [t] "GET / HTTP/1.1"'),
        ("expected a value", 28, b'h - - [t] "GET / HTTP/1.1"  5'),
        ("the line ends too early", 31, b'h - - [t] "GET / HTTP/1.1" 200'),
        ("the line ends too early", 32, b'h - - [t] "GET / HTTP/1.1" 200 '),
        ("expected a value", 32, b'h - - [t] "GET / HTTP/1.1" 200  "-" "-"'),
        ("no closing quote", 34, b'h - - [t] "GET / HTTP/1.1" 200 5 "http://h'),
        ("the line ends too early", 37, b'h - - [t] "GET / HTTP/1.1" 200 5 "-"'),
        ("expected a double quote", 38, b'h - - [t] "GET / HTTP/1.1" 200 5 "-" curl/8'),
        ("no closing quote", 38, b'h - - [t] "GET / HTTP/1.1" 200 5 "-" "curl/8'),
    ],
)
def test_a_bad_access_line_is_told(reason: str, column: int, line: bytes) -> None:
    for end in (b"", b"\n", b"\r\n"):
        assert faults(Combined(), line + end) == [(reason, column)]


def test_common_lines_end_behind_the_bytes() -> None:
    assert verdicts(Common(), LINE, ["bytes", "referer"]) == [{"bytes": ("number", "2326")}]
    assert faults(Common(), LINE + TAIL) == [("text behind the last field", 76)]
