"""Which names a log has, and which format its first record tells."""

import pytest
from tools.line_verdicts import names

from streamstat.input.formats import Format
from streamstat.input.formats.combined import Combined
from streamstat.input.formats.common import Common
from streamstat.input.formats.log_format import LogFormat
from streamstat.input.formats.logfmt import Logfmt

ACCESS = "host ident user time method path query protocol status bytes referer agent".split()
LINE = b'192.0.2.7 - ann [10/Oct/2025:13:55:36 -0700] "GET /a?x=1 HTTP/1.1" 200 2326'
TAIL = b' "http://h/start" "Mozilla/5.0 (X11)"'


@pytest.mark.parametrize(
    ("format", "data", "found"),
    [
        (Combined(), b"no\n\0\n\n" + LINE + TAIL, ACCESS),
        (Combined(), LINE, ACCESS[:-2]),
        (Combined(), b"no", []),
        (LogFormat("$a $request"), b"\n1 -\n", ["a", "method", "path", "query", "protocol"]),
        (LogFormat("[$a]"), b"\0\0", []),
        (Logfmt(), b"no\nb=1 a\nc=1\n", ["b", "a"]),
        (Logfmt(), b"a=1 =", []),
    ],
)
def test_the_names_of_the_first_record(format: Format, data: bytes, found: list[str]) -> None:
    assert names(format, data) == found


@pytest.mark.parametrize(
    ("kind", "line", "fits"),
    [
        (Combined, LINE, True),
        (Combined, LINE + TAIL + b" more", True),
        (Combined, b"vhost:80 " + LINE.replace(b"ann", b"-"), False),
        (Combined, b"", False),
        (Common, LINE, False),
        (LogFormat, LINE, False),
        (Logfmt, b"a=1 b=2 c", False),
        (Logfmt, b'a=1 b="x=1 y=2"', False),
        (Logfmt, b'a=1 b="x" c=', True),
        (Logfmt, b'a=1 b="x" c= d="', False),
    ],
)
def test_which_format_the_first_record_tells(kind: type[Format], line: bytes, fits: bool) -> None:
    assert (kind.fitting([line]) is not None) == fits
    assert kind.fitting([]) is None
