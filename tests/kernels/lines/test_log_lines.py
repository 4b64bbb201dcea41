"""Text logs against their plain twins, on lines that are right, nearly right and hostile."""

import re
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import lines
from tools import log_twins
from tools.line_verdicts import Row, Verdict, faults, verdicts

from streamstat.input.formats import Format
from streamstat.input.formats.combined import Combined
from streamstat.input.formats.common import Common
from streamstat.input.formats.log_format import LogFormat
from streamstat.input.formats.logfmt import Logfmt

Twin = Callable[[bytes], Row | None]
ACCESS = "host ident user time method path query protocol status bytes referer agent".split()
TEXT = '<$a> ${b}, $a."$request" $status-$c'
STEPS = [("a", "> "), ("b", ", "), ("a", '."'), ("request", '" '), ("status", "-"), ("c", "")]
WANTED = ["a", "b", "c", "method", "path", "query", "protocol", "status", "request", "d"]


def expected(twin: Twin, data: bytes, paths: Sequence[str]) -> list[Verdict]:
    """What the twin makes of each line."""
    found: list[Verdict] = []
    for line in lines.split_lines(data):
        row = None if lines.is_blank(line) else twin(line.removesuffix(b"\r"))
        if lines.is_blank(line):
            found.append("blank")
        else:
            found.append("bad" if row is None else {path: row[path] for path in paths if path in row})
    return found


VALUES = [
    b"-",
    b"",
    b"0",
    b"-1",
    b"200",
    b"1.50",
    b"1e3",
    b"01",
    b"18446744073709551616",
    b"true",
    b"false",
    b"null",
]
VALUES += [
    b"a",
    b"a b",
    b"\\x22",
    b"\\\\",
    b'\\"',
    b"\\x",
    b"\\xC3\\xA9",
    b"\xc3\xa9",
    b"\xff",
    b"\\xE2\\x82",
    b"\xed\xa0\x80",
]
VALUES += [
    b"\xf0\x9f\x98\x80",
    b"\xf0\x9f",
    b"::1",
    b"\\u00e9",
    b"\\n",
    b"\\ud83d",
    b"\0",
    b"\x01",
    b"x" * 40,
    b"q" * 15 + b'"',
]
VALUES += [b"2025-01-01T00:00:00Z", b"10/Oct/2025:13:55:36 -0700", b"1760126136.123"]
REQUESTS = [
    b"GET /a?x=1 HTTP/1.1",
    b"GET /a b HTTP/2.0",
    b"GET /",
    b"\\x16\\x03\\x01 \\x02 a/1",
    b"GET  HTTP/1.1",
    b"get ? X/1",
]
REQUESTS += [
    b"G@T /a HTTP/1.1",
    b"GET /\\xC3\\xA9?\\x22?b HTTP/1.1",
    b"PRI * HTTP/2.0",
    b"GET /a HTTP/1.1x",
    b"GET /a /1",
    b" a b/1",
]
MARKS = [b" ", b'"', b"[", b"]", b"=", b"\\", b"\t", b"\r", b"\n", b", ", b"> ", b"- [", b'" ', b'."', b"-"]
value = st.sampled_from(VALUES) | st.binary(max_size=6)
quoted = (value | st.sampled_from(REQUESTS)).map(lambda text: b'"' + text + b'"')


def spoilt(line: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Most lines as they are; others cut, with a byte more or one less, or with an end of their own."""
    place = st.integers(0, 200)
    cut = st.builds(lambda text, at: text[:at], line, place)
    more = st.builds(lambda text, at, mark: text[:at] + mark + text[at:], line, place, st.sampled_from(MARKS))
    less = st.builds(lambda text, at: text[:at] + text[at + 1 :], line, place)
    return (
        line
        | line.map(lambda text: text + b"\r")
        | cut
        | more
        | less
        | st.lists(st.sampled_from(MARKS) | value).map(b"".join)
    )


def joined(*parts: st.SearchStrategy[bytes] | bytes) -> st.SearchStrategy[bytes]:
    return st.tuples(*(st.just(part) if isinstance(part, bytes) else part for part in parts)).map(b"".join)


referer_and_agent = joined(b" ", quoted, b" ", quoted, st.sampled_from([b"", b" 0.1", b'"']))
behind = st.just(b"") | referer_and_agent | st.sampled_from([b" ", b" 7", b" -"])
request = quoted | st.sampled_from(REQUESTS).map(lambda text: b'"' + text + b'"')
access = joined(
    value, b" ", value, b" ", value, b" [", value, b"] ", request, b" ", value, b" ", value, behind
)
formatted = joined(b"<", value, b"> ", value, b", ", value, b".", request, b" ", value, b"-", value)
name = st.sampled_from([b"a", b"b", b"c", b"ab", b"d\xc3\xa9", b'"', b"x" * 70])
pair = name | joined(name, b"=", value | quoted)
pairs = st.lists(pair, max_size=5).map(b" ".join)
CASES: list[tuple[Format, Twin, st.SearchStrategy[bytes], list[str]]] = [
    (Combined(), log_twins.combined, spoilt(access), ACCESS),
    (Common(), log_twins.common, spoilt(access), ACCESS),
    (LogFormat(TEXT), partial(log_twins.log_format, head="<", steps=STEPS), spoilt(formatted), WANTED),
    (Logfmt(), log_twins.logfmt, spoilt(pairs), ["a", "b", "ab", "dé", "x" * 70, '"', ""]),
]
each_format = pytest.mark.parametrize(
    ("format", "twin", "line", "paths"), CASES, ids=lambda each: type(each).__name__
)


@each_format
@given(draw=st.data())
def test_lines_are_read_as_their_twin_reads_them(
    format: Format, twin: Twin, line: st.SearchStrategy[bytes], paths: list[str], draw: st.DataObject
) -> None:
    data = b"\n".join(draw.draw(st.lists(line, min_size=1, max_size=6)))
    assert verdicts(format, data, paths) == expected(twin, data, paths)


@each_format
@given(draw=st.data())
def test_nothing_depends_on_what_is_wanted_or_on_where_blocks_are_cut(
    format: Format, twin: Twin, line: st.SearchStrategy[bytes], paths: list[str], draw: st.DataObject
) -> None:
    data = b"\n".join(draw.draw(st.lists(line, min_size=1, max_size=6)))
    whole = verdicts(format, data, paths)
    apart = [each for part in re.findall(rb"[^\n]*\n|[^\n]+", data) for each in verdicts(format, part, paths)]
    assert faults(format, data) == faults(format, data, paths)
    assert [each for each in whole if each != "blank"] == [each for each in apart if each != "blank"]


@pytest.mark.parametrize("agent", [b'"', b'"x\\"', b'"x', b"x"])
def test_an_agent_without_its_end_is_bad_whether_it_is_wanted_or_not(agent: bytes) -> None:
    line = b'h - - [t] "GET / HTTP/1.1" 200 1 "-" ' + agent
    for paths in (["host"], ["host", "agent"]):
        assert verdicts(Combined(), line, paths) == ["bad"]
